import MynahBase

/// A folder with all the folders in it, down to a given depth, each once however many names lead to it.
///
/// Links to folders are followed, and none leads round in circles: a folder that was met before is not looked into again,
/// and goes by its own name rather than by that of a link to it. A folder that cannot be read is passed over.
struct FolderTree {
    /// A folder in the tree.
    struct Folder {
        /// Its last name; empty for the root.
        let name: String

        /// Its path within the tree; empty for the root.
        let path: String

        /// Its regular files, by the bytes of their names.
        let files: [FolderListing.Entry]

        /// The folders in it that were looked into, as indices of `FolderTree.folders`, by the bytes of their names.
        fileprivate(set) var inner: [Int] = []

        /// Entries that are neither: hidden ones, and devices and the like.
        let hiddenCount: Int
        let otherCount: Int

        /// Names of folders in it that were met elsewhere in the tree.
        fileprivate(set) var repeated: [String] = []

        /// Number of folders in it that lie too deep to be looked into.
        fileprivate(set) var tooDeep = 0

        fileprivate let listing: FolderListing
        fileprivate let depth: Int

        /// The path within the tree of what lies under a name in this folder.
        func place(of name: String) -> String { path.isEmpty ? name : "\(path)/\(name)" }
    }

    /// A folder that the system refuses to list, by its path within the tree, and why.
    struct Unreadable {
        let path: String
        let reason: String
    }

    /// The most folders that a tree may have.
    static let folderLimit = 100_000

    /// All folders, the root first.
    private(set) var folders: [Folder] = []

    /// What could not be read.
    private(set) var unreadable: [Unreadable] = []

    /// Looks through a folder and `depth` levels of folders within it.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder` or `.unreadable` for the root, and `.tooManyFolders`.
    init(of root: String, depth: Int) throws(DataError) {
        let listing = try FolderListing(of: root)
        var seen: Set = [listing.identity]
        add(listing, name: "", path: "", depth: 0)

        var links: [(parent: Int, entry: FolderListing.Entry)] = []
        var next = 0
        var nextLink = 0
        while true {
            while next < folders.count {
                let folder = folders[next]
                for entry in folder.listing.folders {
                    if folder.depth == depth {
                        folders[next].tooDeep += 1
                    } else if entry.isLink {
                        links.append((next, entry))
                    } else {
                        try enter(entry, of: next, root: root, seen: &seen)
                    }
                }
                next += 1
            }
            guard nextLink < links.count else { break }
            try enter(links[nextLink].entry, of: links[nextLink].parent, root: root, seen: &seen)
            nextLink += 1
        }
        let names = folders.map(\.name)
        for index in folders.indices {
            folders[index].inner.sort { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
        }
    }

    /// The root.
    var root: Folder { folders[0] }

    /// All folders, each before those in it, these by the bytes of their names.
    var depthFirst: [Folder] {
        func branch(_ folder: Folder) -> [Folder] { [folder] + folders(in: folder).flatMap(branch) }
        return branch(root)
    }

    /// The folders in a folder.
    func folders(in folder: Folder) -> [Folder] { folder.inner.map { folders[$0] } }

    /// Tells which folders could not be read, one line each, safe to print; `path` is where the tree lies.
    func notes(below path: String, where isTold: (_ path: String) -> Bool = { _ in true }) -> [String] {
        let unreadable = unreadable.filter { isTold($0.path) }
        let shown = unreadable.prefix(10).map { folder in
            "\(path.printable)/\(folder.path.printable): cannot be read (\(folder.reason.printable)), passed over"
        }
        let rest = unreadable.count - shown.count
        return rest == 0
            ? shown
            : shown + ["\(path.printable): \(counted(rest, "more folder")) cannot be read, passed over"]
    }

    private mutating func enter(
        _ entry: FolderListing.Entry, of parent: Int, root: String, seen: inout Set<FileStatus.Identity>
    ) throws(DataError) {
        guard seen.insert(entry.identity).inserted else {
            folders[parent].repeated.append(entry.name)
            return
        }
        guard folders.count < Self.folderLimit else {
            throw .tooManyFolders(folder: root, limit: Self.folderLimit)
        }
        let path = folders[parent].place(of: entry.name)
        do throws(DataError) {
            let listing = try FolderListing(of: "\(root)/\(path)")
            folders[parent].inner.append(folders.count)
            add(listing, name: entry.name, path: path, depth: folders[parent].depth + 1)
        } catch {
            switch error {
            case .unreadable(_, let reason): unreadable.append(Unreadable(path: path, reason: reason))
            // It has gone since its parent was listed.
            case .folderNotFound, .notAFolder: break
            default: throw error
            }
        }
    }

    private mutating func add(_ listing: FolderListing, name: String, path: String, depth: Int) {
        folders.append(
            Folder(
                name: name, path: path, files: listing.files, hiddenCount: listing.hiddenCount,
                otherCount: listing.otherCount, listing: listing, depth: depth))
    }
}
