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

/**
 * The lines that are not blank, without newlines and without a byte order mark on line 1. A carriage return before a
 * newline stays: to JSON it is white space.
 * Throws TraceSyntaxError: INVALID_UTF8; LINE_TOO_LONG as soon as that is certain, without reading on; TRACE_CUT if the
 * input ends inside a character.
 */
export async function* splitLines(input: AsyncIterable<Uint8Array>, file: string, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Line> {
  const carry: Carry = { buffer: new Uint8Array(0), length: 0 };
  let number = 1;
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = take(carry, chunk.subarray(start, end), maxBytes, { file, line: number });
      const text = decodeLine(bytes, true, { file, line: number });
      if (!isBlank(text)) yield { number, text, terminated: true };
      number += 1;
      start = end + 1;
    }
    keep(carry, chunk.subarray(start), maxBytes, { file, line: number });
  }
  const text = decodeLine(contents(carry), false, { file, line: number });
  if (!isBlank(text)) yield { number, text, terminated: false };
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
