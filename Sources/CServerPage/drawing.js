// The drawings of the page: a spectrogram and the probabilities below it, over the same seconds of sound.

// Colours of marks and of values, those of the reports (MynahPlot): distinct inks, and cividis from dark to light.
const inks = ["#3b7fc4", "#c9711f", "#2f9157", "#9a62c4", "#d1483f", "#1c939c", "#87851f", "#c9588f", "#a06c46", "#6b7fa8"];
const cividis = [0x00224e, 0x083370, 0x35456c, 0x4f576c, 0x666970, 0x7d7c78, 0x948e77, 0xaea371, 0xc8b866, 0xe5cf52, 0xfee838];

export const inkOf = (index) => inks[index % inks.length];

/** Seconds that are shown. */
export const shownSeconds = 6;

const columnsPerSecond = 50;
const bandCount = 40;
const [lowHz, highHz] = [20, 7600];
const [quietest, loudest] = [-90, -20];

const mel = (hz) => 1127 * Math.log(1 + hz / 700);
const hertz = (mel) => 700 * (Math.exp(mel / 1127) - 1);

/** The colour of a share of 0 to 1. */
function colorOf(share) {
  const place = Math.min(Math.max(share, 0), 1) * (cividis.length - 1);
  const index = Math.min(Math.floor(place), cividis.length - 2);
  const part = place - index;
  return [16, 8, 0].map((shift) => {
    const low = (cividis[index] >> shift) & 255;
    const high = (cividis[index + 1] >> shift) & 255;
    return Math.round(low + part * (high - low));
  });
}

/** A Fourier transform of a power of two, in place. */
class Fourier {
  constructor(length) {
    this.length = length;
    this.cosine = Float32Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.sine = Float32Array.from({ length: length / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / length));
    const bits = Math.log2(length);
    this.reversed = Uint32Array.from({ length }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  transform(real, imaginary) {
    const { length, reversed } = this;
    for (let index = 0; index < length; index++) {
      const other = reversed[index];
      if (other > index) {
        [real[index], real[other]] = [real[other], real[index]];
        [imaginary[index], imaginary[other]] = [imaginary[other], imaginary[index]];
      }
    }
    for (let size = 2; size <= length; size *= 2) {
      const half = size / 2;
      const step = length / size;
      for (let start = 0; start < length; start += size) {
        for (let k = 0; k < half; k++) {
          const [c, s] = [this.cosine[k * step], this.sine[k * step]];
          const [a, b] = [start + k, start + k + half];
          const re = real[b] * c + imaginary[b] * s;
          const im = imaginary[b] * c - real[b] * s;
          real[b] = real[a] - re;
          imaginary[b] = imaginary[a] - im;
          real[a] += re;
          imaginary[a] += im;
        }
      }
    }
  }
}

/** Samples as they come; columns of mel energies in decibels as they are complete. */
export class Spectrogram {
  constructor(sampleRate) {
    this.hop = Math.round(sampleRate / columnsPerSecond);
    let length = 256;
    while (length < sampleRate * 0.03) length *= 2;
    this.fourier = new Fourier(length);
    this.window = Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
    this.samples = new Float32Array(length);
    this.sinceColumn = 0;
    this.columns = [];
    // For each band, the bins between its edges and their weights.
    const edges = Array.from({ length: bandCount + 2 }, (_, band) =>
      hertz(mel(lowHz) + ((mel(highHz) - mel(lowHz)) * band) / (bandCount + 1)));
    this.bands = Array.from({ length: bandCount }, (_, band) => {
      const weights = [];
      for (let bin = 0; bin <= length / 2; bin++) {
        const hz = (bin * sampleRate) / length;
        const weight = Math.min((hz - edges[band]) / (edges[band + 1] - edges[band]),
          (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1]));
        if (weight > 0) weights.push([bin, weight]);
      }
      return weights.length > 0 ? weights : [[Math.round((edges[band + 1] * length) / sampleRate), 1]];
    });
  }

  push(block) {
    for (let start = 0; start < block.length;) {
      const taken = Math.min(block.length - start, this.hop - this.sinceColumn);
      this.samples.copyWithin(0, taken);
      this.samples.set(block.subarray(start, start + taken), this.samples.length - taken);
      start += taken;
      this.sinceColumn += taken;
      if (this.sinceColumn === this.hop) {
        this.sinceColumn = 0;
        this.columns.push(this.column());
        if (this.columns.length > shownSeconds * columnsPerSecond) this.columns.shift();
      }
    }
  }

  column() {
    const real = this.samples.map((sample, n) => sample * this.window[n]);
    const imaginary = new Float32Array(real.length);
    this.fourier.transform(real, imaginary);
    const scale = 4 / (real.length * real.length);
    return this.bands.map((weights) => {
      let energy = 0;
      for (const [bin, weight] of weights) energy += weight * (real[bin] ** 2 + imaginary[bin] ** 2);
      return 10 * Math.log10(energy * scale + 1e-12);
    });
  }
}

/** Prepares a canvas for the size at which it is shown, in its own pixels. */
function prepare(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";
  const style = getComputedStyle(canvas);
  return { context, width, height, text: style.color, grid: "#8a9099" };
}

/** Room for the numbers beside and below a drawing. */
const margin = { left: 54, right: 8, top: 6, bottom: 20 };

/** Where a second of sound lies. */
const horizontal = (width, now) => (seconds) =>
  margin.left + ((seconds - now + shownSeconds) / shownSeconds) * (width - margin.left - margin.right);

function drawSeconds({ context, width, height, text }, now) {
  const x = horizontal(width, now);
  context.fillStyle = text;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  const step = width < 500 ? 2 : 1;
  for (let second = Math.max(0, Math.ceil((now - shownSeconds) / step) * step); second <= now; second += step) {
    const place = x(second);
    if (place > margin.left + 10 && place < width - 14) context.fillText(`${second} s`, place, height - 2);
  }
}

export function drawSpectrogram(canvas, spectrogram, now) {
  const frame = prepare(canvas);
  const { context, width, height, text } = frame;
  const [plotWidth, plotHeight] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const columns = spectrogram?.columns ?? [];
  const capacity = shownSeconds * columnsPerSecond;
  const image = new ImageData(capacity, bandCount);
  const dark = colorOf(0);
  for (let column = 0; column < capacity; column++) {
    const values = columns[column - capacity + columns.length];
    for (let band = 0; band < bandCount; band++) {
      const color = values ? colorOf((values[band] - quietest) / (loudest - quietest)) : dark;
      image.data.set([...color, 255], 4 * ((bandCount - 1 - band) * capacity + column));
    }
  }
  const small = new OffscreenCanvas(capacity, bandCount);
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, margin.left, margin.top, plotWidth, plotHeight);
  context.fillStyle = text;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const hz of [500, 1000, 2000, 4000]) {
    const share = (mel(hz) - mel(lowHz)) / (mel(highHz) - mel(lowHz));
    context.fillText(`${hz / 1000} kHz`, margin.left - 5, margin.top + plotHeight * (1 - share));
  }
  drawSeconds(frame, now);
}

/**
 * Draws the probabilities of words, their thresholds where they are near, and the detections.
 *
 * decisions: [{ time, posteriors }], oldest first; words: [{ index, name, ink }]; detections: [{ word, end }].
 */
export function drawPosteriors(canvas, decisions, words, detections, now) {
  const frame = prepare(canvas);
  const { context, width, height, text, grid } = frame;
  const plotHeight = height - margin.top - margin.bottom;
  const x = horizontal(width, now);
  const y = (probability) => margin.top + (1 - probability) * plotHeight;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const share of [0, 0.5, 1]) {
    context.fillStyle = text;
    context.fillText(`${100 * share} %`, margin.left - 5, Math.min(Math.max(y(share), 8), height - margin.bottom));
    context.strokeStyle = grid;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(margin.left, Math.round(y(share)) + 0.5);
    context.lineTo(width - margin.right, Math.round(y(share)) + 0.5);
    context.stroke();
    context.globalAlpha = 1;
  }
  context.save();
  context.beginPath();
  context.rect(margin.left, 0, width - margin.left - margin.right, height);
  context.clip();
  for (const { index, ink } of words) {
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.beginPath();
    let isDrawn = false;
    for (const { time, posteriors } of decisions) {
      if (isDrawn) context.lineTo(x(time), y(posteriors[index])); else context.moveTo(x(time), y(posteriors[index]));
      isDrawn = true;
    }
    context.stroke();
  }
  for (const { word, end } of detections) {
    const place = x(end);
    if (place < margin.left) continue;
    const ink = words.find(({ name }) => name === word)?.ink ?? text;
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(place, margin.top);
    context.lineTo(place, height - margin.bottom);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = text;
    context.textBaseline = "top";
    // To the left of its line where the right edge is near.
    context.textAlign = place > width - 70 ? "right" : "left";
    context.fillText(word, place + (place > width - 70 ? -5 : 5), margin.top + 2);
  }
  context.restore();
  drawSeconds(frame, now);
}
