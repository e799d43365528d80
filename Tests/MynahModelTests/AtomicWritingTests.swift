import Foundation
import Glibc
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahModel

struct AtomicWritingTests {
    private func content(of path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func newFileReplacesTheOldOne() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("m")
        try AtomicFile.write([1, 2, 3], to: path)
        try AtomicFile.write([4], to: path)
        #expect(try content(of: path) == [4])
        #expect(try folder.names == ["m"])
    }

    @Test func nothingIsSeenBeforeTheEnd() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("m")
        try AtomicFile.write([1], to: path)
        let file = try AtomicFile(replacing: path)
        try file.append([2])
        try file.append([3, 4])
        #expect(try content(of: path) == [1])
        #expect(try folder.names.count == 2)
        try file.commit()
        #expect(try content(of: path) == [2, 3, 4])
        #expect(try folder.names == ["m"])
    }

    @Test func fileThatIsGivenUpLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try AtomicFile(replacing: folder.file("m"))
            try file.append([1])
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func nameInTheWorkingFolderNeedsNoSlash() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            guard chdir(folder.path) == 0 else { exit(2) }
            try AtomicFile.write([1], to: "m")
            guard try folder.names == ["m"] else { exit(3) }
        }
    }

    @Test func permissionsFollowTheMask() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            umask(0o027)
            try AtomicFile.write([1], to: folder.file("m"))
            var status = stat()
            guard stat(folder.file("m"), &status) == 0, status.st_mode & 0o777 == 0o640 else { exit(2) }
        }
    }

    @Test func permissionsOfTheOldFileStay() throws {
        let folder = try TemporaryFolder()
        for permissions: mode_t in [0o600, 0o640, 0o444, 0o666] {
            try AtomicFile.write([1], to: folder.file("m"))
            #expect(chmod(folder.file("m"), permissions) == 0)
            try AtomicFile.write([2], to: folder.file("m"))
            var status = stat()
            #expect(stat(folder.file("m"), &status) == 0 && status.st_mode & 0o7777 == permissions)
        }
    }

    /// Owner and group can only be tried by somebody who may give files away.
    @Test(.enabled(if: getuid() == 0, "only root gives files away")) func ownerStays() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("m"))
        #expect(chown(folder.file("m"), 65_534, 65_533) == 0)
        try AtomicFile.write([2], to: folder.file("m"))
        var status = stat()
        #expect(stat(folder.file("m"), &status) == 0 && status.st_uid == 65_534 && status.st_gid == 65_533)
    }

    @Test func linkThatLeadsNowhereIsFollowed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("inner"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: "inner/second")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("inner/second"), withDestinationPath: "m")
        try AtomicFile.write([2], to: folder.file("link"))
        #expect(try content(of: folder.file("inner/m")) == [2])
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "inner/second")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("circle"), withDestinationPath: "circle")
        #expect(throws: FileError.self) { try AtomicFile.write([2], to: folder.file("circle")) }
        #expect(try folder.names == ["circle", "inner", "link"])
    }

    /// The last `/` of a path counts as a byte, whatever mark is put on it.
    @Test func nameThatBeginsWithAMark() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("\u{301}m"))
        #expect(try content(of: folder.file("\u{301}m")) == [1])
    }

    @Test func linkIsFollowed() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("m"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: "m")
        try AtomicFile.write([2], to: folder.file("link"))
        #expect(try content(of: folder.file("m")) == [2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "m")
    }

    @Test func devicesAndFoldersAreNotReplaced() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.make()
        #expect(throws: ModelError.file(.wrongKind(path: "/dev/full", kind: .device, expected: .regular))) {
            try model.write(to: "/dev/full")
        }
        #expect(throws: ModelError.file(.wrongKind(path: folder.path, kind: .folder, expected: .regular))) {
            try model.write(to: folder.path)
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func foldersThatTakeNoFileAreNamed() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.make()
        let absent = folder.file("absent/m")
        #expect(throws: ModelError.file(.unwritable(path: absent, reason: "No such file or directory"))) {
            try model.write(to: absent)
        }
        try AtomicFile.write([1], to: folder.file("file"))
        #expect(throws: ModelError.file(.unwritable(path: folder.file("file/m"), reason: "Not a directory")))
        {
            try model.write(to: folder.file("file/m"))
        }
        let long = folder.file(String(repeating: "x", count: 300))
        #expect(throws: ModelError.file(.unwritable(path: long, reason: "File name too long"))) {
            try model.write(to: long)
        }
        #expect(throws: ModelError.self) { try model.write(to: "") }
        #expect(throws: ModelError.self) { try model.write(to: "/proc/m") }
        #expect(try folder.names == ["file"])
    }

    /// A limit on the size of files stands for a full disk: writing fails after some of the bytes.
    @Test func diskThatIsFullKeepsTheOldFileAndNothingElse() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let path = folder.file("m")
            let model = try TinyModel.make()
            try model.write(to: path)
            let old = try Data(contentsOf: URL(fileURLWithPath: path))

            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
            limit.rlim_cur = 100
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
            do throws(ModelError) {
                try model.write(to: path)
                exit(3)
            } catch {
                guard error == .file(.unwritable(path: path, reason: "File too large")) else { exit(4) }
            }
            guard try folder.names == ["m"] else { exit(5) }
            guard try Data(contentsOf: URL(fileURLWithPath: path)) == old else { exit(6) }
        }
    }
}
