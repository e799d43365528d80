// The microphone of the browser, for whoever on the page wants to hear it.

/**
 * Opens the microphone: `take` gets its samples, 20 ms at a time, until `close` is called.
 *
 * The samples are as they are: what improves a telephone call spoils what a network has learnt.
 */
export async function openMicrophone(deviceId, take) {
  if (!navigator.mediaDevices) throw new Error("A browser gives the microphone to pages from this machine or over https alone.");
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {
      deviceId: deviceId || undefined,
      channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false,
    },
  });
  const context = new AudioContext();
  const close = () => {
    stream.getTracks().forEach((track) => track.stop());
    context.close();
  };
  try {
    await context.audioWorklet.addModule("worklet.js");
    const worklet = new AudioWorkletNode(context, "gatherer");
    worklet.port.onmessage = ({ data }) => take(data);
    // Its output is silence; without a way to the loudspeaker it would not be asked for any.
    context.createMediaStreamSource(stream).connect(worklet).connect(context.destination);
    await context.resume();
  } catch (error) {
    close();
    throw error;
  }
  return { sampleRate: context.sampleRate, close };
}

/** Samples within ±1 as a WAV file of 16 bits. */
export function waveFile(samples, sampleRate) {
  const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (place, letters) => [...letters].forEach((letter, index) => bytes.setUint8(place + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, sampleRate, true);
  bytes.setUint32(28, 2 * sampleRate, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => bytes.setInt16(44 + 2 * index, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true));
  return new Blob([bytes], { type: "audio/wav" });
}
