import Glibc
import MynahBase
import Testing

/// Each way in which file work fails has one line.
struct FileErrorTests {
    @Test func openingTellsWhatStandsThere() {
        func failure(_ path: String) -> FileError? {
            do throws(FileError) {
                _ = try RegularFile(opening: path)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure("/no such/file") == .notFound(path: "/no such/file"))
        #expect(failure("") == .notFound(path: ""))
        #expect(failure("/dev/null/file") == .notFound(path: "/dev/null/file"))
        #expect(failure("/") == .wrongKind(path: "/", kind: .folder, expected: .regular))
        #expect(failure("/dev/zero") == .wrongKind(path: "/dev/zero", kind: .device, expected: .regular))
        #expect(failure("/no\n\u{10fee4}")?.description == #"/no\n\xE4: no such file"#)
    }

    @Test func messagesOfTheSystem() {
        #expect(systemMessage(ENOENT) == "No such file or directory")
        #expect(systemMessage(-1).contains("-1"))
    }
}
