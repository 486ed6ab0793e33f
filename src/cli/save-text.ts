/** Files that a command line names to be written. */
import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** Throws UsageError if it cannot be written. */
export const saveText = (file: string, text: string): void => orUsage(file, () => writeFileSync(file, text));

/** The same, at the end of the file. */
export const appendText = (file: string, text: string): void => orUsage(file, () => appendFileSync(file, text));

/** Text that need not fit into memory, piece by piece. Throws UsageError if it cannot be written, and whatever making it throws. */
export function savePieces(file: string, pieces: Iterable<string>): void {
  const descriptor = orUsage(file, () => openSync(file, 'w'));
  try {
    for (const chunk of inChunks(pieces)) orUsage(file, () => writeFileSync(descriptor, chunk));
  } finally {
    closeSync(descriptor);
  }
}

const CHUNK = 1 << 20;

/** Larger pieces: a write for each line would take longer than making it. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function orUsage<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code})`, 'name a file in a folder that exists');
  }
}
