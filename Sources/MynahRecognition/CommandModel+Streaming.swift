public import MynahModel

extension CommandModel {
    /// Whether the model can follow a stream: neither its network nor its front end needs the future.
    public var canStream: Bool { network.streamingObstacle(behind: frontEnd) == nil }
}
