import MynahFeatures
public import MynahModel
import MynahNetwork

extension CommandModel {
    /// Whether the model can follow a stream: neither its network nor its front end needs the future.
    public var canStream: Bool {
        guard network.isCausal else { return false }
        do {
            try frontEnd.validateStreamable()
            return true
        } catch {
            return false
        }
    }
}
