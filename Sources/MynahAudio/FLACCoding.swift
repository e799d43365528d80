import CSndFile
import Glibc

/// Sound of one channel and 16 bits as FLAC in memory, without loss (RFC 9639).
package enum FLACCoding {
    /// Encodes samples that come block by block.
    package struct Encoder: ~Copyable {
        private let file = MemoryFile()
        private let handle: OpaquePointer

        /// Begins a file.
        ///
        /// - Throws: `AudioError.codecFailed` when libsndfile was built without FLAC.
        package init(sampleRate: Int) throws(AudioError) {
            var information = SF_INFO()
            information.samplerate = Int32(sampleRate)
            information.channels = 1
            information.format = Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
            var callbacks = MemoryFile.callbacks
            guard
                let handle = sf_open_virtual(&callbacks, Int32(SFM_WRITE), &information, file.pointer)
            else {
                throw .codecFailed(codec: "FLAC", reason: "libsndfile cannot do that")
            }
            self.handle = handle
        }

        deinit { sf_close(handle) }

        /// Adds samples, full scale being ±2¹⁵.
        package func append(_ samples: [Int16]) throws(AudioError) {
            let count = sf_count_t(samples.count)
            guard sf_writef_short(handle, samples, count) == count else {
                throw .codecFailed(codec: "FLAC", reason: "not all of it is written")
            }
        }

        /// Bytes so far.
        package var byteCount: Int { file.bytes.count }

        /// Ends the file, and returns its bytes.
        package consuming func finish() -> [UInt8] {
            let file = file
            _ = consume self
            return file.bytes
        }
    }

    /// What a file holds.
    package struct Decoded: Sendable {
        /// In Hz.
        package let sampleRate: Int

        /// `[sampleCount]`, full scale being ±2¹⁵.
        package let samples: [Int16]
    }

    /// Decodes a file that ought to hold so many samples of one channel.
    ///
    /// Every frame of FLAC has a checksum, so that hardly any change of a byte goes unnoticed.
    ///
    /// - Returns: nil where it does not, or is damaged.
    package static func decode(_ bytes: [UInt8], sampleCount: Int) -> Decoded? {
        let file = MemoryFile(bytes)
        var information = SF_INFO()
        var callbacks = MemoryFile.callbacks
        guard let handle = sf_open_virtual(&callbacks, Int32(SFM_READ), &information, file.pointer) else {
            return nil
        }
        defer { sf_close(handle) }
        guard information.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_FLAC),
            information.channels == 1, information.frames == sf_count_t(sampleCount)
        else { return nil }
        let samples = [Int16](unsafeUninitializedCapacity: sampleCount) { buffer, count in
            count = max(0, Int(sf_readf_short(handle, buffer.baseAddress, sf_count_t(sampleCount))))
        }
        guard samples.count == sampleCount, sf_error(handle) == SF_ERR_NO_ERROR else { return nil }
        return Decoded(sampleRate: Int(information.samplerate), samples: samples)
    }
}
