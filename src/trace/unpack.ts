/** Compressed input, recognised by its first bytes, whatever the name of the file. Needs Node. */
import { Readable, pipeline } from 'node:stream';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { traceError } from './errors.js';
import { showText } from './show.js';

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/** Node knows zstd from 22.15 on; before that, such a file is refused with a word on what to do. */
const unzstd = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;

/**
 * The input as it was before it was compressed with gzip or, where Node can, with zstd; other input as it is.
 * Throws TraceSyntaxError DAMAGED_ARCHIVE where the compressed data are cut or wrong, and whatever the input throws.
 */
export async function* unpack(input: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  let beginning: Uint8Array = new Uint8Array(0);
  let ended = false;
  while (!ended && beginning.length < ZSTD.length) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else beginning = beginning.length === 0 ? next.value : joined(beginning, next.value);
  }
  const startsWith = (magic: readonly number[]): boolean => magic.every((byte, at) => beginning[at] === byte);
  const rest = { [Symbol.asyncIterator]: () => chunks };
  const whole = after(beginning, rest);
  if (startsWith(GZIP)) yield* through(zlib.createGunzip(), 'gzip', whole, file);
  else if (startsWith(ZSTD) && unzstd !== undefined) yield* through(unzstd(), 'zstd', whole, file);
  else yield* whole;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

async function* after(beginning: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (beginning.length > 0) yield beginning;
  yield* rest;
}

/** Passes the input on, and tells after each chunk where the bytes end that are not zero. */
async function* watched(input: AsyncIterable<Uint8Array>, tell: (end: number) => void): AsyncGenerator<Uint8Array> {
  let before = 0;
  for await (const chunk of input) {
    let length = chunk.length;
    while (length > 0 && chunk[length - 1] === 0) length--;
    if (length > 0) tell(before + length);
    before += chunk.length;
    yield chunk;
  }
}

async function* through(decompress: Transform & { readonly bytesWritten?: number }, kind: string, input: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  let cause: Error | undefined;
  let end = 0;
  const source = Readable.from(watched(input, (place) => (end = place)), { objectMode: false });
  source.once('error', (error: Error) => (cause = error));
  pipeline(source, decompress, () => {
    // Errors come out of the stream that is read.
  });
  try {
    yield* decompress as AsyncIterable<Uint8Array>;
    // Node takes a zero after a member for padding, and leaves out whatever follows.
    if (kind === 'gzip' && (decompress.bytesWritten ?? end) < end) throw new Error('bytes that do not belong to it after its end');
  } catch (error) {
    if (cause !== undefined) throw cause;
    const finding = { expected: `a whole file compressed with ${kind}`, got: showText((error as Error).message), hint: `copy the file again; ${kind} -t says whether it is whole` };
    throw traceError('DAMAGED_ARCHIVE', { file }, finding);
  }
}
