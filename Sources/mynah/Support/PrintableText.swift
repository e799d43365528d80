extension String {
    var printable: String { self }
}
