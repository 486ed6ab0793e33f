/** HTML that is safe by construction: whatever is put into a template is escaped, unless it comes from a template itself. */
import { printable } from '../trace/show.js';

class Markup {
  constructor(readonly text: string) {}
}

export type Html = Markup;
export type Content = string | number | Html | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Halves of characters have no place in UTF-8. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** No text of a log is longer on the page. */
const MAX_TEXT = 2000;

const cut = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)`);

const escape = (text: string): string => printable(cut(text)).replace(HALF, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escape(String(content));
}

/** The template with its parts escaped, and cut where they are too long; lists are joined. Attributes must be in double quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Content[]): Html => new Markup(strings.map((text, at) => text + (at < parts.length ? textOf(parts[at]!) : '')).join(''));

/** Text of ours, as it is. */
export const verbatim = (text: string): Html => new Markup(text);

export const NOTHING = html``;
