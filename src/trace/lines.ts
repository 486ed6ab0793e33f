/** Splits a stream of bytes into lines of text, in memory bounded by one chunk and one line. */
import type { Place, TraceError } from './errors.js';
import { traceError } from './errors.js';
import { decodeLine, refuseForeign } from './utf8.js';

export interface Line {
  /** Counts from 1, blank lines included. */
  readonly number: number;
  readonly text: string;
  /** False for a last line without a newline: it may have been cut. */
  readonly terminated: boolean;
}

/** 1 MiB, without the newline. */
export const MAX_LINE_BYTES = 2 ** 20;

const NEWLINE = 0x0a;

/** How many whole lines from here on nobody has to look at, and where the next one begins; null if none. */
export type Skip = (bytes: Uint8Array, start: number) => { readonly lines: number; readonly next: number } | null;

/** What is made of the bytes of a line: it may look at them only while it is called. */
export interface LineTaker {
  /** The line that these bytes begin with, if it ends in them and is of a simple kind: where the next one begins; 0 otherwise. */
  readonly quick: (bytes: Uint8Array, start: number, number: number) => number;
  readonly skip?: Skip;
  /** Any other line that is not blank. */
  readonly line: (line: Line) => void;
}

/**
 * Splits bytes into lines as they come. Lines that are not blank are handed on, without newlines and without a byte order mark on
 * line 1. A carriage return before a newline stays: to JSON it is white space.
 */
export class LineSplitter {
  private readonly carry: Carry = { buffer: new Uint8Array(0), length: 0 };
  private number = 1;

  constructor(private readonly taker: LineTaker, private readonly file: string, private readonly maxBytes: number) {}

  /** Throws TraceSyntaxError: INVALID_UTF8; LINE_TOO_LONG as soon as that is certain, without reading on. */
  push(chunk: Uint8Array): void {
    let start = 0;
    while (start < chunk.length) {
      const skipped = this.carry.length === 0 && this.number > 1 ? this.taker.skip?.(chunk, start) : null;
      if (skipped) {
        this.number += skipped.lines;
        start = skipped.next;
        continue;
      }
      const next = this.carry.length === 0 && this.number > 1 ? this.taker.quick(chunk, start, this.number) : 0;
      if (next > 0) {
        this.number += 1;
        start = next;
        continue;
      }
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const bytes = take(this.carry, chunk.subarray(start, end), this.maxBytes, this.place);
      this.decoded(bytes, true);
      this.number += 1;
      start = end + 1;
    }
    keep(this.carry, chunk.subarray(start), this.maxBytes, this.place);
  }

  /** No more bytes. Throws TraceSyntaxError TRACE_CUT if they end inside a character. */
  end(): void {
    this.decoded(contents(this.carry), false);
  }

  private get place(): Required<Place> {
    return { file: this.file, line: this.number };
  }

  private decoded(bytes: Uint8Array, terminated: boolean): void {
    const text = decodeLine(bytes, terminated, this.place);
    if (!isBlank(text)) this.taker.line({ number: this.number, text, terminated });
  }
}

const isBlank = (text: string): boolean => /^[ \t\r]*$/.test(text);

/** The beginning of a line, copied: a whole chunk must not stay in memory for the sake of its last bytes. */
interface Carry {
  buffer: Uint8Array;
  length: number;
}

const contents = ({ buffer, length }: Carry): Uint8Array => buffer.subarray(0, length);

/** Adds a piece to the line; the buffer doubles when it is full. */
function keep(carry: Carry, piece: Uint8Array, maxBytes: number, place: Required<Place>): void {
  const length = carry.length + piece.length;
  if (length > maxBytes) throw tooLong(carry, piece, maxBytes, place);
  if (length > carry.buffer.length) {
    const larger = new Uint8Array(Math.max(length, 2 * carry.buffer.length));
    larger.set(contents(carry));
    carry.buffer = larger;
  }
  carry.buffer.set(piece, carry.length);
  carry.length = length;
}

/** The line that ends with this piece; the carry is empty after that, and its buffer is used again. */
function take(carry: Carry, piece: Uint8Array, maxBytes: number, place: Required<Place>): Uint8Array {
  if (carry.length === 0 && piece.length <= maxBytes) return piece;
  keep(carry, piece, maxBytes, place);
  const bytes = contents(carry);
  carry.length = 0;
  return bytes;
}

function tooLong(carry: Carry, piece: Uint8Array, maxBytes: number, place: Required<Place>): TraceError {
  // A compressed file often has no early newline either.
  if (place.line === 1) refuseForeign(Uint8Array.from([...contents(carry).subarray(0, 4), ...piece.subarray(0, 4)]), place);
  return traceError('LINE_TOO_LONG', place, {
    expected: `at most ${maxBytes} bytes in a line`,
    got: 'more',
    hint: 'write one event per line, and large values as a digest',
  });
}
