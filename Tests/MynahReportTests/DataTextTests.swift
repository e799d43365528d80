import Foundation
import MynahData
import MynahReport
import MynahTraining
import Testing

/// What is said of a folder of recordings, as text for a terminal.
@Suite struct DataTextTests {
    @Test func aSummaryIsATableAndItsFacts() throws {
        let summary = try JSONDecoder().decode(
            DataSummary.self,
            from: Data(
                """
                {"labels": [{"label": "_silence_", "clips": {"training": 0, "validation": 0, "testing": 0}},
                {"label": "ye\\ns", "clips": {"training": 180, "validation": 22, "testing": 11}}],
                "speakers": {"training": 60, "validation": 8, "testing": 4}, "clipsWithoutSpeaker": 0,
                "durations": {"clipCount": 213, "total": 21.7, "minimum": 0.1, "median": 0.1, "maximum": 0.5},
                "noiseRecordingCount": 1, "noiseSeconds": 600, "negativeRecordingCount": 2,
                "negativeSeconds": 7200, "unreadable": [{"name": "b\\u001b.wav", "reason": "is not audio"}],
                "ignored": {"hidden": 1, "other": 2, "folders": 0}, "notes": ["look here"], "dataHash": "ff"}
                """.utf8))
        #expect(
            summary.text() == """
                label      training  validation  testing
                _silence_     noise       noise    noise
                ye\\ns           180          22       11
                clips           180          22       11
                speakers         60           8        4
                decoded 213 clips, 21.7 s: shortest 0.10 s, median 0.10 s, longest 0.50 s
                background noise: 1 recording, 10.0 min
                without commands: 2 recordings, 2.0 h
                passed over: 1 hidden, 2 other files, 0 inner folders
                note: look here
                unreadable: b\\u{1B}.wav (is not audio)
                data hash ff

                """)
    }

    @Test func aDoctorNamesTheFirstFewOfEachKind() throws {
        let report = try JSONDecoder().decode(
            DoctorReport.self,
            from: Data(
                """
                {"schemaVersion": 1, "folder": "words", "clipCount": 1, "readableCount": 1,
                "settings": \(try settings()), "labels": [
                {"label": "yes", "clips": {"training": 10, "validation": 1, "testing": 1}, "isRare": false},
                {"label": "no", "clips": {"training": 2, "validation": 1, "testing": 1}, "isRare": true}],
                "speakers": {"count": 3, "clipsWithoutSpeaker": 0, "crossing": ["ann"]},
                "noise": [{"recording": "_background_noise_/hum.wav", "seconds": 12.34, "decibels": -33.3},
                {"recording": "_background_noise_/b.wav", "reason": "is empty"}],
                "findings": [
                {"kind": "clipped", "clip": "yes/a.wav", "split": "training", "detail": "9 samples at full scale"},
                {"kind": "clipped", "clip": "yes/b.wav", "split": "training", "detail": "8 samples at full scale"}],
                "duplicates": [{"clips": [{"clip": "yes/a.wav", "split": "training"},
                {"clip": "no/a.wav", "split": "training"}], "crossesSplits": false, "crossesLabels": true}],
                "crossValidation": {"foldCount": 4, "clipCount": 2000, "correct": 1500, "doubts": [
                {"clip": "yes/c.wav", "split": "training", "label": "yes", "probability": 0.01, "heard": "no",
                "heardProbability": 0.987}]}, "notes": []}
                """.utf8))
        let text = report.text(limit: 1)
        for part in [
            "words: 1 clip of 2 labels, 3 speakers\n", "training clips of a label: 2 to 10\n",
            "rare labels: no (2)\n", "speakers in several splits: ann\n",
            "noise: _background_noise_/hum.wav  12.3 s, -33 dB\n",
            "noise: _background_noise_/b.wav unreadable (is empty)\n",
            "clipped: 2\n  yes/a.wav  9 samples at full scale\n  … and 1 more\n", "empty: none\n",
            "same sound, several labels: 1\n  yes/a.wav  no/a.wav\n",
            "cross-validation in 4 folds: 75.0 % of the labels confirmed (1,500 of 2,000)\n",
            "  yes/c.wav  sounds like no (98.7 %)\n",
        ] {
            #expect(text.contains(part), "\(part) is missing in\n\(text)")
        }
    }

    private func settings() throws -> String {
        String(decoding: try JSONEncoder().encode(DoctorSettings()), as: UTF8.self)
    }
}
