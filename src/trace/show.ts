/** Text from outside, made fit for a message: short, on one line, and without characters that a terminal would obey. */

const MAX_SHOWN = 80;

// Controls, and the marks that reorder or hide text on a terminal.
// eslint-disable-next-line no-control-regex -- these are what must not get through
const unsafe = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The text with those characters written as \uXXXX, cut after about 80 characters. */
export function showText(text: string): string {
  const start = text.slice(0, MAX_SHOWN);
  const whole = /[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start;
  return printable(whole) + (text.length > whole.length ? '...' : '');
}

/** The whole text with those characters written as \uXXXX. */
export const printable = (text: string): string => text.replace(unsafe, escaped);

/** The value as JSON, shortened likewise. */
export const show = (value: unknown): string => (value === undefined ? 'nothing' : showText(JSON.stringify(value)));

/** `"a", "b" or "c"`; after eight of them, how many more there are. */
export function showChoice(choices: readonly unknown[]): string {
  const shown = choices.slice(0, 8).map(show);
  if (choices.length > shown.length) return `${shown.join(', ')} or ${choices.length - shown.length} more`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)!}`;
}

/** The way from a line's object to a field in it. */
export type Path = readonly (string | number)[];

/** A path as people write it: ['votes', 0, 'ballot'] is `votes[0].ballot`. */
export function showPath(path: Path): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `[${show(step)}]`));
  return showText(steps.join('').replace(/^\./, ''));
}
