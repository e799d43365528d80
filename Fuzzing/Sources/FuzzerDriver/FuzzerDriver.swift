internal import CLibFuzzer
import Glibc

/// Calls the function `LLVMFuzzerTestOneInput` of this program with one input after another, as the command line says.
///
/// libFuzzer has a main program of its own for that, but the package manager wants one that is written in Swift.
package func runFuzzer() -> Never {
    var argumentCount = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&argumentCount, &arguments, LLVMFuzzerTestOneInput))
}
