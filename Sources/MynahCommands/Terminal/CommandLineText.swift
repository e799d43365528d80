import MynahBase

/// What stands behind the name of the program, in the text form of paths: `CommandLine.arguments` would lose the bytes that
/// are not UTF-8.
let programArguments: [String] = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
    CommandLine.unsafeArgv[index].map { String(path: $0) }
}

/// A command, as typed unless other arguments are given, quoted so that a shell would take it again: it goes into models
/// and reports.
func commandLineText(_ arguments: [String] = programArguments) -> String {
    (["mynah"] + arguments.map(\.quotedForShell)).joined(separator: " ")
}
