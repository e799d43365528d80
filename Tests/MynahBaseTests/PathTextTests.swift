import Glibc
import MynahBase
import Testing

/// Bytes that ought to be UTF-8, as text and back.
struct PathTextTests {
    @Test func validNamesStayAsTheyAre() {
        for name in ["", "yes.wav", "grün", "gru\u{308}n", "/ 日本/🦜", "a\n\u{10fffd}\u{0}b"] {
            let text = String(path: Array(name.utf8))
            #expect(text.unicodeScalars.elementsEqual(name.unicodeScalars))
            #expect(!text.hasUndecodedBytes)
            #expect(text.pathBytes == Array(name.utf8))
            #expect(text.escapingUndecodedBytes == name)
        }
    }

    @Test func bytesOutsideUTF8AreKept() {
        let name: [UInt8] = [0x67, 0x72, 0xfc, 0x6e]
        let text = String(path: name)
        #expect(text == "gr\u{10fefc}n")
        #expect(text.pathBytes == name)
        #expect(text.printable == #"gr\xFCn"#)
        #expect(text.quoted == #"'gr\xFCn'"#)
        #expect(text.escapingUndecodedBytes == #"gr\xFCn"#)
        #expect(!text.isPrintable)
    }

    /// A name that really holds one of the private scalars must not be taken for another one.
    @Test func privateScalarsOfANameAreTakenAsBytes() {
        let name = Array("gr\u{10fefc}n".utf8)
        let text = String(path: name)
        #expect(text.pathBytes == name)
        #expect(text != String(path: [0x67, 0x72, 0xfc, 0x6e]))
        #expect(text.printable == #"gr\xF4\x8F\xBB\xBCn"#)
    }

    /// Cut, overlong and surrogate sequences, and whatever else bytes can be.
    @Test func anyBytesComeBack() {
        var generator = SeededGenerator(seed: 1)
        // Bytes that begin and continue sequences, so that many are nearly valid.
        let alphabet: [UInt8] = [
            0x2f, 0x61, 0x80, 0x8f, 0x90, 0xa0, 0xb8, 0xbb, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
            0xf5, 0xff,
        ]
        var texts: [String: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let bytes = (0..<generator.index(below: 9)).map { _ in
                alphabet[generator.index(below: alphabet.count)]
            }
            let text = String(path: bytes)
            #expect(text.pathBytes == bytes)
            // As Unicode compares texts, so that names can be keys.
            let other = texts.updateValue(bytes, forKey: text)
            #expect(other == nil || other == bytes)
        }
    }

    @Test func cStrings() {
        let text = "a\u{10fee4}/b"
        #expect(text.withPath { String(path: $0) } == text)
        #expect(text.withPath { strlen($0) } == 4)
        #expect("a\u{0}b".withPath { strlen($0) } == 0)
    }

    /// A `/` and a mark behind it are one character, but two bytes.
    @Test func partsOfPathsAreBytes() {
        for (path, folder, name) in [
            ("a", ".", "a"), ("/a", "/", "a"), ("b/a", "b", "a"), ("c/b/", "c/b", ""),
            ("b/\u{301}a", "b", "\u{301}a"), ("b\u{10fee4}/\u{10fee4}", "b\u{10fee4}", "\u{10fee4}"),
        ] {
            #expect(path.pathFolder == folder)
            #expect(path.pathName == name)
        }
        #expect("a".pathOf("b") == "a/b")
        #expect("/".pathOf("\u{301}b") == "/\u{301}b")
        #expect("a/".pathOf("b") == "a/b")
    }

    @Test func extensions() {
        for (path, stem) in [
            ("a.b/yes.wav", "a.b/yes"), ("a.b/yes", "a.b/yes"), ("yes.tar.gz", "yes.tar"),
            (".hidden", ".hidden"),
            ("a/.hidden", "a/.hidden"), ("a/", "a/"), ("", ""),
        ] {
            #expect(path.withoutFileExtension == stem)
        }
    }

    /// One word of a shell, which keeps what cannot be printed.
    @Test func quotationForAShell() {
        #expect("a-b_c/d.m4a".quotedForShell == "a-b_c/d.m4a")
        #expect("a b$(c)".quotedForShell == "'a b$(c)'")
        #expect("".quotedForShell == "''")
        #expect("a\n'\\\u{1b}".quotedForShell == "$'a\\x0A\\'\\\\\\x1B'")
        #expect("gr\u{10fefc}n.txt".quotedForShell == #"$'gr\xFCn.txt'"#)
    }
}
