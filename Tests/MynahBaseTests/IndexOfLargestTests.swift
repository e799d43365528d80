import MynahBase
import Testing

struct IndexOfLargestTests {
    @Test(
        arguments: [
            ([0.1, 0.7, 0.2], 1), ([0.5, 0.5], 0), ([0.2, 0.4, 0.4, 0.1], 1), ([-.infinity, -3, -2], 2),
            ([1], 0),
        ] as [([Float], Int)]) func firstOfTheLargest(values: [Float], index: Int)
    {
        #expect(values.indexOfLargest == index)
    }

    @Test func whatIsNoNumberIsNotLargest() {
        #expect([Float.nan, 0.2, 0.3].indexOfLargest == 2)
        #expect([0.2, Float.nan, 0.1].indexOfLargest == 0)
        #expect([Float.nan, .nan].indexOfLargest == 0)
        #expect([Float]().indexOfLargest == nil)
    }

    @Test func amongSomeIndices() {
        let values: [Float] = [0.9, 0.3, 0.6, 0.6]
        #expect([1, 2, 3].indexOfLargest(by: { values[$0] }) == 2)
        #expect((0..<0).indexOfLargest(by: { values[$0] }) == nil)
    }
}
