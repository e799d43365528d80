// Gathers the samples of the microphone, and hands them to the page 20 ms at a time.
class Gatherer extends AudioWorkletProcessor {
  constructor() {
    super();
    this.length = Math.round(sampleRate / 50);
    this.begin();
  }

  begin() {
    this.block = new Float32Array(this.length);
    this.filled = 0;
  }

  process(inputs) {
    const channels = inputs[0];
    if (channels.length === 0) return true;
    for (let index = 0; index < channels[0].length; index++) {
      let sum = 0;
      for (const channel of channels) sum += channel[index];
      this.block[this.filled++] = sum / channels.length;
      if (this.filled === this.length) {
        this.port.postMessage(this.block, [this.block.buffer]);
        this.begin();
      }
    }
    return true;
  }
}

registerProcessor("gatherer", Gatherer);
