import Foundation
import MynahModel
import MynahTestSupport
import Testing

struct SafetensorsFileTests {
    private static let note =
        "quote \" backslash \\ slash / tab \t line\nbell \u{7} umlaut ü word 言葉"

    @Test func readsAFileOfTheReferenceImplementation() throws {
        let file = try SafetensorsFile(contentsOf: fixture("written-by-python.safetensors"))
        #expect(file.header.metadata == ["note": Self.note])
        #expect(file.header.tensors.map(\.name) == ["nothing", "output.bias", "output.weights", "single"])
        #expect(file.header.tensors.map(\.shape) == [[0, 4], [2], [2, 3], []])
        #expect(file.values(of: "nothing") == [])
        #expect(file.values(of: "output.bias") == [0.1, -0.2])
        #expect(file.values(of: "output.weights") == [0.5, -1.25, 3, 1e-30, -0.0, 16_777_216])
        #expect(file.values(of: "output.weights")?[4].sign == .minus)
        #expect(file.values(of: "single") == [7])
        #expect(file.values(of: "absent") == nil)
    }

    @Test func writesTheBytesOfTheReferenceImplementation() throws {
        let file = SafetensorsFile(
            tensors: [
                .init(name: "single", shape: [], values: [7]),
                .init(
                    name: "output.weights", shape: [2, 3], values: [0.5, -1.25, 3, 1e-30, -0.0, 16_777_216]),
                .init(name: "nothing", shape: [0, 4], values: []),
                .init(name: "output.bias", shape: [2], values: [0.1, -0.2]),
            ],
            metadata: ["note": Self.note])
        let golden = try Data(
            contentsOf: URL(fileURLWithPath: fixture("written-by-python.safetensors")))
        #expect(file.bytes == Array(golden))
    }

    @Test func metadataOfAllKindsComeBack() throws {
        let metadata = ["": "", "\u{0}\u{1F}\u{7F}": "\r\n\u{8}\u{C}", "𝄞": "e\u{301}", "{\"a\":[": "}"]
        let written = SafetensorsFile(tensors: [], metadata: metadata)
        #expect(try SafetensorsFile(bytes: written.bytes, name: "m").header.metadata == metadata)
        #expect((written.bytes.count).isMultiple(of: 8))
    }

    @Test func readsAllEscapesAndAnyWhiteSpace() throws {
        let header = """
            {\t"__metadata__" :\r\n{"\\u0061\\/" : "\\ud834\\udd1e\\"\\\\\\b\\f\\n\\r\\t\\u00fc" } ,
            "t": {"shape":[ 1 , 2],"data_offsets":[0 ,8],"dtype":"F\\u00332"} }\n
            """
        let file = try SafetensorsFile(bytes: safetensors(header: header, dataByteCount: 8), name: "m")
        #expect(file.header.metadata == ["a/": "𝄞\"\\\u{8}\u{C}\n\r\tü"])
        #expect(file.values(of: "t") == [0, 0])
    }

    @Test func tensorsMayLieInAnyOrder() throws {
        let header = """
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}
            """
        var bytes = safetensors(header: header, dataByteCount: 8)
        bytes[bytes.count - 1] = 0x40
        let file = try SafetensorsFile(bytes: bytes, name: "m")
        #expect(file.values(of: "a") == [2])
        #expect(file.values(of: "b") == [0])
    }

    @Test func writtenFileIsReadBack() throws {
        let folder = try TemporaryFolder()
        let file = SafetensorsFile(
            tensors: [.init(name: "t", shape: [3], values: [1, .nan, -.infinity])], metadata: [:])
        try file.write(to: folder.file("m.safetensors"))
        let read = try SafetensorsFile(contentsOf: folder.file("m.safetensors"))
        #expect(read.bytes == file.bytes)
        #expect(read.header == file.header)
        #expect(read.values(of: "t")?.map(\.bitPattern) == [1, .nan, -.infinity].map(\Float.bitPattern))
    }

    @Test(arguments: SafetensorsDataType.allCases) func everyKindOfValueIsReadBack(
        _ type: SafetensorsDataType
    ) throws {
        let bytes = (0..<UInt8(6 * type.byteCount)).map { $0 ^ 0xA5 }
        let file = SafetensorsFile(
            tensors: [
                .init(name: "b", dataType: type, shape: [2, 3], bytes: bytes),
                .init(name: "a", shape: [1], values: [7]),
            ], metadata: [:])
        let read = try SafetensorsFile(bytes: file.bytes, name: "m")
        let tensor = try #require(read.header.tensors.first { $0.name == "b" })
        #expect(tensor.dataType == type && tensor.shape == [2, 3] && tensor.valueCount == 6)
        #expect(read.bytes(of: "b").map(Array.init) == bytes)
        #expect((read.values(of: "b") != nil) == (type == .float32))
        #expect(read.values(of: "a") == [7])
        // As the reference implementation has them: the largest alignment first.
        #expect(read.header.tensors.map(\.name) == (type > .float32 ? ["b", "a"] : ["a", "b"]))
    }

    @Test func tensorsThatMakeNoFileTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = SafetensorsFile.NamedTensor(name: "t", shape: [2, 2], values: [1, 2, 3])
        }
        await #expect(processExitsWith: .failure) {
            let tensor = SafetensorsFile.NamedTensor(name: "t", shape: [1], values: [1])
            _ = SafetensorsFile(tensors: [tensor, tensor], metadata: [:])
        }
    }
}
