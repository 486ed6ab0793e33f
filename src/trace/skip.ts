/** Passes over lines that nobody has to look at, many at a time. Needs Node. */
import { Buffer } from 'node:buffer';
import type { Skip } from './lines.js';

const NEWLINE = 0x0a;

/** A header has the first of these in it, and whatever is written with escapes the second. */
const ALWAYS = ['format', '\\u'];

/** A function that passes over all lines from a place on that have none of these texts in them; null if the first has one, or does not end. */
export function skipLines(texts: readonly string[]): Skip {
  const marks = [...ALWAYS, ...texts].map((text) => Buffer.from(text));
  let known: Uint8Array | undefined;
  let places: number[] = [];
  return (bytes, start) => {
    if (bytes !== known) [known, places] = [bytes, marks.map(() => -1)];
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // Each is looked for once in the same bytes, so that the time is linear.
    places = places.map((place, index) => (place >= start ? place : placeOf(buffer, marks[index]!, start)));
    const end = Math.min(...places);
    if (end <= start) return null;
    const last = bytes.lastIndexOf(NEWLINE, end - 1);
    if (last < start) return null;
    let lines = 0;
    for (let at = start; at <= last; at++) if (bytes[at] === NEWLINE) lines += 1;
    return { lines, next: last + 1 };
  };
}

/** The length of the bytes if it is not there. */
function placeOf(bytes: Buffer, mark: Buffer, start: number): number {
  const place = bytes.indexOf(mark, start);
  return place < 0 ? bytes.length : place;
}
