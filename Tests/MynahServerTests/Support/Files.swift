import MynahBase

/// The bytes of a file.
func readFile(_ path: String) throws -> [UInt8] {
    let file = try RegularFile(opening: path)
    return try file.bytes(at: 0, count: file.byteCount)
}
