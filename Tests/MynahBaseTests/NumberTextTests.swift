import MynahBase
import Testing

@Suite struct NumberTextTests {
    @Test func numbersAreWrittenForReaders() {
        #expect(NumberText.fixed(0.9696, decimals: 3) == "0.970")
        #expect(NumberText.fixed(-0.04, decimals: 1) == "0.0")
        #expect(NumberText.fixed(12.5, decimals: 0) == "13")
        #expect(
            [0.7, 0.6789, 0.999, 0.9998, 0.99995].map(NumberText.threshold)
                == ["0.700", "0.6789", "0.999", "0.9998", "0.99995"])
        #expect(NumberText.plain(0.0) == "0" && NumberText.plain(100_000) == "100000")
        #expect(NumberText.plain(Float(0.95)) == "0.95" && NumberText.plain(-20.0) == "-20")
        #expect(NumberText.grouped(1_234_567) == "1,234,567")
        #expect(NumberText.grouped(999) == "999")
        #expect(NumberText.percent(0.97116) == "97.1 %")
        #expect(NumberText.scientific(2.44e-7) == "2.4e-7")
        #expect(NumberText.scientific(0.0999) == "1.0e-1")
        #expect(NumberText.fixed(.infinity, decimals: 2) == "inf")
    }
}
