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

/** Thrown, and caught at once: the line is not plain. Made once, for to make one takes longer than to read a line. */
export const NOT_MINE = new Error('not a plain line');

export class QuickCursor {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  private readonly strings = new QuickStrings();

  /** Steps over white space and one character, and says which. */
  protected step(): number {
    while (this.bytes[this.at] === SPACE) this.at += 1;
    return this.bytes[this.at++] ?? 0;
  }

  protected peek(): number {
    while (this.bytes[this.at] === SPACE) this.at += 1;
    return this.bytes[this.at] ?? 0;
  }

  protected string(): string {
    if (this.step() !== QUOTE) throw NOT_MINE;
    const text = this.strings.read(this.bytes, this.at);
    if (text === null) throw NOT_MINE;
    this.at = this.strings.next;
    return text;
  }

  /** An integer from 0 to 2147483647. */
  protected count(): number {
    let digit = this.peek();
    if (digit < ZERO || digit > NINE) throw NOT_MINE;
    const start = this.at;
    let number = 0;
    do {
      number = 10 * number + digit - ZERO;
      digit = this.bytes[++this.at] ?? 0;
    } while (digit >= ZERO && digit <= NINE && number <= MAX_COUNT);
    if (number > MAX_COUNT || (this.bytes[start] === ZERO && this.at - start > 1)) throw NOT_MINE;
    if (digit !== COMMA && digit !== END && digit !== CLOSE && digit !== SPACE) throw NOT_MINE;
    return number;
  }
}
