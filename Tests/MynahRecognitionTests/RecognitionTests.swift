import MynahRecognition
import Testing

struct RecognitionTests {
    private let recognition = Recognition(
        labels: ["a", "b", "c", "d"], posteriors: [0.1, 0.4, 0.1, 0.4], windowStart: 0.25, duration: 2)

    @Test func candidatesAreSorted() {
        #expect(recognition.best == recognition.top(1)[0])
        #expect(recognition.top(4).map(\.label) == ["b", "d", "a", "c"])
        #expect(recognition.top(4).map(\.probability) == [0.4, 0.4, 0.1, 0.1])
    }

    @Test func asManyAsAreAskedForOrThere() {
        #expect(recognition.top(0).isEmpty)
        #expect(recognition.top(2).map(\.label) == ["b", "d"])
        #expect(recognition.top(.max).count == 4)
    }
}
