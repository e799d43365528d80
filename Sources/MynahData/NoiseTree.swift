import MynahAudio
import MynahBase

/// The recordings of noise below a folder, however deep they lie.
///
/// Folders behind links are looked into as well, but no folder twice.
struct NoiseTree {
    /// Folders within folders that are looked into.
    private static let depthLimit = 64

    /// The recordings, each folder's files before those of its folders, both sorted by the bytes of their names.
    ///
    /// Those are among them whose format cannot be read: who decodes them names them with the reason.
    private(set) var files: [NoiseFile] = []

    /// What was passed over.
    private(set) var ignored = IgnoredEntries()

    /// Folders that cannot be looked into, one line each.
    private(set) var notes: [String] = []

    private var seen: Set<FolderListing.Identity> = []

    /// Looks through the folder `path`; `name` is what its files are called by, in front of their own names.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder` or `.unreadable` for the folder itself.
    init(below path: String, name: String) throws(DataError) {
        try add(path, name: name, depth: 0)
    }

    private mutating func add(_ path: String, name: String, depth: Int) throws(DataError) {
        let listing = try FolderListing(of: path)
        guard seen.insert(listing.identity).inserted else { return }
        let audio = listing.files.filter { AudioFileName.mayHoldAudio($0.name) }
        ignored.hidden += listing.hiddenCount
        ignored.other += listing.otherCount + listing.files.count - audio.count
        let prefix = name.isEmpty ? "" : "\(name)/"
        files += audio.map { file in
            NoiseFile(
                path: "\(path)/\(file.name)", name: "\(prefix)\(file.name)", byteCount: file.byteCount)
        }
        guard depth < Self.depthLimit else {
            ignored.folders += listing.folders.count
            return
        }
        for folder in listing.folders {
            do {
                try add("\(path)/\(folder.name)", name: "\(prefix)\(folder.name)", depth: depth + 1)
            } catch {
                notes.append("\(error)")
            }
        }
    }
}
