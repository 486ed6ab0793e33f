import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTraces } from '../trace/read.js';
import type { Trace } from '../trace/read.js';
import { shivizText } from './to-shiviz.js';

/** Anything that was JSON. */
type Json = ReturnType<typeof JSON.parse>;

async function read(text: string): Promise<Trace> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  for await (const trace of readTraces(stream(), 'log.ndjson')) return trace;
  throw new Error('no trace');
}

const HEADER = {
  format: 'paxos-trace', version: '1.0', profile: 'synod', quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'total', durable: 'before-send', source: { implementation: 'by hand' }, complete: [],
  nodes: [...['a1', 'a2', 'a3'].map((id) => ({ id, roles: ['acceptor'] })), ...['p1', 'p2'].map((id) => ({ id, roles: ['leader', 'learner'] }))],
};
const traceOf = (events: readonly object[], header: object = HEADER): Promise<Trace> => read([header, ...events].map((line) => JSON.stringify(line)).join('\n'));

interface Logged {
  readonly event: string;
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
}

/** As ShiViz reads a file: the first line is the parser, the second the delimiter, the rest is matched from match to match. */
function parsed(trace: Trace): Logged[] {
  const [parser, delimiter, ...lines] = [...shivizText(trace)].join('').split('\n') as [string, ...string[]];
  expect(delimiter).toBe('');
  return [...lines.join('\n').trim().matchAll(new RegExp(parser, 'g'))].map(({ groups }) => ({ event: groups!.event!, host: groups!.host!, clock: JSON.parse(groups!.clock!) }));
}

/** The messages that each event follows from, looked for from the start: a slow definition. */
function messagesTo(events: readonly Json[], at: number): number[] {
  const { kind, ballot, value, of } = events[at];
  const before = [...events.slice(0, at).entries()];
  const first = (matches: (event: Json) => boolean): number[] => before.filter(([, event]) => matches(event)).slice(0, 1).map(([place]) => place);
  /** The shortest list of lines with what two of three acceptors said; all of them if there is none. */
  const enough = (matches: (event: Json) => boolean): { places: number[]; isQuorum: boolean } => {
    const said = before.filter(([place, event]) => matches(event) && !before.some(([other, { at: node, ...rest }]) => other < place && node === event.at && matches({ at: node, ...rest })));
    return { places: said.slice(0, 2).map(([place]) => place), isQuorum: said.length >= 2 };
  };
  if (kind === 'promise') return first((event) => event.kind === 'prepare' && event.ballot === ballot);
  if (kind === 'accepted') return first((event) => event.kind === 'accept' && event.ballot === ballot && event.value === value);
  if (kind === 'nack') return first((event) => event.kind === of && event.ballot === ballot);
  if (kind === 'accept') return enough((event) => event.kind === 'promise' && event.ballot === ballot).places;
  if (kind !== 'decided') return [];
  const inBallot = (b: number) => enough((event) => event.kind === 'accepted' && event.ballot === b && event.value === value);
  if (ballot !== undefined) return inBallot(ballot).places;
  const ballots = [...new Set(before.filter(([, event]) => event.kind === 'accepted' && event.value === value).map(([, event]) => event.ballot as number))].map(inBallot);
  return (ballots.find(({ isQuorum }) => isQuorum) ?? ballots[0])?.places ?? [];
}

/** By definition: all that an event can be reached from, along a node's own order and along messages. */
function pasts(events: readonly Json[]): Set<number>[] {
  const result: Set<number>[] = [];
  for (const [at, { at: node }] of events.entries()) {
    const own = [...events.entries()].filter(([place, event]) => place < at && event.at === node).map(([place]) => place);
    result.push(new Set([at, ...[...own, ...messagesTo(events, at)].flatMap((place) => [...result[place]!])]));
  }
  return result;
}

const ballot = fc.integer({ min: 1, max: 2 });
const value = fc.constantFrom('x', 'y');
const acceptor = fc.constantFrom('a1', 'a2', 'a3');
const leader = fc.constantFrom('p1', 'p2');
const event = fc.oneof(
  fc.record({ at: leader, kind: fc.constant('prepare'), ballot }),
  fc.record({ at: acceptor, kind: fc.constant('promise'), ballot, votes: fc.constant([]) }),
  fc.record({ at: leader, kind: fc.constant('accept'), ballot, value }),
  fc.record({ at: acceptor, kind: fc.constant('accepted'), ballot, value }),
  fc.record({ at: acceptor, kind: fc.constant('nack'), ballot, of: fc.constantFrom('prepare', 'accept') }),
  fc.record({ at: leader, kind: fc.constant('decided'), value, ballot }, { requiredKeys: ['at', 'kind', 'value'] }),
);

describe('export for ShiViz', () => {
  it('an entry of a clock is the number of events of that node in the past of the event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 14 }), async (events) => {
        const lines = parsed(await traceOf(events));
        for (const [at, past] of pasts(events).entries()) {
          const counts: Record<string, number> = {};
          for (const place of past) counts[events[place]!.at] = (counts[events[place]!.at] ?? 0) + 1;
          expect(lines[at]).toMatchObject({ host: events[at]!.at, clock: counts });
          expect(Object.keys(lines[at]!.clock).sort()).toEqual(Object.keys(counts).sort());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a quorum that is named is what counts, and so is a cause', async () => {
    const promise = { kind: 'promise', ballot: 1, votes: [] };
    const events = [{ at: 'a1', ...promise, i: 0 }, { at: 'a2', ...promise, i: 0 }, { at: 'a3', ...promise, i: 0 }, { at: 'p1', kind: 'accept', ballot: 1, value: 'x', quorum: ['a2', 'a3'] }, { at: 'p2', kind: 'propose', value: 'y', cause: { at: 'a1', i: 0 } }];
    const clocks = parsed(await traceOf(events)).map(({ clock }) => clock);
    expect(clocks.slice(3)).toEqual([{ a2: 1, a3: 1, p1: 1 }, { a1: 1, p2: 1 }]);
  });

  it('every trace of the corpus is read as so many events, the clock of each host counting from 1', async () => {
    for (const folder of ['accepted', 'rejected']) {
      const url = new URL(`../../traces/${folder}/`, import.meta.url);
      for (const file of readdirSync(url)) {
        const trace = await read(readFileSync(new URL(file, url), 'utf8'));
        const lines = parsed(trace);
        expect(lines).toHaveLength(trace.events.length);
        const own = new Map<string, number>();
        for (const { host, clock } of lines) {
          own.set(host, (own.get(host) ?? 0) + 1);
          expect(clock[host]).toBe(own.get(host));
        }
      }
    }
  });

  it('ids and values that look like the log, or break lines, do no harm', async () => {
    const ids = ['a 1', 'node1', '__proto__', 'a1 {"a1":1}', 'b\nc\u2028d'];
    const header = { ...HEADER, nodes: ids.map((id) => ({ id, roles: ['acceptor', 'leader', 'learner'] })) };
    const events = ids.flatMap((at) => [{ at, kind: 'accept', ballot: 1, value: 'x\ny {"a":1}\u2028z' }, { at, kind: 'decided', value: `${at} {"a":1}` }]);
    const lines = parsed(await traceOf(events, header));
    expect(lines.map(({ host }) => host)).toEqual(['node2', 'node1', 'node3', 'node4', 'node5'].flatMap((host) => [host, host]));
    expect(lines.map(({ host, clock }) => clock[host])).toEqual(ids.flatMap(() => [1, 2]));
  });
});
