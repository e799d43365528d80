import FoundationEssentials

/// A value as JSON, keys sorted; on one line unless it is `pretty`.
///
/// A byte of a name that is not UTF-8 stands in it as a private scalar, from U+10FE80 for the byte 0x80 to U+10FEFF for 0xFF,
/// escaped as JSON has it (`\udbff\udee4` for 0xE4), so that no program stumbles over it and each can find the file.
package func jsonText(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    guard text.hasUndecodedBytes else { return text }
    return text.unicodeScalars.reduce(into: "") { text, scalar in
        if let byte = scalar.undecodedByte {
            text += "\\udbff\\ude" + String(byte, radix: 16)
        } else {
            text.unicodeScalars.append(scalar)
        }
    }
}
