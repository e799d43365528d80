import MynahBase

/// What stands behind the name of the program, in the text form of paths: `CommandLine.arguments` would lose the bytes that
/// are not UTF-8.
let programArguments: [String] = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
    CommandLine.unsafeArgv[index].map { String(path: $0) }
}

/// A command, as typed unless other arguments are given, quoted so that a shell would take it again: it goes into models
/// and reports.
func commandLineText(_ arguments: [String] = programArguments) -> String {
    (["mynah"] + arguments.map(quotedForShell)).joined(separator: " ")
}

private func quotedForShell(_ argument: String) -> String {
    let isPlain =
        !argument.isEmpty
        && argument.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./,=:@%+".unicodeScalars.contains(scalar)
        }
    if isPlain { return argument }
    if argument.hasUndecodedBytes {
        // The form of shells in which bytes can be named.
        let text = argument.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#)
        return "$'" + text.escapingUndecodedBytes + "'"
    }
    return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        + "'"
}
