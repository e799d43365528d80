import MynahBase

/// Why a server cannot begin.
package enum ServerError: Error, Equatable, Sendable {
    /// An address cannot be listened at.
    case cannotListen(address: String, reason: String)

    /// Others than this machine would be served without a token.
    case openToOthers(address: String)

    /// Others than this machine would be served by Wyoming, which knows no tokens.
    case wyomingOpenToOthers(address: String)
}

extension ServerError: CustomStringConvertible {
    /// One line: where, what is wrong, what to do.
    package var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "\(address.printable): cannot be listened at: \(reason.printable)"
        case .openToOthers(let address):
            "\(address.printable): others than this machine would be served without a token; give one with --token-file, or --insecure"
        case .wyomingOpenToOthers(let address):
            "\(address.printable): Wyoming knows no tokens, so that everybody in the network could listen in; --insecure allows that"
        }
    }
}
