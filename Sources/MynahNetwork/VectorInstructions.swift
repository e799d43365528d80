internal import CVectorMath

/// The vector instructions of this processor that products and loops use: what is rounded depends on them.
package enum VectorInstructions {
    /// In a few words that differ where anything does.
    package static var description: String {
        "x86-64 level \(mynah_vector_level())\(mynah_has_bfloat16() != 0 ? " with bfloat16" : "")"
    }
}
