import CoreMetrics
import Logging
import Synchronization
import Testing

@testable import MynahServer

/// What a server says of itself.
struct ObservingTests {
    @Test func metricsInTheFormatOfPrometheus() {
        let registry = MetricsRegistry()
        registry.describe("words_total", as: "Words.")
        Counter(
            label: "words_total", dimensions: [("word", "a\"b\\c\nd"), ("model", "m")], factory: registry
        )
        .increment(by: 2)
        Counter(
            label: "words_total", dimensions: [("model", "m"), ("word", "a\"b\\c\nd")], factory: registry
        )
        .increment()
        Meter(label: "open.things", factory: registry).set(1.5)
        let timer = Timer(label: "work_seconds", factory: registry)
        for milliseconds in [0, 1, 30, 20_000] as [Int64] {
            timer.recordNanoseconds(milliseconds * 1_000_000)
        }
        let lines = registry.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("# HELP words_total Words."))
        #expect(lines.contains("# TYPE words_total counter"))
        #expect(lines.contains(#"words_total{model="m",word="a\"b\\c\\nd"} 3.0"#))
        #expect(lines.contains("# TYPE open_things gauge") && lines.contains("open_things 1.5"))
        #expect(lines.contains("work_seconds_bucket{le=\"1e-05\"} 1"))
        #expect(lines.contains("work_seconds_bucket{le=\"0.001\"} 2"))
        #expect(lines.contains("work_seconds_bucket{le=\"10.0\"} 3"))
        #expect(lines.contains("work_seconds_bucket{le=\"+Inf\"} 4"))
        #expect(lines.contains("work_seconds_count 4"))
    }

    @Test func wordsAndSecondsAreCounted() throws {
        let server = try TestServer()
        let sample = try readFile(Talk.sample("yes-espeak-us.wav"))
        _ = try server.http().request("POST", "/v1/detect", body: sample)
        #expect(server.metric("mynah_detections_total{model=\"commands\",word=\"yes\"}") == 1)
        #expect((server.metric("mynah_audio_seconds_total") ?? 0) > 0.9)
        #expect(server.metric("mynah_requests_total{route=\"/v1/detect\",status=\"200\"}") == 1)
        #expect(
            try server.http().request("GET", "/metrics").text.contains(
                "# TYPE mynah_frame_processing_seconds histogram"))
    }

    @Test func logLines() {
        let lines = Mutex<[String]>([])
        for form in LineLogHandler.Form.allCases {
            var logger = Logger(label: "test") { _ in
                LineLogHandler(form, level: .info, write: { line in lines.withLock { $0.append(line) } })
            }
            logger[metadataKey: "stream"] = "5"
            logger.debug("nobody sees this")
            logger.notice("two\nlines", metadata: ["file": "a\u{1b}[31mb"])
        }
        let written = lines.withLock { $0 }
        #expect(written.count == 2)
        #expect(written[0] == "mynah-server: notice: two\\nlines  file=a\\u{1B}[31mb  stream=5\n")
        #expect(
            written[1].wholeMatch(
                of:
                    /\{"file":"a\\u001[bB]\[31mb","level":"notice","message":"two\\nlines","stream":"5","time":"20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z"\}\n/
            ) != nil, "\(written[1])")
    }
}
