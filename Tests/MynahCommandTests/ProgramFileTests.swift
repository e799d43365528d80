import Foundation
import Testing

/// What the program needs of the system that it runs on.
struct ProgramFileTests {
    /// Of Foundation it uses the essentials only: the rest brings the tables of ICU, 40 MB that every start pays for.
    @Test func linksTheEssentialsOfFoundationOnly() throws {
        let program = try Data(contentsOf: URL(fileURLWithPath: Program.path), options: .alwaysMapped)
        for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
            #expect(program.range(of: Data(library.utf8)) == nil, "the program links \(library)")
        }
    }
}
