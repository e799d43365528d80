#include <portaudio.h>

// The types of the functions that are used, for pointers to them: the library is loaded while the program runs.
typedef __typeof__(Pa_Initialize) *_Nonnull PaInitializeFunction;
typedef __typeof__(Pa_Terminate) *_Nonnull PaTerminateFunction;
typedef __typeof__(Pa_GetDeviceCount) *_Nonnull PaGetDeviceCountFunction;
typedef __typeof__(Pa_GetDefaultInputDevice) *_Nonnull PaGetDefaultInputDeviceFunction;
typedef __typeof__(Pa_GetDeviceInfo) *_Nonnull PaGetDeviceInfoFunction;
typedef __typeof__(Pa_GetErrorText) *_Nonnull PaGetErrorTextFunction;
typedef __typeof__(Pa_GetLastHostErrorInfo) *_Nonnull PaGetLastHostErrorInfoFunction;
typedef __typeof__(Pa_OpenStream) *_Nonnull PaOpenStreamFunction;
typedef __typeof__(Pa_StartStream) *_Nonnull PaStartStreamFunction;
typedef __typeof__(Pa_AbortStream) *_Nonnull PaAbortStreamFunction;
typedef __typeof__(Pa_CloseStream) *_Nonnull PaCloseStreamFunction;
typedef __typeof__(Pa_GetStreamReadAvailable) *_Nonnull PaGetStreamReadAvailableFunction;
typedef __typeof__(Pa_ReadStream) *_Nonnull PaReadStreamFunction;
