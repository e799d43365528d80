import MynahBase
package import MynahFeatures
internal import MynahNetwork

extension FrontEndConfiguration {
    /// SHA-256 over all settings, as 64 lower-case hexadecimal digits.
    ///
    /// Two front ends with the same hash give the same features.
    package var settingsHash: String { SHA256.hexDigest(of: canonicalDescription) }

    /// Checks the settings of a front end that comes from a file.
    func check() throws(ModelFault) {
        do {
            try validate()
        } catch {
            throw .badFrontEnd(reason: error.description)
        }
    }
}

extension NetworkDescription {
    /// Checks the sizes of a network that comes from a file, before anything is allocated for it.
    func check() throws(ModelFault) {
        do {
            try validate()
        } catch {
            throw .badNetwork(reason: error.description)
        }
    }

    /// Checks that clips of `frameCount` frames are neither too short for the network nor too long for the memory.
    func check(frameCount: Int) throws(ModelFault) {
        do {
            try validate(frameCount: frameCount)
        } catch {
            throw .badNetwork(reason: error.description)
        }
    }
}
