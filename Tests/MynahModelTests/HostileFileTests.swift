import Foundation
import Glibc
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahModel

/// Files that would hang, flood or crash a reader who believes them.
struct HostileFileTests {
    @Test func whatIsNoFileIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(
            throws: ModelError.file(.notFound(path: folder.file("absent")))
        ) {
            try CommandModel(contentsOf: folder.file("absent"))
        }
        #expect(throws: ModelError.file(.wrongKind(path: folder.path, kind: .folder, expected: .regular))) {
            try CommandModel(contentsOf: folder.path)
        }
        #expect(throws: ModelError.file(.wrongKind(path: "/dev/zero", kind: .device, expected: .regular))) {
            try CommandModel(contentsOf: "/dev/zero")
        }
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(
            throws: ModelError.file(.wrongKind(path: folder.file("pipe"), kind: .pipe, expected: .regular))
        ) {
            try CommandModel(contentsOf: folder.file("pipe"))
        }
        #expect(
            ModelError.file(.wrongKind(path: "words", kind: .folder, expected: .regular)).description
                == "words: is a directory, expected a regular file")
    }

    @Test func giantFileIsRefusedByItsHeader() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("giant.safetensors")
        let model = SafetensorsFile(tensors: [], metadata: try TinyModel.metadata())
        // Sixty gigabytes that take no room on the disk, and a sound header for them.
        let size = 60 << 30
        let entry = ",\"x\":{\"dtype\":\"F32\",\"shape\":[\(size / 4)],\"data_offsets\":[0,\(size)]}}"
        let header =
            String(decoding: model.bytes.dropFirst(8), as: UTF8.self)
            .trimmingCharacters(in: .whitespaces).dropLast() + entry
        let start = safetensors(header: String(header), dataByteCount: 0)
        try Data(start).write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, start.count + size) == 0)
        #expect(
            throws: ModelError.invalidModel(
                file: path, fault: .missingTensor(name: "layers.0.forward.inputWeights"))
        ) { try CommandModel(contentsOf: path) }
    }

    @Test func damagedFilesLoadOrAreRefused() throws {
        let bytes = try TinyModel.make().fileBytes
        let dataStart = try SafetensorsFile(bytes: bytes, name: "m").header.tensors[0].byteRange.lowerBound
        let interesting = Array("{}[]\":,\\u0-9eE. ".utf8) + [0, 0x7F, 0x80, 0xC0, 0xFF]
        var generator = SeededGenerator(seed: 3)
        var loaded = 0
        var refusals: Set<String> = []
        let start = processorSeconds()
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // Most of the damage goes to the header, where the lies are.
                let end = generator.uniform() < 0.9 ? min(dataStart, damaged.count) : damaged.count
                guard end > 0 else { break }
                let place = Int.random(in: 0..<end, using: &generator)
                let byte = interesting[Int.random(in: 0..<interesting.count, using: &generator)]
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: damaged[place] = byte
                case 1: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: damaged.insert(byte, at: place)
                case 3: damaged.remove(at: place)
                case 4: damaged.removeSubrange(place..<min(damaged.count, place + 40))
                default: damaged.removeLast(Int.random(in: 0...damaged.count, using: &generator))
                }
                // Keep the length honest half of the time, so that the damage behind it is seen.
                if generator.uniform() < 0.5, damaged.count > 8 {
                    let length = UInt64(max(0, dataStart - 8 + damaged.count - bytes.count))
                    withUnsafeBytes(of: length.littleEndian) { damaged.replaceSubrange(0..<8, with: $0) }
                }
            }
            do throws(ModelError) {
                let model = try CommandModel(bytes: damaged.span.bytes, name: "m")
                #expect(model.labels.count == model.network.classCount)
                #expect(model.parameters.count == model.network.parameterLayout.parameterCount)
                loaded += 1
            } catch {
                #expect(!error.description.isEmpty && error.description.isPrintable)
                refusals.insert(String("\(error)".prefix(60)))
            }
        }
        #expect(processorSeconds() - start < 5)
        #expect(loaded > 100)
        #expect(refusals.count > 20)
    }

    /// Seconds that this thread has worked, however busy the machine is.
    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
