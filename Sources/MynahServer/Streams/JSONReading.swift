import FoundationEssentials
import MynahBase
import NIOCore

/// Reads a message in JSON, of a length that was checked.
///
/// - Throws: ``ServerFault/notText``, or ``ServerFault/badMessage(reason:)`` with where and why.
func readJSON<Value: Decodable>(
    _ type: Value.Type, from bytes: some Collection<UInt8>
) throws(ServerFault) -> Value {
    // Decoders differ in what they make of bytes that are no text.
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notText }
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
        throw .badMessage(reason: reason(error))
    } catch {
        throw .badMessage(reason: "it is no JSON")
    }
}

private func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        let keys = (context.codingPath + [key].compactMap(\.self)).map(\.stringValue)
        return keys.isEmpty ? "it" : keys.joined(separator: ".").quoted
    }
    switch error {
    case .typeMismatch(let type, let context): return "\(place(context)) is no \(name(of: type))"
    case .valueNotFound(let type, let context): return "\(place(context)) is null, expected \(name(of: type))"
    case .keyNotFound(let key, let context): return "\(place(context, key)) is missing"
    case .dataCorrupted(let context):
        return context.codingPath.isEmpty ? "it is no JSON" : "\(place(context)) has no such value"
    @unknown default: return "it is no JSON"
    }
}

private func name(of type: Any.Type) -> String {
    switch type {
    case is Int.Type: "integer"
    case is Float.Type, is Double.Type: "number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is [String].Type, is [Any].Type: "list"
    default: "object"
    }
}

/// A value as JSON in a buffer, on one line without its end.
func jsonBuffer(_ value: some Encodable) -> ByteBuffer { ByteBuffer(string: lineText(value)) }

/// A value as JSON, on one line.
func lineText(_ value: some Encodable) -> String {
    do {
        return try jsonText(value)
    } catch {
        // Only numbers that are none cannot be written, and there are no such here.
        preconditionFailure("\(value) as JSON: \(error)")
    }
}
