// The page of mynah-server: the microphone goes to /v1/listen, what comes back is drawn and listed.
import { Spectrogram, drawPosteriors, drawSpectrogram, inkOf, shownSeconds } from "./drawing.js";
import { ask, element, fixed, make, percent } from "./elements.js";
import { openMicrophone } from "./microphone.js";
import { setUpTeaching, showTeaching } from "./teaching.js";

/** All models of the server, and the one that is chosen. */
let models = [];
let model;

/** What is changed of the thresholds, by word. */
let thresholds = {};

/** What goes on while the microphone is heard; undefined otherwise. */
let session;

/** How often each word was heard. */
let counts = {};

function say(text, isBad = false) {
  const status = element("status");
  status.textContent = text;
  status.className = isBad ? "bad" : "quiet";
}

// MARK: The model

const thresholdOf = (word) => thresholds[word] ?? model.detection.thresholds[word] ?? model.detection.threshold;

function choose(name) {
  model = models.find((model) => model.name === name);
  thresholds = {};
  counts = {};
  element("listen").disabled = !model.canStream;
  showWords();
  showFacts();
  showTeaching(model);
}

/** Reads the models anew, and chooses the one of a name. */
async function readModels(name) {
  ({ models } = await ask("v1/models"));
  choose(name ?? models[0].name);
}

/** The words with their place among the labels and a colour of their own. */
const words = () => model.words.map((name, place) => ({ name, index: model.labels.indexOf(name), ink: inkOf(place) }));

function showWords() {
  element("table").replaceChildren(...words().map(({ name, ink }) => {
    const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("i"));
    bar.style.setProperty("--color", ink);
    bar.firstChild.id = `bar-${name}`;
    const slider = make("input", {
      type: "range", min: "0.05", max: "1", step: "0.01", value: thresholdOf(name), "aria-label": `Threshold of ${name}`,
    });
    const output = make("output", {}, fixed(thresholdOf(name), 2));
    slider.addEventListener("input", () => {
      thresholds[name] = Number(slider.value);
      output.textContent = fixed(thresholds[name], 2);
      sendThresholds();
    });
    return make("tr", {}, make("th", { class: "l", scope: "row" }, name), make("td", { class: "l" }, bar),
      make("td", { class: "l" }, slider, " ", output), make("td", { id: `count-${name}` }, "0"));
  }));
  element("legend").replaceChildren(...words().map(({ name, ink }) => {
    const swatch = make("i");
    swatch.style.background = ink;
    return make("li", {}, swatch, name);
  }));
}

function showFacts() {
  const facts = [
    ["Name", model.name],
    ["Words", model.words.join(", ") || "none yet"],
    ["Hears", `${model.sampleRate.toLocaleString("en")} Hz, a window of ${model.clipSeconds} s`],
    ["Decides", model.canStream ? `every ${fixed(1000 * model.decisionSeconds, 0)} ms` : "at the end of a clip; it cannot follow a stream"],
    ["Parameters", model.parameters.toLocaleString("en")],
    ["SHA-256", model.sha256],
  ];
  if (model.attribution) facts.push(["Learnt from", model.attribution]);
  element("facts").replaceChildren(...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  element("download").href = `v1/models/${encodeURIComponent(model.name)}/file`;
}

let thresholdTimer;

/** Tells the server of thresholds, not more often than it matters. */
function sendThresholds() {
  clearTimeout(thresholdTimer);
  thresholdTimer = setTimeout(() => {
    if (session?.isReady) session.socket.send(JSON.stringify({ thresholds: allThresholds() }));
  }, 50);
}

/** Those of all words, so that what was changed before stays. */
const allThresholds = () => Object.fromEntries(model.words.map((word) => [word, thresholdOf(word)]));

// MARK: Listening

async function listen() {
  const own = { isReady: false, decisions: [], detections: [], seconds: 0, level: 0 };
  session = own;
  const button = element("listen");
  button.textContent = "Stop";
  button.setAttribute("aria-pressed", "true");
  say("Waiting for the microphone…");
  try {
    own.microphone = await openMicrophone(element("device").value, (block) => take(own, block));
    if (session !== own) return end(own);
    showDevices();
    own.spectrogram = new Spectrogram(own.microphone.sampleRate);
    connect(own);
  } catch (error) {
    if (session === own) stop(`The microphone cannot be heard: ${error.message}`);
  }
}

function connect(own) {
  const address = new URL("v1/listen", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address, ["mynah.v1"]);
  socket.binaryType = "arraybuffer";
  own.socket = socket;
  socket.onopen = () => socket.send(JSON.stringify({
    rate: own.microphone.sampleRate, format: "f32le", model: model.name, posteriors: true, thresholds: allThresholds(),
  }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.ready) {
      own.isReady = true;
      say(`Listening at ${own.microphone.sampleRate.toLocaleString("en")} Hz.`);
    } else if (message.posteriors) {
      own.decisions.push(message);
      while (own.decisions[0].time < message.time - shownSeconds) own.decisions.shift();
    } else if (message.word) {
      own.detections.push(message);
      showEvent(message);
    } else if (message.error) {
      own.fault = message.error.message;
    }
  };
  socket.onclose = ({ code }) => {
    if (session === own) stop(own.fault ?? (code === 1001 ? "The server has ended." : "The connection to the server is lost."));
  };
}

/** Samples of the microphone. */
function take(own, block) {
  if (session !== own || !own.isReady) return;
  if (own.socket.bufferedAmount > 1 << 20) return stop("The connection to the server is too slow.");
  // Seconds of sound are those that the server counts, too.
  own.seconds += block.length / own.microphone.sampleRate;
  own.spectrogram.push(block);
  let energy = 0;
  for (const sample of block) energy += sample * sample;
  own.level = Math.max(0.8 * own.level, energy / block.length);
  own.socket.send(block);
}

function stop(reason) {
  const own = session;
  session = undefined;
  const button = element("listen");
  button.textContent = "Listen";
  button.setAttribute("aria-pressed", "false");
  say(reason ?? "Not listening.", reason !== undefined);
  element("leader").textContent = "–";
  element("leader-note").textContent = "not listening";
  if (own) end(own);
}

/** Gives the microphone and the connection back. */
function end(own) {
  own.microphone?.close();
  own.socket?.close(1000);
}

/** Microphones have names once one of them may be heard. */
async function showDevices() {
  const select = element("device");
  const chosen = select.value;
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind, deviceId }) =>
    kind === "audioinput" && deviceId !== "default" && deviceId !== "communications");
  select.replaceChildren(make("option", { value: "" }, "the usual one"),
    ...devices.map(({ deviceId, label }) => make("option", { value: deviceId }, label || "a microphone")));
  select.value = chosen;
}

// MARK: What is shown

function eventItem({ word, start, end, confidence }) {
  return make("li", {}, make("b", {}, word), make("span", {}, `known at ${fixed(1000 * end, 0)} ms`),
    make("span", { class: "quiet" }, `from ${fixed(1000 * start, 0)} ms, ${percent(confidence)}`));
}

function showEvent(event) {
  counts[event.word] = (counts[event.word] ?? 0) + 1;
  const count = element(`count-${event.word}`);
  if (count) count.textContent = counts[event.word];
  element("word").textContent = event.word;
  element("word-note").textContent = `known at ${fixed(1000 * event.end, 0)} ms, ${percent(event.confidence)}`;
  element("nothing").hidden = true;
  const list = element("events");
  list.prepend(eventItem(event));
  while (list.children.length > 200) list.lastChild.remove();
}

function draw() {
  const own = session ?? last;
  const now = Math.max(own?.seconds ?? 0, shownSeconds);
  drawSpectrogram(element("spectrogram"), own?.spectrogram, now);
  drawPosteriors(element("posteriors"), own?.decisions ?? [], model ? words() : [], own?.detections ?? [], now);
  if (!session) return;
  last = session;
  const decibels = 10 * Math.log10(session.level + 1e-6);
  element("level").value = decibels;
  element("level-value").textContent = `${fixed(decibels, 0)} dB`;
  const posteriors = session.decisions.at(-1)?.posteriors;
  if (!posteriors) return;
  for (const { name, index } of words()) {
    const bar = element(`bar-${name}`);
    if (bar) bar.style.transform = `scaleX(${posteriors[index]})`;
  }
  const leader = posteriors.indexOf(Math.max(...posteriors));
  const names = { _silence_: "silence", _unknown_: "another word" };
  element("leader").textContent = names[model.labels[leader]] ?? model.labels[leader];
  element("leader-note").textContent = percent(posteriors[leader]);
}

/** What was heard last stays visible. */
let last;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
let drawnAt = 0;

function animate(time) {
  // Somebody whom motion disturbs sees four pictures a second.
  if (time - drawnAt >= (calm.matches ? 250 : 30) && !document.hidden) {
    drawnAt = time;
    draw();
  }
  requestAnimationFrame(animate);
}

// MARK: Recordings

async function recognize(file) {
  const result = element("result");
  result.replaceChildren(make("p", { class: "quiet" }, `${file.name} is heard…`));
  const query = `model=${encodeURIComponent(model.name)}`;
  try {
    const parts = [make("h3", {}, file.name)];
    try {
      const { top } = await ask(`v1/recognize?top=3&${query}`, { method: "POST", body: file });
      parts.push(make("p", {}, "As a clip: ",
        ...top.flatMap(({ label, probability }, place) => [place ? ", " : "", make(place ? "span" : "b", {}, label), ` ${percent(probability)}`])));
    } catch (error) {
      if (error.code !== "sound-too-long") throw error;
    }
    if (model.canStream) {
      const overrides = Object.entries(thresholds).map(([word, value]) => `&threshold=${encodeURIComponent(`${word}=${value}`)}`);
      const { events, seconds } = await ask(`v1/detect?${query}${overrides.join("")}`, { method: "POST", body: file });
      parts.push(make("p", {}, events.length === 0 ? `No word in ${fixed(seconds, 2)} s.` : `In ${fixed(seconds, 2)} s:`),
        make("ol", { id: "file-events" }, ...events.map(({ word, end, confidence }) =>
          make("li", {}, make("b", {}, word), ` known at ${fixed(1000 * end, 0)} ms, ${percent(confidence)}`))));
    }
    result.replaceChildren(...parts);
  } catch (error) {
    result.replaceChildren(make("h3", {}, file.name), make("p", { class: "bad" }, error.message));
  }
}

// MARK: The start

element("listen").addEventListener("click", () => (session ? stop() : listen()));
element("model").addEventListener("change", ({ target }) => {
  if (session) stop();
  choose(target.value);
});
element("reset").addEventListener("click", () => {
  thresholds = {};
  showWords();
  sendThresholds();
});
element("chosen").addEventListener("change", ({ target }) => {
  if (target.files[0]) recognize(target.files[0]);
  target.value = "";
});
setUpTeaching({
  beforeRecording: () => { if (session) stop(); },
  deviceId: () => element("device").value,
  onChange: () => {
    // A stream goes on with the model that it has.
    if (session) stop("The model has changed: listen again.");
    return readModels(model.name).catch((error) => say(`The server does not tell its models: ${error.message}`, true));
  },
});
const drop = element("drop");
for (const name of ["dragenter", "dragover"]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
addEventListener("dragleave", ({ relatedTarget }) => { if (!relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer.files[0]) recognize(event.dataTransfer.files[0]);
});

try {
  await readModels();
  element("model").replaceChildren(...models.map(({ name }) => make("option", { value: name }, name)));
  say("Not listening.");
  requestAnimationFrame(animate);
} catch (error) {
  say(`The server does not tell its models: ${error.message}`, true);
}
