package import MynahFeatures
package import MynahNetwork

extension NetworkDescription {
    /// Why a model of this network and a front end cannot follow a stream, in words; nil where it can.
    package func streamingObstacle(behind frontEnd: FrontEndConfiguration) -> String? {
        guard isCausal else { return "its network reads recordings from their end, too" }
        do throws(FeatureError) {
            try frontEnd.validateStreamable()
            return nil
        } catch {
            return error.description
        }
    }
}
