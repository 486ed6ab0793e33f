import { describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import type { Trace, TracedEvent } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { check } from './check.js';

async function read(bytes: Uint8Array): Promise<Trace[]> {
  const traces: Trace[] = [];
  for await (const trace of readTraces((async function* () { yield bytes; })(), 'log')) traces.push(trace);
  return traces;
}

const single = (await Promise.all(storedTraces().map(async (stored) => (await read(bytesOf(stored))).map((trace) => [stored.id, trace] as const)))).flat().filter(([, { header }]) => header.order === 'total' && header.profile === 'synod');

function inSlot(event: TraceEvent, slot: number): TraceEvent {
  if (event.kind === 'crash' || event.kind === 'lost') return event;
  if (event.kind === 'restart') return { ...event, ...(event.votes && { votes: event.votes.map((vote) => ({ ...vote, slot })) }) };
  return { ...event, slot } as TraceEvent;
}

/** As the leader and the acceptors of a log say it: for all slots. */
function forAll(event: TraceEvent, slot: number): TraceEvent {
  if (event.kind === 'prepare') return event;
  return event.kind === 'promise' ? { ...event, votes: event.votes.map((vote) => ({ ...vote, slot })) } : inSlot(event, slot);
}

const asLog = (trace: Trace, events: readonly TraceEvent[]): Trace => ({ ...trace, header: { ...trace.header, profile: 'multi' }, events: events.map((event, index): TracedEvent => ({ event, line: trace.events[index]!.line })) });

describe('a decision as the only slot of a log', () => {
  it.each(single)('%s: is judged as it is by itself', (_id, trace) => {
    const whole = check(trace);
    for (const form of [inSlot, forAll]) {
      const result = check(asLog(trace, trace.events.map(({ event }) => form(event, 7))));
      expect([result.verdict, result.first?.line]).toEqual([whole.verdict, whole.first?.line]);
      const [rule, expected] = [result.first?.rule, whole.first?.rule];
      // A promise for all slots that leaves this one out is called by its own name.
      if (!(form === forAll && expected === 'promise-reports-highest-vote' && rule === 'promise-covers-slots')) expect(rule).toBe(expected);
    }
  });
});
