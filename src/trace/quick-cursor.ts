/** Steps through the bytes of a plain line: no escapes, nothing but ASCII, small integers, no white space but spaces. */
import { QuickStrings } from './quick-strings.js';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const [OPEN, CLOSE, BEGIN, END] = [0x5b, 0x5d, 0x7b, 0x7d] as const;
const SPACE = 0x20;
const [ZERO, NINE] = [0x30, 0x39];

const MAX_COUNT = 0x7fffffff;
/** Deeper ones are rare. */
const MAX_DEPTH = 8;

/** Thrown, and caught at once: the line is not plain. Made once, for to make one takes longer than to read a line. */
export const NOT_MINE = new Error('not a plain line');

export class QuickCursor {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  private readonly strings = new QuickStrings((text) => text);
  /** As the literals of a program are kept: to compare two of them is to compare two addresses. */
  private readonly names = new QuickStrings((text) => Object.keys({ [text]: 0 })[0]!);

  /** Steps over white space and one character, and says which. */
  protected step(): number {
    const byte = this.peek();
    this.at += 1;
    return byte;
  }

  protected peek(): number {
    let byte = this.bytes[this.at];
    while (byte === SPACE) byte = this.bytes[++this.at];
    return byte ?? 0;
  }

  protected string(): string {
    return this.stringFrom(this.strings);
  }

  /** A string of which there are few. */
  protected name(): string {
    return this.stringFrom(this.names);
  }

  private stringFrom(strings: QuickStrings): string {
    if (this.step() !== QUOTE) throw NOT_MINE;
    const text = strings.read(this.bytes, this.at);
    if (text === null) throw NOT_MINE;
    this.at = strings.next;
    return text;
  }

  /** An integer from 0 to 2147483647. */
  protected count(): number {
    const first = this.peek();
    if (first < ZERO || first > NINE) throw NOT_MINE;
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let number = 0;
    let digit = first;
    do {
      number = 10 * number + digit - ZERO;
      digit = bytes[++at] ?? 0;
    } while (digit >= ZERO && digit <= NINE && number <= MAX_COUNT);
    if (number > MAX_COUNT || (first === ZERO && at - start > 1)) throw NOT_MINE;
    if (digit !== COMMA && digit !== END && digit !== CLOSE && digit !== SPACE) throw NOT_MINE;
    this.at = at;
    return number;
  }

  /** A string, an integer, or an object or array of such, not too deep. */
  protected value(depth: number): unknown {
    const next = this.peek();
    if (next === QUOTE) return this.string();
    if (depth > MAX_DEPTH) throw NOT_MINE;
    if (next === BEGIN) return this.object(depth);
    return next === OPEN ? this.array(depth) : this.count();
  }

  private array(depth: number): unknown[] {
    this.at += 1;
    const items: unknown[] = [];
    if (this.peek() === CLOSE) {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      const next = this.step();
      if (next === CLOSE) return items;
      if (next !== COMMA) throw NOT_MINE;
    }
  }

  private object(depth: number): object {
    this.at += 1;
    const made: Record<string, unknown> = {};
    if (this.peek() === END) {
      this.at += 1;
      return made;
    }
    for (;;) {
      const key = this.name();
      // What reaches a prototype is in there already, too.
      if (key in made || this.step() !== COLON) throw NOT_MINE;
      made[key] = this.value(depth + 1);
      const next = this.step();
      if (next === END) return made;
      if (next !== COMMA) throw NOT_MINE;
    }
  }
}
