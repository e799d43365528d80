// Words that the model is taught: takes from the microphone or from files go to the server, which says how well they will be heard.
import { ask, element, make } from "./elements.js";
import { openMicrophone, waveFile } from "./microphone.js";

/** Takes that are wanted, and the length of one in seconds. */
const takeCount = 5;
const takeSeconds = 2;

/** Seconds of a countdown, for each number of it. */
const countSeconds = 0.7;

/** The model that is shown; undefined where it cannot be taught. */
let model;

/** What is to be sent: `{ blob, audio, note }`, in the order in which it came; `audio` plays it. */
let takes = [];

/** What goes on while takes are recorded; undefined otherwise. */
let recording;

/** Whether the server learns. */
let isBusy = false;

/** What the page does when the microphone is wanted, which microphone that is, and what it does when words have changed. */
let page;

function say(text, isBad = false) {
  const status = element("teaching-status");
  status.textContent = text;
  status.className = isBad ? "bad" : "quiet";
}

// MARK: Takes

/** What is wrong with samples as far as a person can mend it at once; the server looks closer. */
function noteOf(samples, sampleRate) {
  const length = Math.round(sampleRate / 100);
  const levels = [];
  for (let start = 0; start + length <= samples.length; start += length) {
    let energy = 0;
    for (let index = start; index < start + length; index++) energy += samples[index] ** 2;
    levels.push(10 * Math.log10(energy / length + 1e-12));
  }
  levels.sort((a, b) => a - b);
  const [loudest, background] = [levels.at(-1), levels[Math.floor(levels.length / 10)]];
  if (samples.some((sample) => Math.abs(sample) > 0.99)) return "too loud: a little farther away";
  if (loudest < -66 || loudest - background < 6) return "nothing is heard in it";
  return loudest < -42 ? "quiet: a little nearer" : "";
}

function addTake(blob, note, place = takes.length) {
  if (takes[place]) giveBack(takes[place]);
  takes[place] = { blob, note, audio: make("audio", { controls: "", src: URL.createObjectURL(blob) }) };
  show();
}

function removeTakes(gone) {
  gone.forEach(giveBack);
  takes = takes.filter((take) => !gone.includes(take));
  show();
}

/** Gives the memory of a take back. */
function giveBack({ audio }) {
  const url = audio.src;
  audio.removeAttribute("src");
  audio.load();
  URL.revokeObjectURL(url);
}

/** Shows the takes, and which buttons can be pressed. */
function show() {
  const isAtWork = isBusy || recording !== undefined;
  element("takes").replaceChildren(...takes.map((take, place) => {
    const again = make("button", { type: "button", "aria-label": `Record take ${place + 1} again` }, "Again");
    again.addEventListener("click", () => record([place]));
    const remove = make("button", { type: "button", "aria-label": `Remove take ${place + 1}` }, "Remove");
    remove.addEventListener("click", () => {
      removeTakes([take]);
      element("record").focus();
    });
    again.disabled = remove.disabled = isAtWork;
    take.audio.setAttribute("aria-label", `Take ${place + 1}`);
    return make("li", {}, make("b", {}, `Take ${place + 1}`), take.audio, again, remove,
      ...(take.note ? [make("span", { class: "bad" }, take.note)] : []));
  }));
  const left = Math.max(takeCount - takes.length, 1);
  const button = element("record");
  button.textContent = recording ? "Stop recording" : `Record ${left}${takes.length > 0 ? " more" : ""} ${left === 1 ? "take" : "takes"}`;
  button.disabled = isBusy;
  element("teach-word").disabled = isBusy;
  element("take-files").disabled = isAtWork;
  element("send").disabled = isAtWork || takes.length === 0;
}

// MARK: The microphone

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** Records takes for these places, one after the other. */
async function record(places) {
  const own = { blocks: undefined, level: -60 };
  recording = own;
  page.beforeRecording();
  show();
  // The button that was pressed may have gone.
  element("record").focus();
  const meter = element("take-level");
  try {
    say("Waiting for the microphone…");
    const microphone = await openMicrophone(page.deviceId(), (block) => {
      let energy = 0;
      for (const sample of block) energy += sample * sample;
      own.level = Math.max(own.level - 2, 10 * Math.log10(energy / block.length + 1e-6));
      meter.value = own.level;
      own.blocks?.push(block);
    });
    own.close = microphone.close;
    if (recording !== own) return;
    meter.hidden = false;
    for (const place of places) {
      for (let number = 3; number > 0; number--) {
        if (recording !== own) return;
        say(`Take ${place + 1} in ${number}…`);
        await wait(countSeconds);
      }
      if (recording !== own) return;
      const word = element("teach-word").value;
      say(word ? `Say “${word}” now.` : "Say the word now.");
      own.blocks = [];
      await wait(takeSeconds);
      const samples = own.blocks.flatMap((block) => [...block]);
      own.blocks = undefined;
      if (recording !== own) return;
      addTake(waveFile(samples, microphone.sampleRate), noteOf(samples, microphone.sampleRate), place);
    }
    endRecording(takes.some(({ note }) => note)
      ? "Listen to the takes that are marked, and record them again."
      : "Listen to the takes if you like, then teach them.");
  } catch (error) {
    if (recording === own) endRecording(`The microphone cannot be heard: ${error.message}`, true);
  } finally {
    own.close?.();
  }
}

function endRecording(text, isBad = false) {
  recording = undefined;
  element("take-level").hidden = true;
  say(text, isBad);
  show();
}

// MARK: The server

const address = (word) =>
  `v1/models/${encodeURIComponent(model.name)}/words${word === undefined ? "" : `/${encodeURIComponent(word)}`}`;

/** Sends the takes, and has them learnt together; those that are refused stay. */
async function teach() {
  const word = element("teach-word").value.trim();
  if (!word) {
    say("A word needs a name.", true);
    return element("teach-word").focus();
  }
  // Another model may be chosen meanwhile.
  const path = address(word);
  isBusy = true;
  show();
  const notes = [];
  const kept = [];
  let last;
  for (const [place, take] of takes.entries()) {
    say(`Sending take ${place + 1}…`);
    try {
      const { faults } = (await ask(`${path}?learn=false`, { method: "POST", body: take.blob })).take;
      if (faults.length > 0) notes.push(`take ${place + 1}: ${faults.join(", ")}`);
      kept.push(take);
    } catch (error) {
      take.note = error.message;
      notes.push(`take ${place + 1}: ${error.message}`);
    }
  }
  if (kept.length > 0) {
    say(`Learning “${word}”…`);
    try {
      // The same recording counts once; this time all of them are learnt.
      last = await ask(path, { method: "POST", body: kept[0].blob });
      removeTakes(kept);
    } catch (error) {
      notes.push(error.message);
    }
  }
  const own = last?.words.find((line) => line.word === word);
  if (own) notes.unshift(`“${word}” has ${takesText(own.takes)}, ${heardText(own)}`);
  if (last) await changed(last);
  rest(`${notes.join("; ")}.`, takes.length > 0);
}

async function forget(word) {
  isBusy = true;
  show();
  say(`Forgetting “${word}”…`);
  try {
    await changed(await ask(address(word), { method: "DELETE" }));
    rest(`“${word}” is forgotten; mynah words --undo brings it back.`);
  } catch (error) {
    rest(error.message, true);
  }
}

/** The words have changed, and the model with them. */
async function changed(answer) {
  showWords(answer);
  await page.onChange();
}

/** The server has learnt. */
function rest(text, isBad = false) {
  isBusy = false;
  say(text, isBad);
  show();
  // The button that was pressed may have gone.
  element("record").focus();
}

const takesText = (takes) => `${takes} ${takes === 1 ? "take" : "takes"}`;
const heardText = ({ heardOfTen }) =>
  heardOfTen === undefined ? "how often it will be heard shows from the second take on" : `will be heard about ${heardOfTen} times in ten`;

function showWords({ words }) {
  element("taught-none").hidden = words.length > 0;
  element("taught-words").replaceChildren(...words.map((line) => {
    const { word, takes, advice } = line;
    const advised = advice ? [heardText(line)] : [];
    if (advice?.closest) advised.push(`close to “${advice.closest.word}” in ${advice.closest.count} of ${takes}`);
    for (const take of advice?.differingTakes ?? []) advised.push(`${take} differs from the others`);
    if (advice) advised.push(advice.help);
    const button = make("button", { type: "button", "aria-label": `Forget ${word}` }, "Forget");
    // A word is forgotten by two clicks, since one may be a mistake.
    button.addEventListener("click", () => {
      if (button.textContent !== "Forget") return forget(word);
      button.textContent = "Really?";
      button.setAttribute("aria-label", `Really forget ${word}?`);
    });
    button.addEventListener("blur", () => {
      button.textContent = "Forget";
      button.setAttribute("aria-label", `Forget ${word}`);
    });
    return make("li", {}, make("div", {}, make("b", {}, word), ` ${takesText(takes)}`,
      ...(advised.length > 0 ? [make("div", { class: "quiet" }, advised.join("; "))] : [])), button);
  }));
}

/** Shows the words of a model, or nothing where it cannot be taught any. */
export async function showTeaching(shown) {
  const isOther = shown.name !== model?.name;
  model = shown.canTeach ? shown : undefined;
  element("teaching").hidden = !model;
  if (recording && isOther) endRecording("The recording has ended, for another model was chosen.");
  if (!model || !isOther) return;
  try {
    const answer = await ask(address());
    if (model?.name === shown.name) showWords(answer);
  } catch (error) {
    say(error.message, true);
  }
}

/** Prepares the teaching part of the page: `{ beforeRecording, deviceId, onChange }`. */
export function setUpTeaching(surroundings) {
  page = surroundings;
  element("record").addEventListener("click", () => {
    if (recording) return endRecording("The recording was stopped.");
    const first = takes.length;
    record(Array.from({ length: Math.max(takeCount - first, 1) }, (_, place) => first + place));
  });
  element("take-files").addEventListener("change", ({ target }) => {
    for (const file of target.files) addTake(file, "");
    target.value = "";
  });
  const form = element("teach");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!element("send").disabled) teach();
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (recording || isBusy) return;
    for (const file of event.dataTransfer.files) addTake(file, "");
  });
  show();
}
