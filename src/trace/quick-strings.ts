/** Plain strings of a line, made once for many times: logs say the same few things over and over. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ASCII = 0x7f;

/** Slots of the cache, a power of two; and the longest string that it keeps. */
const SIZE = 4096;
const MAX_KEPT = 64;

export class QuickStrings {
  /** After a string was read: what follows its closing quote. */
  next = 0;
  private readonly kept: string[] = Array.from({ length: SIZE }, () => '');

  constructor(private readonly make: (text: string) => string) {}

  /** The string whose first character is here, after its quote; null if it has escapes or is not ASCII, or does not end. */
  read(bytes: Uint8Array, start: number): string | null {
    let hash = 0;
    let at = start;
    let byte = bytes[at] ?? 0;
    while (byte !== QUOTE) {
      if (byte < SPACE || byte > ASCII || byte === BACKSLASH) return null;
      hash = (Math.imul(hash, 31) + byte) | 0;
      byte = bytes[++at] ?? 0;
    }
    this.next = at + 1;
    if (at - start > MAX_KEPT) return textOf(bytes, start, at);
    const place = (hash ^ (hash >>> 12)) & (SIZE - 1);
    const known = this.kept[place]!;
    if (isAt(known, bytes, start, at)) return known;
    return (this.kept[place] = this.make(textOf(bytes, start, at)));
  }
}

function isAt(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}

const PIECE = 1024;

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += PIECE) text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + PIECE)) as unknown as number[]);
  return text;
}
