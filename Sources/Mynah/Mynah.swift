// What an application imports: `import Mynah` brings the public declarations of these libraries, and they have no others
// than an application needs.

@_exported public import MynahAudio
@_exported public import MynahBase
@_exported public import MynahCapture
@_exported public import MynahModel
@_exported public import MynahRecognition
