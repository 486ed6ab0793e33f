import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTraces } from './read.js';
import type { Trace } from './read.js';
import type { TraceEvent, TraceHeader } from './wire.js';
import { writeTrace } from './write.js';

const EXAMPLE = /```ndjson\n([^`]*)```/.exec(readFileSync(new URL('../../spec/trace-format.md', import.meta.url), 'utf8'))![1]!;

async function read(text: string): Promise<Trace> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  for await (const trace of readTraces(stream(), 'log.ndjson')) return trace;
  throw new Error('no trace');
}

const rewritten = ({ header, events }: Trace): string => writeTrace(header, events.map(({ event }) => event));

const ids = ['a1', 'a2', 'a3', 'p1', 'c'];
const isRefused = (key: string, part: unknown): boolean =>
  ['__proto__', 'constructor', 'prototype'].includes(key) || (typeof part === 'number' && Math.abs(part) > Number.MAX_SAFE_INTEGER);
const value = fc.jsonValue({ maxDepth: 3 }).map((any): unknown => JSON.parse(JSON.stringify([any], (key, part: unknown) => (isRefused(key, part) ? undefined : part))));
const ballot = fc.tuple(fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 31n, max: 2n ** 64n }).map(String)), fc.constantFrom(...ids));
const acceptor = fc.constantFrom('a1', 'a2', 'a3');
const votes = fc.array(fc.record({ ballot, value }), { maxLength: 3 });
const common = { i: fc.nat(), incarnation: fc.nat(), loc: fc.string(), 'x-note': value };
const optional = <T extends object>(required: { [K in keyof T]: fc.Arbitrary<T[K]> }, others: object = {}) =>
  fc.record({ ...required, ...common, ...others }, { requiredKeys: Object.keys(required) as never });
const event = fc.oneof(
  optional({ kind: fc.constant('prepare'), at: fc.constant('p1'), ballot }),
  optional({ ballot, kind: fc.constant('promise'), at: acceptor, votes }),
  optional({ value, ballot, at: fc.constant('p1'), kind: fc.constant('accept') }, { quorum: fc.uniqueArray(acceptor) }),
  optional({ at: acceptor, value, kind: fc.constant('accepted'), ballot }),
  optional({ at: acceptor, kind: fc.constant('restart') }, { promised: fc.oneof(ballot, fc.constant([])), votes }),
  optional({ at: fc.constant('c'), kind: fc.constant('propose'), value }, { op: fc.string({ minLength: 1, maxLength: 9 }) }),
) as unknown as fc.Arbitrary<TraceEvent>;
const header = fc.record(
  {
    nodes: fc.constant(ids.map((id) => ({ id, roles: [id.startsWith('a') ? 'acceptor' : id === 'c' ? 'client' : 'leader'] }))),
    'x-any': value,
    source: fc.record({ implementation: fc.string() }),
    title: fc.string(),
    version: fc.constant('1.0'),
    format: fc.constant('paxos-trace'),
    profile: fc.constant('synod'),
    quorums: fc.constantFrom({ kind: 'majority' }, { phase2: 1, kind: 'flexible', phase1: 3 }),
    ballots: fc.constantFrom({ kind: 'pair' }, { owners: [...ids].reverse(), kind: 'pair' }),
    order: fc.constant('total'),
    complete: fc.subarray(['promise', 'accepted']),
    durable: fc.constantFrom('before-send', 'none'),
  },
  { requiredKeys: ['nodes', 'source', 'version', 'format', 'profile', 'quorums', 'ballots', 'order', 'complete', 'durable'] },
) as unknown as fc.Arbitrary<TraceHeader>;

describe('write', () => {
  test('what is written is read as the same trace, and is written again byte for byte (200 traces of up to 10 events)', async () => {
    await fc.assert(
      fc.asyncProperty(header, fc.array(event), async (given, events) => {
        const text = writeTrace({ ...given, events: events.length }, events);
        const trace = await read(text);
        expect(trace.header).toEqual(JSON.parse(JSON.stringify({ ...given, events: events.length })));
        expect(trace.events.map((traced) => traced.event)).toEqual(JSON.parse(JSON.stringify(events)));
        expect(trace.warnings).toEqual([]);
        expect(rewritten(trace)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('fields come in one order, whatever order they are given in', () => {
    const events = [{ 'x-z': 1, value: 'v', loc: 'l', kind: 'accepted', ballot: 1, at: 'a1' }] as object[] as TraceEvent[];
    const text = writeTrace({ source: { implementation: 'i' }, format: 'paxos-trace' } as TraceHeader, events);
    expect(text).toBe('{"format":"paxos-trace","source":{"implementation":"i"}}\n{"at":"a1","kind":"accepted","ballot":1,"value":"v","loc":"l","x-z":1}\n');
  });

  test('an undefined field is absent', () => {
    expect(writeTrace({ format: 'paxos-trace', title: undefined } as unknown as TraceHeader, [])).toBe('{"format":"paxos-trace"}\n');
  });

  test('the example of the specification is as it would be written', async () => {
    expect(rewritten(await read(EXAMPLE))).toBe(EXAMPLE);
  });
});
