// What all parts of the page share: elements by their names, and numbers as text.

export const element = (id) => document.getElementById(id);
export const fixed = (number, decimals) => number.toFixed(decimals);
export const percent = (share) => `${fixed(100 * share, 1)} %`;

/** An element with its contents. */
export function make(tag, attributes = {}, ...contents) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...contents);
  return made;
}

/** Asks the server, and gives what it answers; what it refuses is an error with its code. */
export async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error.message), { code: body.error.code });
  return body;
}
