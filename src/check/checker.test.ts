import { describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { check } from './check.js';
import { createChecker } from './checker.js';
import type { Finding } from './finding.js';

async function read(bytes: Uint8Array): Promise<Trace[]> {
  const traces: Trace[] = [];
  for await (const trace of readTraces((async function* () { yield bytes; })(), 'log')) traces.push(trace);
  return traces;
}

const corpus = (await Promise.all(storedTraces().map(async (stored) => (await read(bytesOf(stored))).map((trace) => [stored.id, trace] as const)))).flat().filter(([, { header }]) => header.order === 'total');
const header = { nodes: ['a1', 'a2', 'a3', 'p1', 'l1'].map((id) => ({ id, roles: [id.startsWith('a') ? 'acceptor' as const : id === 'p1' ? 'leader' as const : 'learner' as const] })), complete: ['promise', 'accept', 'accepted'] };

describe('events one by one', () => {
  it.each(corpus)('%s: come to the verdict of the whole trace, and its first wrong line is told when it comes', (_id, { header: { order: _, events: __, ...rest }, events }) => {
    const checker = createChecker(rest);
    const told: { finding: Finding; at: number }[] = [];
    events.forEach(({ event }, index) => told.push(...checker.add(event).map((finding) => ({ finding, at: index + 1 }))));
    const whole = check({ file: 'log', header: { ...rest, order: 'total' }, headerLine: 0, events: events.map(({ event }, index) => ({ event, line: index + 1 })), warnings: [] });
    expect(checker.result().verdict).toBe(whole.verdict);
    // A ballot that is the lowest so far needs no promises: that a lower one comes shows later only.
    const expected = whole.first;
    if (expected === undefined || expected.line === 0) return;
    const found = told.find(({ finding }) => finding.line === expected.line && finding.rule === expected.rule);
    expect(found).toBeDefined();
    if (expected.rule !== 'accept-has-quorum') expect(found!.at).toBe(expected.line);
  });

  it('that are none are refused, with the number and the field', () => {
    const refused = (event: unknown): TraceError => {
      const checker = createChecker(header);
      checker.add({ at: 'p1', kind: 'prepare', ballot: 1 });
      try {
        checker.add(event as TraceEvent);
      } catch (error) {
        expect(error).toBeInstanceOf(TraceError);
        return error as TraceError;
      }
      throw new Error('was not refused');
    };
    expect(refused({ at: 'a9', kind: 'promise', ballot: 1, votes: [] })).toMatchObject({ code: 'UNKNOWN_NODE', location: { line: 2, field: 'at' } });
    expect(refused({ at: 'a1', kind: 'promise', ballot: 1 })).toMatchObject({ code: 'MISSING_FIELD', location: { line: 2, field: 'votes' } });
    for (const nothing of [undefined, null, 7, 'promise', []]) expect(refused(nothing).location.line).toBe(2);
  });

  it('a header that is none is refused', () => {
    expect(() => createChecker({ nodes: [] })).toThrow(TraceError);
  });
});
