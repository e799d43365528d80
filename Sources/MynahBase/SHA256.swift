internal import CMessageDigest

/// The SHA-256 digest of bytes that arrive piece by piece (FIPS 180-4), computed by libmd.
package struct SHA256: ~Copyable {
    private var context = SHA2_CTX()

    /// Starts the digest of nothing.
    package init() {
        SHA256Init(&context)
    }

    /// Appends bytes to what is digested.
    package mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            SHA256Update(&context, start.assumingMemoryBound(to: UInt8.self), buffer.count)
        }
    }

    /// Appends bytes to what is digested.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span.bytes)
    }

    /// Appends the UTF-8 form of a text to what is digested.
    package mutating func update(_ text: String) {
        update(text.utf8.span.bytes)
    }

    /// Ends the digest and returns it as 64 lower-case hexadecimal digits.
    package consuming func hexDigest() -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        digest.withUnsafeMutableBufferPointer { buffer in
            SHA256Final(buffer.baseAddress, &context)
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    package static func hexDigest(of bytes: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.hexDigest()
    }

    /// The digest of the UTF-8 form of `text` as 64 lower-case hexadecimal digits.
    package static func hexDigest(of text: String) -> String {
        var digest = SHA256()
        digest.update(text)
        return digest.hexDigest()
    }
}
