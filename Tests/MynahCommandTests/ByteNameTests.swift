import Foundation
import MynahTestSupport
import Testing

/// Names that are not UTF-8, as an old disk in Latin-1 has them: a path is bytes, and a name is told as `gr\xFCn`.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ByteNameTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// Runs lines of the shell in which `$n` is a name in Latin-1.
    private func run(_ lines: String) throws -> Outcome {
        let outcome = try shell(
            "set -e; n=$(printf 'gr\\374n'); mynah() { \"$MYNAH\" \"$@\"; }\n" + lines,
            environment: ["MODEL": words.model, "SET": words.set, "CLIP": words.clip(.rising)],
            folder: folder.path)
        // Bytes that are no UTF-8 would have been read as this.
        #expect(!outcome.output.contains("\u{fffd}"), "\(outcome.output)")
        #expect(!outcome.errors.contains("\u{fffd}"), "\(outcome.errors)")
        return outcome
    }

    @Test func recognize() throws {
        let outcome = try run(
            """
            mkdir "$n"
            cp "$CLIP" "$n/$n.wav"
            mynah recognize --model "$MODEL" "$n/$n.wav" "$n" "gr*/*.wav" "$PWD/$n/$n.wav"
            cp "$MODEL" "$n/model"
            cd "$n"
            mynah recognize --model "../$n/model" --early 0.9 "$n.wav" "$PWD"
            mynah listen --model model "$n.wav" --threshold 0.01
            mynah explain --model model "$n.wav" --output "$n.html"
            """)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let lines = outcome.outputLines
        #expect(lines.count { $0.contains(#"gr\xFCn.wav: rising"#) } == 6, "\(outcome.output)")
        #expect(lines.first?.hasPrefix(#"gr\xFCn/gr\xFCn.wav: rising"#) == true)
        #expect(outcome.errors.contains(#"gr\xFCn.html: rising"#))
    }

    @Test func errorsNameTheFile() throws {
        for (line, status, message) in [
            (#"mynah recognize "$n.wav""#, 1, #"mynah: gr\xFCn.wav: no such file"#),
            (#"mynah recognize --model "$n" "$CLIP""#, 1, #"mynah: gr\xFCn: no such file"#),
            (#"mynah train "$n" --output m"#, 1, #"mynah: gr\xFCn: no such folder"#),
            (#"mynah evaluate "$n""#, 1, #"mynah: gr\xFCn: no such folder"#),
            (#"mynah features "$CLIP" --output "$n/o""#, 1, #"the folder gr\xFCn does not exist"#),
            (#"mynah "$n""#, 64, #"gr\xFCn"#),
            (#"mynah recognize a.wav "--$n""#, 64, #"gr\xFCn"#),
        ] {
            let outcome = try run(line)
            #expect(outcome.ending == .status(status), "\(line): \(outcome.errors)")
            #expect(outcome.errors.contains(message), "\(line): \(outcome.errors)")
        }
    }

    /// A name in JSON: UTF-8, with a private scalar for each byte, which gives back the byte.
    @Test func json() throws {
        let outcome = try run(#"cp "$CLIP" "$n.wav"; mynah recognize --json --model "$MODEL" "$n.wav""#)
        #expect(outcome.output.contains(#""file":"gr\udbff\udefcn.wav""#), "\(outcome.output)")
        let line = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(line["file"] as? String == "gr\u{10fefc}n.wav")
    }

    @Test func featuresAndAugment() throws {
        let outcome = try run(
            """
            cp "$CLIP" "$n.wav"
            mynah features "$n.wav" --output "$n.csv" --plot "$n.svg"
            mynah augment "$n.wav" --output "$n" --count 2
            test -s "$n.csv" && test -s "$n.svg" && test -s "$n/$n-1.wav" && test -s "$n/$n-2.wav"
            mynah recognize --model "$MODEL" - < "$n.wav" > /dev/null
            cat "$n.wav" | TMPDIR="$PWD/$n" "$MYNAH" recognize --model "$MODEL" - > /dev/null
            cat "$n.svg"
            """)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(
            outcome.outputLines.first?.hasPrefix(#"gr\xFCn/gr\xFCn-1.wav: "#) == true, "\(outcome.output)")
        #expect(outcome.output.contains(#"gr\xFCn.wav, front end"#))
    }

    /// Word, speaker, folder above, model, list and run folder: nothing is dropped, and all is found again.
    @Test func trainAndEvaluate() throws {
        let training = try run(
            """
            mkdir -p "$n/set"
            cd "$n"
            cp -r "$SET/rising" "set/$n"
            cp -r "$SET/falling" "$SET/_background_noise_" set
            for file in set/falling/mynah1?_*; do mv "$file" "set/falling/$n${file##*/}"; done
            mynah train set --output "$n.safetensors" --layers 4 --epochs 1
            mynah train set --run "$n.run" --layers 4 --epochs 1 --exclude /dev/null
            """.replacing(" --exclude /dev/null", with: ""))
        #expect(training.ending == .status(0), "\(training.errors)")
        #expect(training.errors.contains(#"Kept gr\xFCn.safetensors"#), "\(training.errors)")
        #expect(training.errors.contains("Reading 128 clips"), "\(training.errors)")
        let outcome = try run(
            """
            cd "$n"
            mynah evaluate set --model "$n.safetensors" --html "$n.html"
            mynah train --resume "$n.run"
            cp "set/$n/mynah0_nohash_0.wav" "set/$n/${n}0_nohash_0.wav"
            mynah doctor set --exclusions "$n.txt"
            mynah train set --exclude "$n.txt" --output again --layers 4 --epochs 1
            mynah recognize --model again --top 4 "set/$n/${n}0_nohash_0.wav"
            mynah inspect again
            cat "$n.html"
            LC_ALL=C grep -q "^$n/" "$n.txt"
            """)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.errors.contains("1 training clip left out"), "\(outcome.errors)")
        #expect(outcome.output.contains(#"gr\xFCn/gr\xFCn"#))
        #expect(outcome.output.contains(#"labels      falling gr\xFCn"#), "\(outcome.output)")
        // What the model keeps of the command line is a line that a shell takes.
        #expect(outcome.output.contains(#"--exclude $'gr\xFCn.txt'"#))
        // The page plays the clips that it names.
        #expect(outcome.output.contains("<audio") == outcome.output.contains("set/gr%FCn/"))
    }

    @Test func commandsOfListen() throws {
        let outcome = try run(
            """
            mkdir "$n"
            printf '#!/bin/sh\\nprintf %%s "$0 $1 $NAME" > heard\\n' > "$n/run"
            chmod +x "$n/run"
            cp "$CLIP" "$n.wav"
            NAME="$n" "$MYNAH" listen --model "$MODEL" "$n.wav" --threshold 0.01 --on "rising=$n/run $n"
            test "$(cat heard)" = "$n/run $n $n"
            """)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
    }
}
