import Testing

@testable import MynahModel

struct TemperatureTests {
    private func read(_ model: CommandModel) throws -> CommandModel {
        try CommandModel(bytes: model.fileBytes.span.bytes, name: "m")
    }

    @Test func fileGivesTheTemperatureBackToTheBit() throws {
        let model = try TinyModel.make()
        #expect(model.temperature == 1)
        #expect(try read(model).temperature == 1)
        for temperature: Float in [0.05, 1.2345678, 20] {
            let changed = try model.with(temperature: temperature)
            #expect(try read(changed).temperature == temperature)
            #expect(changed.parameters == model.parameters && changed.provenance == model.provenance)
            #expect(changed.hash != model.hash)
        }
        #expect(try model.with(temperature: 2).with(temperature: 1).hash == model.hash)
    }

    /// Files from before models had a temperature.
    @Test func withoutOneItIsOne() throws {
        let metadata = try TinyModel.metadata(replacing: ",\"temperature\":1", by: "")
        #expect(metadata["description"]?.contains("temperature") == false)
        let file = SafetensorsFile(tensors: TinyModel.tensors, metadata: metadata)
        let model = try CommandModel(bytes: file.bytes.span.bytes, name: "m")
        #expect(model.temperature == 1)
    }

    @Test(arguments: ["0", "-1", "0.0499", "20.01"])
    func oneOutOfRangeIsRefused(temperature: String) throws {
        let metadata = try TinyModel.metadata(
            replacing: "\"temperature\":1", by: "\"temperature\":\(temperature)")
        let file = SafetensorsFile(tensors: TinyModel.tensors, metadata: metadata)
        let value = try #require(Float(temperature))
        let fault = ModelFault.temperature(actual: value, allowed: CommandModel.allowedTemperatures)
        #expect(throws: ModelError.invalidModel(file: "m", fault: fault)) {
            try CommandModel(bytes: file.bytes.span.bytes, name: "m")
        }
        #expect(throws: ModelError.self) { try TinyModel.make().with(temperature: value) }
    }
}
