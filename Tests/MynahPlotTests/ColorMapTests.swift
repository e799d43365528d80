import Testing

@testable import MynahPlot

struct ColorMapTests {
    /// Relative luminance of `#rrggbb` in sRGB (IEC 61966-2-1).
    private func luminance(_ color: String) throws -> Double {
        let value = try #require(Int(color.dropFirst(), radix: 16))
        let linear = [16, 8, 0].map { shift -> Double in
            let share = Double(value >> shift & 0xff) / 255
            return share * share * (share * 0.305306011 + 0.682171111) + 0.012522878 * share
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    @Test func lightnessRisesFromLevelToLevel() throws {
        let luminances = try ColorMap.levels.map(luminance)
        #expect(luminances.count == 64)
        for (darker, lighter) in zip(luminances, luminances.dropFirst()) { #expect(darker < lighter) }
    }

    @Test func endsAreThoseOfTheTable() {
        #expect(ColorMap.levels.first == "#00224e")
        #expect(ColorMap.levels.last == "#fee838")
    }

    @Test func valuesOutsideHaveTheColourOfTheNearerEnd() {
        #expect([-9, 0, 0.5, 1, 9].map { ColorMap.level(of: $0, in: 0...1) } == [0, 0, 32, 63, 63])
    }
}
