import MynahBase
import Testing

/// Test vectors of FIPS 180-4.
struct SHA256Tests {
    @Test func knownDigests() {
        #expect(
            SHA256.hexDigest(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hexDigest(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hexDigest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var digest = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 77) {
            digest.update(Array(bytes[start..<min(start + 77, bytes.count)]))
        }
        digest.update("")
        digest.update([])
        #expect(digest.hexDigest() == SHA256.hexDigest(of: bytes))
    }
}
