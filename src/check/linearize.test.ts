import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import type { Synod, Transition } from '../../model/synod.js';
import { initialCluster, successors, synod } from '../../model/synod.js';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { describeCheck } from '../report/check-report.js';
import { traceOfRun } from '../trace/from-run.js';
import { joinParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import type { CheckResult } from './check.js';
import { check, checkParts } from './check.js';
import { compile } from './compile.js';
import { findingsIn } from './core.js';
import { linearize } from './linearize.js';

const isSerious = ({ severity }: CheckResult['findings'][number]): boolean => severity === 'safety' || severity === 'consensus';

function traceOf(header: TraceHeader, events: readonly TraceEvent[], file = 'log.ndjson'): Trace {
  return { file, header, headerLine: 1, events: events.map((event, index) => ({ line: index + 2, event })), warnings: [] };
}

/** The events of each node on its own, with their indices, in a file of its own; some kinds are not logged. */
function split(header: TraceHeader, events: readonly TraceEvent[], hidden: readonly string[] = []): Trace[] {
  const logged = events.filter(({ kind }) => !hidden.includes(kind));
  const { events: _, ...rest } = header;
  const own = { ...rest, order: 'per-node', complete: header.complete.filter((kind) => !hidden.includes(kind)) } as TraceHeader;
  return [...new Set(logged.map(({ at }) => at))].map((node) => traceOf(own, logged.filter(({ at }) => at === node).map((event, i) => ({ ...event, i })), `${node}.ndjson`));
}

/** A run of the model, each step chosen by a number. */
function run(protocol: Synod, choices: readonly number[]): [TraceHeader, ...TraceEvent[]] {
  const start = initialCluster(protocol);
  const transitions: Transition[] = [];
  for (const choice of choices) {
    const before = transitions.at(-1)?.next ?? start;
    const next = successors(protocol, before).filter(({ next: after }) => JSON.stringify(after) !== JSON.stringify(before));
    if (next.length === 0) break;
    transitions.push(next[choice % next.length]!);
  }
  return traceOfRun(protocol, { start, transitions });
}

/** Rules broken in this very order; what that can cost is not asked. */
const wrongIn = (trace: Trace): string[] => findingsIn(compile(trace), trace.events).filter(isSerious).map(({ rule }) => rule);

/** Every order of these lists that keeps each of them in its own. */
function* interleavings(lists: readonly (readonly TraceEvent[])[]): Generator<TraceEvent[]> {
  if (lists.every((list) => list.length === 0)) yield [];
  for (const [index, [head, ...tail]] of lists.entries()) {
    if (head === undefined) continue;
    for (const rest of interleavings(lists.map((list, other) => (other === index ? tail : list)))) yield [head, ...rest];
  }
}

const KINDS = ['prepare', 'promise', 'accept', 'accepted', 'decided'];
const protocols = { A3B3: synod(3, 3, 2), A2B2: synod(2, 2, 2), A1B2: synod(1, 2, 2), V3: synod(3, 2, 3) };
type Name = keyof typeof protocols;

describe('logs without an order between nodes', () => {
  it('of the correct model are never wrong, whatever is hidden (10,000 runs with the slow tests, otherwise 2,000)', () => {
    let complete = 0;
    const property = fc.property(fc.constantFrom<Name>('A3B3', 'A2B2', 'V3'), fc.array(fc.nat(1000), { minLength: 4, maxLength: 24 }), fc.subarray(KINDS), fc.nat(), (name, choices, hidden, shuffle) => {
      const [header, ...events] = run(protocols[name], choices);
      const parts = split(header, events, hidden);
      if (parts.length === 0) return;
      const shuffled = [...parts.slice(shuffle % parts.length), ...parts.slice(0, shuffle % parts.length)];
      const { trace, unexplained } = linearize(joinParts(shuffled));
      expect({ wrong: wrongIn(trace), unexplained: [...unexplained] }).toEqual({ wrong: [], unexplained: [] });
      if (hidden.length === 0) complete++;
    });
    fc.assert(property, { numRuns: process.env.PAXCHECK_SLOW ? 10_000 : 2000 });
    expect(complete).toBeGreaterThan(20);
  });

  it('have an order without a wrong line exactly if one of all orders is (brute force, logs of up to 7 events, most of them mutated: 5,000 with the slow tests, otherwise 500)', () => {
    const counts = { right: 0, wrong: 0 };
    const mutation = fc.record({ at: fc.nat(), ballot: fc.integer({ min: 1, max: 2 }), value: fc.constantFrom('x', 'y'), what: fc.constantFrom('ballot', 'value', 'drop', 'swap', 'none') });
    const property = fc.property(fc.constantFrom<Name>('A2B2', 'A1B2'), fc.array(fc.nat(1000), { minLength: 3, maxLength: 9 }), fc.array(mutation, { minLength: 1, maxLength: 2 }), (name, choices, mutations) => {
      const [header, ...original] = run(protocols[name], choices);
      const events = original.slice(0, 7);
      for (const { at, what, ballot, value } of mutations) {
        const index = at % Math.max(1, events.length);
        const event = events[index];
        if (event === undefined) continue;
        if (what === 'ballot' && 'ballot' in event) events[index] = { ...event, ballot };
        if (what === 'value' && 'value' in event) events[index] = { ...event, value };
        if (what === 'drop') events.splice(index, 1);
        if (what === 'swap' && index > 0) [events[index - 1], events[index]] = [event, events[index - 1]!];
      }
      const parts = split(header, events);
      if (parts.length === 0) return;
      const lists = parts.map((part) => part.events.map(({ event }) => event));
      let explained = false;
      for (const order of interleavings(lists)) if ((explained = wrongIn(traceOf(header, order)).length === 0)) break;
      expect({ events, isRight: wrongIn(linearize(joinParts(parts)).trace).length === 0 }).toEqual({ events, isRight: explained });
      counts[explained ? 'right' : 'wrong']++;
    });
    fc.assert(property, { numRuns: process.env.PAXCHECK_SLOW ? 5000 : 500 });
    expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(50);
  });

  it('do not conform where the votes contradict each other, whatever else is hidden (corpus)', async () => {
    let broken = 0;
    for (const stored of storedTraces()) {
      for await (const trace of readTraces((async function* () { yield bytesOf(stored); })(), stored.file)) {
        const whole = check(trace);
        if (trace.header.order !== 'total' || trace.header.profile !== 'synod' || trace.events.length === 0 || !whole.findings.some(({ rule, line }) => rule === 'agreement' && line > 1)) continue;
        const events = trace.events.map(({ event }) => event);
        for (const hidden of [[], ['promise'], ['accept'], ['promise', 'accept']]) {
          expect(checkParts(split(trace.header, events, hidden)).verdict, `${stored.file} without ${hidden.join()}`).toBe('unsafe');
          broken++;
        }
      }
    }
    expect(broken).toBeGreaterThan(40);
  });
});

describe('what is said', () => {
  const header = traceOfRun(synod(3, 2, 2), { start: initialCluster(synod(3, 2, 2)), transitions: [] })[0];
  const parts = (byNode: Record<string, object[]>): Trace[] => Object.entries(byNode).map(([node, events]) => traceOf({ ...header, order: 'per-node' }, events.map((event, i) => ({ at: node, ...event, i }) as TraceEvent), `${node}.ndjson`));
  const said = (traces: Trace[]): string => describeCheck(checkParts(traces)).join('\n');

  it('a cycle: a vote that was cast before its proposal was made, by whichever clock', () => {
    const text = said(parts({
      a1: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }, { kind: 'promise', ballot: 2, votes: [{ ballot: 1, value: 'x' }] }],
      a2: [{ kind: 'promise', ballot: 1, votes: [] }],
      p1: [{ kind: 'prepare', ballot: 1 }, { kind: 'prepare', ballot: 2, cause: { at: 'a1', i: '2' } }, { kind: 'accept', ballot: 1, value: 'x' }],
    }));
    expect(text).toContain('a1.ndjson:3: wrong: vote-has-proposal at a1');
    expect(text).toContain('order     no order of the lines explains it: it needs p1.ndjson:4 (accept), which comes after p1.ndjson:3 (prepare), which needs a1.ndjson:4 (promise), which comes after a1.ndjson:3 (accepted)');
  });

  it('causes that come after what they cause: nothing is claimed', () => {
    const result = checkParts(parts({
      a1: [{ kind: 'promise', ballot: 1, votes: [], cause: { at: 'a2', i: 0 } }, { kind: 'promise', ballot: 2, votes: [] }],
      a2: [{ kind: 'promise', ballot: 1, votes: [], cause: { at: 'a1', i: 1 } }],
      p1: [{ kind: 'prepare', ballot: 1 }],
      p2: [{ kind: 'prepare', ballot: 2 }],
    }));
    expect([result.verdict, result.findings]).toEqual(['inconclusive', []]);
    expect(describeCheck(result)[0]).toContain('a1.ndjson:2 has no place in any order of the lines: no order of the lines explains it: it needs a2.ndjson:2 (promise), which needs a1.ndjson:3 (promise)');
  });

  it('a vote that was stored and is announced later waits for its proposal, in whichever order the files come', () => {
    const logs = parts({
      a1: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'state', votes: [{ ballot: 1, value: 'x' }] }, { kind: 'accepted', ballot: 1, value: 'x' }],
      a2: [{ kind: 'promise', ballot: 1, votes: [] }],
      p1: [{ kind: 'prepare', ballot: 1 }, { kind: 'accept', ballot: 1, value: 'x' }],
    });
    for (const given of [logs, [...logs].reverse()]) expect(checkParts(given)).toMatchObject({ verdict: 'conforms', findings: [] });
  });

  it('lines of kinds that are ignored count, also as causes', () => {
    const [a1, ...others] = parts({ a1: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }], a2: [{ kind: 'promise', ballot: 1, votes: [], cause: { at: 'a1', i: 1 } }], p1: [{ kind: 'prepare', ballot: 1 }, { kind: 'accept', ballot: 1, value: 'x' }] });
    const between = { ...a1!, events: [a1!.events[0]!, { line: 4, event: { ...a1!.events[1]!.event, i: 2 } }], ignored: [{ at: 'a1', i: 1, line: 3 }] };
    const [a2, p1] = others as [Trace, Trace];
    // The accept needs the promise of a2, which comes after the line that was ignored, and before the vote.
    expect(checkParts([between, a2, p1])).toMatchObject({ verdict: 'conforms', findings: [] });
    expect(() => checkParts([{ ...between, ignored: [] }, a2, p1])).toThrow(expect.objectContaining({ code: 'INDEX_GAP' }) as Error);
  });

  it('a refusal of a message that is sent because of it', () => {
    const result = checkParts(parts({
      a1: [{ kind: 'promise', ballot: 2, votes: [] }, { kind: 'nack', ballot: 1, of: 'prepare' }],
      a2: [{ kind: 'promise', ballot: 2, votes: [] }],
      p1: [{ kind: 'prepare', ballot: 1, cause: { at: 'a1', i: 1 } }],
      p2: [{ kind: 'prepare', ballot: 2 }],
    }));
    expect(result.verdict).toBe('inconclusive');
  });

  it('a message that nobody sent', () => {
    const text = said(parts({ a1: [{ kind: 'accepted', ballot: 2, value: 'y' }], p1: [{ kind: 'prepare', ballot: 1 }] }));
    expect(text).toContain('a1.ndjson:2: wrong: vote-has-proposal at a1');
    expect(text).toContain('what it needs is in none of these logs');
  });

  it('earlier lines by their file', () => {
    const text = said(parts({ a1: [{ kind: 'promise', ballot: 2, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }], a2: [{ kind: 'promise', ballot: 1, votes: [] }], a3: [{ kind: 'promise', ballot: 1, votes: [] }], p1: [{ kind: 'prepare', ballot: 1 }, { kind: 'accept', ballot: 1, value: 'x' }], p2: [{ kind: 'prepare', ballot: 2 }] }));
    expect(text).toContain('a1.ndjson:3: wrong: promise-kept at a1');
    expect(text).toContain('see       a1.ndjson:2');
  });

  it.each([
    ['HEADERS_DIFFER', (traces: Trace[]) => [traces[0]!, { ...traces[1]!, header: { ...traces[1]!.header, durable: 'none' as const } }]],
    ['INDEX_GAP', (traces: Trace[]) => [{ ...traces[0]!, events: traces[0]!.events.slice(1) }, traces[1]!]],
    ['INDEX_TWICE', (traces: Trace[]) => [traces[0]!, traces[0]!]],
  ])('%s, with the file and the line', (code, change) => {
    const traces = parts({ a1: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }], p1: [{ kind: 'prepare', ballot: 1 }] });
    expect(() => checkParts(change(traces))).toThrow(expect.objectContaining({ name: 'TraceSchemaError', code }) as Error);
  });

  it('logs of a mutant, one file for each node: the first wrong line, and that it can cost agreement (A7)', () => {
    const protocol = synodWith(mutantNamed('A7')!, 3, 2, 2);
    const all = fc.sample(fc.array(fc.nat(1000), { minLength: 25, maxLength: 25 }), { numRuns: 300, seed: 5 }).map((choices) => run(protocol, choices));
    const verdicts = all.map(([first, ...events]) => [check(traceOf(first, events)).verdict, checkParts(split(first, events)).verdict]);
    expect(verdicts.filter(([whole]) => whole === 'unsafe').length).toBeGreaterThan(10);
    // What is wrong in an acceptor's own order is wrong in any.
    expect(verdicts.filter(([whole, apart]) => whole === 'unsafe' && apart === 'conforms')).toEqual([]);
  });
});
