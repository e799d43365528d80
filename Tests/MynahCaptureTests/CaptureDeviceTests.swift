import MynahCapture
import Testing

/// Which device a user means.
struct CaptureDeviceTests {
    private let devices = [
        CaptureDevice(
            number: 0, name: "HDA Intel: Analog", channelCount: 2, sampleRate: 44_100, isDefault: false),
        CaptureDevice(number: 3, name: "USB Headset", channelCount: 1, sampleRate: 48_000, isDefault: true),
        CaptureDevice(
            number: 4, name: "USB Headset Pro", channelCount: 1, sampleRate: 48_000, isDefault: false),
    ]

    @Test(
        arguments: [(nil, 3), ("0", 0), ("4", 4), ("USB Headset", 3), ("intel", 0), ("PRO", 4)]
            as [(String?, Int)])
    func chosen(wish: String?, number: Int) throws {
        #expect(try CaptureDevice.choose(wish, among: devices).number == number)
    }

    @Test func notFound() {
        let names = devices.map(\.name)
        #expect(throws: CaptureError.noSuchDevice(name: "webcam", matchCount: 0, available: names)) {
            try CaptureDevice.choose("webcam", among: devices)
        }
        #expect(throws: CaptureError.noSuchDevice(name: "usb", matchCount: 2, available: names)) {
            try CaptureDevice.choose("usb", among: devices)
        }
        #expect(throws: CaptureError.noDevice) { try CaptureDevice.choose(nil, among: []) }
    }
}
