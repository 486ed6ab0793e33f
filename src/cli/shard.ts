/** A share of many traces, by what they are and not by what they are called: each is in one shard of as many as there are. */
import type { Content, Contents } from '../trace/hashes.js';
import { hashOfText } from '../trace/hashes.js';
import { UsageError } from './usage-error.js';

export interface Shard {
  /** From one on. */
  readonly number: number;
  readonly of: number;
}

/** Reads `2/4`; null if there is no such shard. */
export function readShard(text: string): Shard | null {
  const [, number, of] = /^([1-9]\d{0,8})\/([1-9]\d{0,8})$/.exec(text)?.map(Number) ?? [];
  return number === undefined || of === undefined || number > of ? null : { number, of };
}

/** The same as an option. Throws UsageError. */
export function shardOf(text: string): Shard {
  const shard = readShard(text);
  if (shard === null) throw new UsageError(`--shard ${text}: expected i/n, the i-th of n shards, i from 1 to n`, 'for example --shard 1/4 up to --shard 4/4, in four jobs over the same files');
  return shard;
}

export const showShard = ({ number, of }: Shard): string => `${number}/${of}`;

/** 48 bits are a number without loss, and many times the number of shards. */
export const isIn = (shard: Shard | null, sha256: string): boolean => shard === null || parseInt(sha256.slice(0, 12), 16) % shard.of === shard.number - 1;

/** Parts of a run stay together. Without an id only all of them tell where they belong: every shard reads those. */
export function mayBeIn(shard: Shard | null, { isPart, id, sha256 }: Content): boolean {
  if (!isPart) return isIn(shard, sha256);
  return id === undefined || isIn(shard, hashOfText(id));
}

/** Input that is not longer than this is read only as far as the shard needs it. */
const HELD_BYTES = 2 ** 24;

export interface Selected {
  readonly input: AsyncIterable<Uint8Array>;
  /** The header line of the last trace that the shard needs, if that is known. */
  readonly last: number;
}

/** What the shard needs of the input; null if that is nothing. `contents` are those of the input, which passes through there. */
export async function select(input: AsyncIterable<Uint8Array>, contents: Contents, shard: Shard): Promise<Selected | null> {
  const source = input[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      chunks.push(next.value);
      bytes += next.value.length;
      if (bytes > HELD_BYTES) return { input: chain(chunks, { [Symbol.asyncIterator]: () => source }), last: Infinity };
    }
  } catch (error) {
    // What came before it is checked, as ever.
    return { input: chain(chunks, failing(error)), last: Infinity };
  }
  // Without any trace there is something to complain of.
  if (contents.ended.length === 0) return { input: chain(chunks), last: Infinity };
  const last = contents.ended.filter((content) => mayBeIn(shard, content)).at(-1);
  return last === undefined ? null : { input: chain(cut(chunks, last.until)), last: last.line };
}

async function* chain(chunks: Iterable<Uint8Array>, rest?: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (rest !== undefined) yield* rest;
}

// eslint-disable-next-line require-yield
async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  throw error;
}

function* cut(chunks: readonly Uint8Array[], bytes: number): Generator<Uint8Array> {
  let left = bytes;
  for (const chunk of chunks) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}
