import MynahModel
import Testing

/// Mean paths of the state on their way through a model file.
struct StatePathsTests {
    /// The states of the tiny model have four units, two of each direction.
    private static let paths = StatePaths(
        center: [0.5, 0, 0, 0], axes: [[1, 0, 0, 0], [0, 0.6, 0.8, 0]],
        paths: [[.init(x: 0, y: 1), .init(x: -2.5, y: 0.125)], [], [.init(x: 3, y: 4)]],
        clipCounts: [7, 0, 1])

    @Test func surviveTheFile() throws {
        let model = try TinyModel.make()
        #expect(model.statePaths == nil)
        #expect(try TinyModel.metadata()["description"]?.contains("statePaths") == false)
        let read = try CommandModel(
            bytes: try model.with(statePaths: Self.paths).fileBytes.span.bytes, name: "m")
        #expect(read.statePaths == Self.paths)
        // They do not depend on temperature and thresholds.
        #expect(try read.with(temperature: 2).statePaths == Self.paths)
        #expect(try read.with(detection: DetectionSettings()).statePaths == Self.paths)
        #expect(try read.with(statePaths: nil).fileBytes == model.fileBytes)
    }

    @Test func placeInThePlane() {
        let point = Self.paths.point(of: [1.5, 1, 2, 9])
        #expect(abs(point.x - 1) < 1e-6 && abs(point.y - 2.2) < 1e-6)
    }

    private static func changed(
        center: [Float] = paths.center, axes: [[Float]] = paths.axes,
        paths: [[StatePaths.Point]] = paths.paths, clipCounts: [Int] = paths.clipCounts
    ) -> StatePaths {
        StatePaths(center: center, axes: axes, paths: paths, clipCounts: clipCounts)
    }

    @Test(arguments: [
        (changed(center: [0]), "a plane for states of 1 units, expected 2 axes for 4"),
        (changed(axes: [[1, 0, 0, 0]]), "a plane for states of 4 units, expected 2 axes for 4"),
        (changed(axes: [[1, 0, 0, 0], [1]]), "a plane for states of 4 units, expected 2 axes for 4"),
        (changed(paths: [[]]), "1 paths of 3 labels, expected 3"),
        (changed(clipCounts: [1, 2]), "3 paths of 2 labels, expected 3"),
        (changed(clipCounts: [1, 2, -1]), "a number of clips is negative"),
        (changed(center: [0, 0, 0, 2e6]), "a value is beyond ±1e6"),
        (changed(paths: [[.init(x: .infinity, y: 0)], [], []]), "a value is beyond ±1e6"),
    ])
    func lies(paths: StatePaths, reason: String) throws {
        let error = #expect(throws: ModelError.self) { try TinyModel.make().with(statePaths: paths) }
        #expect(error == .invalidModel(file: nil, fault: .badStatePaths(reason: reason)))
    }
}
