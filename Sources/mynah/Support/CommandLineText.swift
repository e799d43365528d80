/// A command, as typed unless other arguments are given, quoted so that a shell would take it again: it goes into models
/// and reports.
func commandLineText(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) -> String {
    (["mynah"] + arguments.map(quotedForShell)).joined(separator: " ")
}

private func quotedForShell(_ argument: String) -> String {
    let isPlain =
        !argument.isEmpty
        && argument.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./,=:@%+".unicodeScalars.contains(scalar)
        }
    return isPlain
        ? argument
        : "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
            + "'"
}
