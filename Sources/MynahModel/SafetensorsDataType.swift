/// The kinds of values that a tensor of a safetensors file may hold, as the format names them.
///
/// In the order of the reference implementation, by rising alignment; a file has those of the largest one first.
package enum SafetensorsDataType: String, Sendable, CaseIterable, Comparable {
    /// 0 or 1 in a byte.
    case bool = "BOOL"

    /// Integers of a byte, without and with a sign.
    case uint8 = "U8"
    case int8 = "I8"

    /// Integers of 2 bytes, with and without a sign.
    case int16 = "I16"
    case uint16 = "U16"

    /// Floating point of 2 bytes (IEEE 754).
    case float16 = "F16"

    /// The upper half of a ``float32``.
    case bfloat16 = "BF16"

    /// Integers of 4 bytes, with and without a sign.
    case int32 = "I32"
    case uint32 = "U32"

    /// Floating point of 4 and 8 bytes (IEEE 754).
    case float32 = "F32"
    case float64 = "F64"

    /// Integers of 8 bytes, with and without a sign.
    case int64 = "I64"
    case uint64 = "U64"

    /// Bytes of a value.
    package var byteCount: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// Whether one stands before the other in the order of the cases.
    package static func < (left: SafetensorsDataType, right: SafetensorsDataType) -> Bool {
        func place(_ type: SafetensorsDataType) -> Int { allCases.firstIndex(of: type) ?? 0 }
        return place(left) < place(right)
    }
}
