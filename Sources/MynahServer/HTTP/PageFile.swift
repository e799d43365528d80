internal import CPageStyle
internal import CServerPage
import NIOCore

/// A file of the page at `/`, as it lies in the program.
enum PageFile: String, Sendable, CaseIterable {
    case index = "/"
    case style = "/page.css"
    case script = "/page.js"
    case drawing = "/drawing.js"
    case elements = "/elements.js"
    case microphone = "/microphone.js"
    case teaching = "/teaching.js"
    case worklet = "/worklet.js"
    case icon = "/icon.svg"

    /// The file at a path; nil where there is none.
    init?(path: String) {
        self.init(rawValue: path)
    }

    /// The field Content-Type.
    var type: String {
        switch self {
        case .index: "text/html; charset=utf-8"
        case .style: "text/css; charset=utf-8"
        case .script, .drawing, .elements, .microphone, .teaching, .worklet: "text/javascript; charset=utf-8"
        case .icon: "image/svg+xml"
        }
    }

    /// The contents.
    var bytes: ByteBuffer {
        switch self {
        case .index: Self.buffer(serverPageBytes(), serverPageByteCount())
        case .style:
            // The style of all pages, and what this one has besides.
            Self.buffer(pageStyleBytes(), pageStyleByteCount())
                + Self.buffer(serverStyleBytes(), serverStyleByteCount())
        case .script: Self.buffer(serverScriptBytes(), serverScriptByteCount())
        case .drawing: Self.buffer(serverDrawingBytes(), serverDrawingByteCount())
        case .elements: Self.buffer(serverElementsBytes(), serverElementsByteCount())
        case .microphone: Self.buffer(serverMicrophoneBytes(), serverMicrophoneByteCount())
        case .teaching: Self.buffer(serverTeachingBytes(), serverTeachingByteCount())
        case .worklet: Self.buffer(serverWorkletBytes(), serverWorkletByteCount())
        case .icon: Self.buffer(serverIconBytes(), serverIconByteCount())
        }
    }

    /// The description of the interface, OpenAPI 3.1.
    static var openAPI: ByteBuffer { buffer(serverOpenAPIBytes(), serverOpenAPIByteCount()) }

    private static func buffer(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: count))
    }
}

private func + (first: ByteBuffer, second: ByteBuffer) -> ByteBuffer {
    var (joined, second) = (first, second)
    joined.writeBuffer(&second)
    return joined
}
