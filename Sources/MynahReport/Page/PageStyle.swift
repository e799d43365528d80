internal import CPageStyle

/// The style sheet of all pages: for telephone, screen and paper, light and dark.
enum PageStyle {
    /// The contents of `page.css`.
    static let sheet = String(
        decoding: UnsafeRawBufferPointer(start: pageStyleBytes(), count: pageStyleByteCount()), as: UTF8.self)
}
