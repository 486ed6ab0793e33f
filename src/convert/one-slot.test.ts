import { expect, it } from 'vitest';
import { check } from '../check/check.js';
import { readTraces } from '../trace/read.js';
import type { Trace } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { slotOf } from './one-slot.js';

async function read(text: string): Promise<Trace> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  for await (const trace of readTraces(stream(), 'log.ndjson')) return trace;
  throw new Error('no trace');
}

it('one slot of a log is a trace of a single decision, which can be read and checked as one', async () => {
  const header = {
    format: 'paxos-trace', version: '1.0', profile: 'multi', quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'total', durable: 'before-send', source: { implementation: 'by hand' },
    nodes: [...['a1', 'a2', 'a3'].map((id) => ({ id, roles: ['acceptor'] })), { id: 'p1', roles: ['leader'] }], complete: ['prepare', 'promise', 'accept', 'accepted'],
  };
  const events = [
    { at: 'p1', kind: 'prepare', ballot: 1, from: 0 },
    { at: 'a1', kind: 'promise', ballot: 1, from: 0, votes: [] },
    { at: 'a2', kind: 'promise', ballot: 1, from: 0, votes: [] },
    { at: 'p1', kind: 'accept', slot: 4, ballot: 1, value: 'x' },
    { at: 'p1', kind: 'accept', slot: 5, ballot: 1, value: 'y' },
    { at: 'a1', kind: 'accepted', slot: 4, ballot: 1, value: 'x' },
    { at: 'a1', kind: 'accepted', slot: 5, ballot: 1, value: 'y' },
  ];
  const log = await read([header, ...events].map((line) => JSON.stringify(line)).join('\n'));
  const { header: own, events: ofSlot } = slotOf(log, 5);
  const trace = await read(writeTrace(own, ofSlot.map(({ event }) => event)));
  expect(trace.header).toEqual({ ...header, profile: 'synod', events: 5 });
  expect(trace.events.map(({ event }) => event)).toEqual([
    { at: 'p1', kind: 'prepare', ballot: 1 },
    { at: 'a1', kind: 'promise', ballot: 1, votes: [] },
    { at: 'a2', kind: 'promise', ballot: 1, votes: [] },
    { at: 'p1', kind: 'accept', ballot: 1, value: 'y' },
    { at: 'a1', kind: 'accepted', ballot: 1, value: 'y' },
  ]);
  expect(check(trace).verdict).toBe('conforms');
  expect(slotOf(log, 9).events).toHaveLength(3);
});
