import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { describeError, TRACE_ERROR_CODES, TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import { unpack } from '../trace/unpack.js';
import { canonicalJson } from '../trace/values.js';
import { hasExplanation } from './brute-force.js';
import { check } from './check.js';

/** Node has zstd from 22.15 on. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (data: Uint8Array) => Uint8Array };
const FORMS: Readonly<Record<string, (data: Uint8Array) => Uint8Array>> = { plain: (data) => data, gzip: (data) => zlib.gzipSync(data), ...(zstdCompressSync && { zstd: zstdCompressSync }) };

/** Those at the end leave most lines well formed. */
const KINDS = ['flip', 'set', 'borrow', 'cut', 'insert', 'duplicate', 'swap', 'zero', 'remove', 'digit', 'value', 'lines'] as const;

const change = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(), other: fc.nat(), length: fc.integer({ min: 1, max: 40 }), bit: fc.nat(7), byte: fc.nat(255),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** What disks, networks and editors do to bytes. */
function corrupt(bytes: Uint8Array, { kind, at, other, length, bit, byte }: Change): Uint8Array {
  if (bytes.length === 0) return bytes;
  const [index, another] = [at % bytes.length, other % bytes.length];
  const [first, second] = [Math.min(index, another), Math.max(index, another)];
  const range = bytes.slice(index, index + length);
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
  const set = (value: number): Uint8Array => join(bytes.subarray(0, index), Uint8Array.of(value), bytes.subarray(index + 1));
  switch (kind) {
    case 'flip': return set(bytes[index]! ^ (1 << bit));
    case 'set': return set(byte);
    // A byte that occurs elsewhere: often a line of JSON that says something else.
    case 'borrow': return set(bytes[another]!);
    case 'cut': return bytes.subarray(0, index);
    case 'insert': return join(bytes.subarray(0, index), Uint8Array.of(byte), bytes.subarray(index));
    case 'duplicate': return join(bytes.subarray(0, another), range, bytes.subarray(another));
    case 'swap': return join(bytes.subarray(0, first), bytes.subarray(second, second + length), bytes.subarray(first + length, second), bytes.subarray(first, first + length), bytes.subarray(second + length));
    case 'zero': return join(bytes.subarray(0, index), new Uint8Array(range.length), bytes.subarray(index + length));
    case 'digit':
    case 'value': {
      const [among, by] = kind === 'digit' ? ['0123456789', '0123'] : ['xyz', 'xyz'];
      const place = bytes.findIndex((each, here) => here >= index && among.includes(String.fromCharCode(each)));
      return place < 0 ? bytes : join(bytes.subarray(0, place), Buffer.from(by[byte % by.length]!), bytes.subarray(place + 1));
    }
    case 'lines': {
      const lines = Buffer.from(bytes).toString('latin1').split('\n');
      const [one, two] = [at % lines.length, other % lines.length];
      [lines[one], lines[two]] = [lines[two]!, lines[one]!];
      return Buffer.from(lines.join('\n'), 'latin1');
    }
    case 'remove': return join(bytes.subarray(0, index), bytes.subarray(index + length));
  }
}

interface Outcome {
  readonly traces: readonly Trace[];
  readonly error: unknown;
}

/** As `paxcheck check` reads a file: the traces that are complete, and the error that ended it. */
async function read(bytes: Uint8Array): Promise<Outcome> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000));
  }
  const traces: Trace[] = [];
  try {
    for await (const trace of readTraces(unpack(chunks(), 'log.ndjson'), 'log.ndjson')) traces.push(trace);
    return { traces, error: undefined };
  } catch (error) {
    return { traces, error };
  }
}

/** What is not for people: of two traces of which this is equal the same is true. */
const meaning = ({ header, events }: Trace): string => {
  const { id: _, title: __, note: ___, source: ____, ...said } = header;
  return canonicalJson([said, events.map(({ event: { loc: _____, ...done } }) => done)].map(withoutExtensions));
};

function withoutExtensions(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutExtensions);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith('x-')).map(([name, item]) => [name, withoutExtensions(item)]));
}

function expectHelp(error: unknown): void {
  if (!(error instanceof TraceError)) throw error;
  expect((TRACE_ERROR_CODES[error.name] as readonly string[]).includes(error.code)).toBe(true);
  expect(error.location.file).toBe('log.ndjson');
  expect(error.location.line !== undefined || error.code === 'DAMAGED_ARCHIVE').toBe(true);
  expect(error.hint.length).toBeGreaterThan(10);
  // Whatever was in the file, it can be printed.
  expect(describeError(error)).not.toMatch(/[^\P{Cc}\n]/u);
}

/** Logs of single nodes are refused only when they are put together. */
function verdictOf(trace: Trace): string {
  try {
    return check(trace).verdict;
  } catch (error) {
    expectHelp(error);
    return 'refused';
  }
}

const corpus = await Promise.all(storedTraces().map(async ({ file, ...stored }) => {
  const bytes = bytesOf({ file, ...stored });
  return { bytes, verdict: stored.verdict, meaning: (await read(bytes)).traces.map(meaning) };
}));

const SECONDS = 20;
const MEGABYTES = 512;

describe('corrupted files', () => {
  it.each(Object.keys(FORMS))('(%s) are refused with a code, a place and a hint, or conform only if what is left does (3,000 files with the slow tests, otherwise 500)', async (form) => {
    const counts = { refused: 0, judged: 0, same: 0, otherwise: 0 };
    const before = process.memoryUsage().rss;
    const property = fc.asyncProperty(fc.nat(corpus.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), async (which, changes) => {
      const started = performance.now();
      const stored = corpus[which]!;
      const { traces, error } = await read(changes.reduce(corrupt, FORMS[form]!(stored.bytes)));
      if (error !== undefined) {
        expectHelp(error);
        counts.refused++;
      }
      for (const trace of traces) {
        counts.judged++;
        const verdict = verdictOf(trace);
        const isSame = stored.meaning.includes(meaning(trace));
        if (isSame) expect(verdict).toBe(stored.verdict);
        else if (verdict === 'conforms') expect({ lines: trace.events.map(({ event }) => JSON.stringify(event)), explained: trace.header.profile === 'synod' ? hasExplanation(trace) : undefined }).not.toMatchObject({ explained: false });
        counts[isSame ? 'same' : 'otherwise']++;
      }
      expect(performance.now() - started).toBeLessThan(SECONDS * 1000);
    });
    const numRuns = process.env.PAXCHECK_SLOW ? 3000 : 500;
    await fc.assert(property, { numRuns });
    expect(counts.refused).toBeGreaterThan(numRuns / 2);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(MEGABYTES);
    if (form === 'plain') expect(Math.min(counts.same, counts.otherwise)).toBeGreaterThan(numRuns / 100);
  }, 600_000);
});
