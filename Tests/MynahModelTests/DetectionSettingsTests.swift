import MynahModel
import Testing

/// Detection settings on their way through a model file.
struct DetectionSettingsTests {
    @Test func oldModelsHaveNone() throws {
        let model = try TinyModel.make()
        #expect(model.detection == nil)
        #expect(try TinyModel.metadata()["description"]?.contains("detection") == false)
    }

    @Test func surviveTheFile() throws {
        let settings = DetectionSettings(
            smoothingSeconds: 0.25, minimumSeconds: 0, refractorySeconds: 1.5, threshold: 0.9,
            thresholds: ["größer": 0.625])
        let model = try TinyModel.make().with(detection: settings)
        let read = try CommandModel(bytes: model.fileBytes.span.bytes, name: "m")
        #expect(read.detection == settings)
        #expect(read.detection?.threshold(of: "größer") == 0.625)
        #expect(read.detection?.threshold(of: "kleiner") == 0.9)
        #expect(read.parameters.map(\.bitPattern) == TinyModel.parameters.map(\.bitPattern))
        #expect(try read.with(detection: nil).fileBytes == TinyModel.make().fileBytes)
    }

    @Test(arguments: [
        (DetectionSettings(smoothingSeconds: -1), "smoothingSeconds is -1.0, expected 0 to 5"),
        (DetectionSettings(minimumSeconds: .nan), "minimumSeconds is nan, expected 0 to 5"),
        (DetectionSettings(refractorySeconds: 61), "refractorySeconds is 61.0, expected 0 to 60"),
        (DetectionSettings(threshold: 0), "threshold is 0.0, expected more than 0 and at most 1"),
        (
            DetectionSettings(thresholds: ["größer": 1.5]),
            "the threshold of 'größer' is 1.5, expected more than 0 and at most 1"
        ),
        (
            DetectionSettings(thresholds: ["_unknown_": 0.5]),
            "a threshold for '_unknown_', which is no word of the model"
        ),
    ])
    func outOfRange(settings: DetectionSettings, reason: String) throws {
        let error = #expect(throws: ModelError.self) { try TinyModel.make().with(detection: settings) }
        #expect(error == .invalidModel(file: nil, fault: .badDetection(reason: reason)))
    }
}
