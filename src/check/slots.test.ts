import { describe, expect, it } from 'vitest';
import type { Trace } from '../trace/read.js';
import type { BallotRule, TraceEvent, TraceHeader } from '../trace/wire.js';
import { check } from './check.js';
import { checkDecision } from './decision.js';
import type { LogRead } from './log-file.js';
import { keepLog, logResults } from './log-file.js';
import { readEach } from '../trace/read.js';

const KINDS = ['prepare', 'promise', 'accept', 'accepted', 'decided'];
const ACCEPTORS = ['a1', 'a2', 'a3'];

const headerOf = (rest: object = {}): TraceHeader =>
  ({
    format: 'paxos-trace', version: '1.0', profile: 'multi', order: 'total', durable: 'before-send', complete: KINDS, source: { implementation: 'by hand' },
    nodes: [...ACCEPTORS.map((id) => ({ id, roles: ['acceptor'] })), { id: 'p1', roles: ['leader'] }, { id: 'l1', roles: ['learner'] }],
    quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, ...rest,
  }) as TraceHeader;

const traceOf = (header: TraceHeader, events: readonly object[]): Trace => ({ file: 'log', header, headerLine: 1, warnings: [], events: events.map((event, at) => ({ event: event as TraceEvent, line: at + 2 })) });

const phase1 = (ballot: unknown, votes: readonly object[] = []): object[] => [{ at: 'p1', kind: 'prepare', ballot }, ...ACCEPTORS.map((at) => ({ at, kind: 'promise', ballot, votes }))];
const phase2 = (slot: number, ballot: unknown, value: unknown): object[] => [{ at: 'p1', kind: 'accept', ballot, value, slot }, ...ACCEPTORS.map((at) => ({ at, kind: 'accepted', ballot, value, slot }))];
const decided = (slot: number, value: unknown): object => ({ at: 'l1', kind: 'decided', value, slot });
const applied = (slot: number, value: unknown): object => ({ at: 'l1', kind: 'applied', value, slot });

/** The same for a decision by itself. */
const single = (events: readonly object[]): object[] => events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'slot')));

describe('a leader that restarted', () => {
  it('proposes in a ballot that it may have used before: found though the slot is told of the prepare after the restart', () => {
    const events = [{ at: 'p1', kind: 'propose', value: 'x', slot: 0 }, ...phase1(1), { at: 'p1', kind: 'restart' }, ...phase2(0, 1, 'x'), decided(0, 'x')];
    const alone = checkDecision(traceOf(headerOf({ profile: 'synod' }), single(events)), {});
    expect(alone.first).toMatchObject({ rule: 'ballot-owned', line: 8 });
    expect(check(traceOf(headerOf(), events))).toMatchObject({ verdict: alone.verdict, first: { rule: 'ballot-owned', line: 8 } });
  });

  it('is not held for another because the slot is told of the prepare after the restart', () => {
    const events = [{ at: 'p1', kind: 'prepare', ballot: 1, slot: 0 }, ...phase1(1), ...phase2(5, 1, 'x'), { at: 'p1', kind: 'restart' }];
    expect(check(traceOf(headerOf(), events)).verdict).toBe('conforms');
  });

  it('may open a new ballot that bears its name', () => {
    const ballots: BallotRule = { kind: 'pair' };
    const events = [...phase1([1, 'p1']), ...phase2(0, [1, 'p1'], 'x'), { at: 'p1', kind: 'restart' }, ...phase1([2, 'p1'], [{ ballot: [1, 'p1'], value: 'x', slot: 0 }]), ...phase2(0, [2, 'p1'], 'x')];
    expect(check(traceOf(headerOf({ ballots }), events)).verdict).toBe('conforms');
  });
});

describe('what nobody voted for', () => {
  // Three acceptors have voted for nothing: the leader of ballot 2 hears so, and may choose another value.
  it.each(['synod', 'multi'])('is decided: that can cost agreement, whatever was proposed (%s)', (profile) => {
    const events = [...phase1(1), { at: 'p1', kind: 'accept', ballot: 1, value: 'x', slot: 0 }, decided(0, 'x')];
    const result = check(traceOf(headerOf({ profile }), profile === 'synod' ? single(events) : events));
    expect(result).toMatchObject({ verdict: 'unsafe', first: { rule: 'decision-has-quorum' }, consequence: { consequence: { kind: 'disagreement' } } });
  });
});

describe('slots that are passed over', () => {
  const header = headerOf({ noop: null, complete: ['applied', 'snapshot', 'restart'] });

  it('may hold what does nothing, if votes are not logged', () => {
    expect(check(traceOf(header, [applied(0, 'x'), applied(2, 'z')])).findings).toEqual([]);
  });

  it('are missing if something else was decided there', () => {
    const events = [applied(0, 'x'), decided(1, 'y'), applied(2, 'z')];
    expect(check(traceOf(header, events))).toMatchObject({ verdict: 'unsafe', first: { rule: 'applied-in-order', line: 4 } });
  });

  it('may be as many as there are', () => {
    const last = 100_002;
    const whole = headerOf({ noop: null, complete: [...KINDS, 'applied', 'snapshot', 'restart'] });
    const accepts = Array.from({ length: last }, (_, slot) => ({ at: 'p1', kind: 'accept', ballot: 1, value: slot === 0 ? 'x' : null, slot }));
    const events = [...phase1(1), ...accepts, ...ACCEPTORS.map((at) => ({ at, kind: 'accepted', ballot: 1, upto: last })), ...phase2(last, 1, 'z'), applied(0, 'x'), applied(last, 'z')];
    expect(check(traceOf(whole, events)).verdict).toBe('conforms');
  });
});

describe('a log that is another one when it is read again', () => {
  async function* bytes(...lines: readonly object[]): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  it('is no pass, though nothing wrong is found in it any more', async () => {
    const wrong = [headerOf(), ...phase1(1), ...phase2(0, 1, 'x'), ...phase2(0, 1, 'y')];
    const reads: LogRead[] = [];
    for await (const read of readEach(bytes(...wrong), 'log', keepLog)) reads.push(read);
    const moved = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('\n');
      yield* bytes(...wrong);
    };
    expect((await logResults(reads, moved))[0]!.verdict).toBe('inconclusive');
  });
});

describe('votes for all that a ballot proposed up to some slot', () => {
  /** Every second slot, as of a leader that shares them with another. */
  const votes = (slots: readonly number[]): object[] => slots.flatMap((slot) => [{ at: 'p1', kind: 'accept', ballot: 1, value: `v${slot}`, slot }, ...ACCEPTORS.map((at) => ({ at, kind: 'accepted', ballot: 1, upto: slot }))]);

  it('leave gaps, and take a time in proportion to the slots', { timeout: 5_000 }, () => {
    const slots = Array.from({ length: 20_000 }, (_, index) => 2 * index);
    expect(check(traceOf(headerOf(), [...phase1(1), ...votes(slots), ...slots.map((slot) => decided(slot, `v${slot}`))])).verdict).toBe('conforms');
  });

  it('are of slots that were proposed in another order, too', () => {
    const events = [...phase1(1), ...votes([8, 2, 4]), ...ACCEPTORS.map((at) => ({ at, kind: 'accepted', ballot: 1, upto: 9 })), ...[2, 4, 8].map((slot) => decided(slot, `v${slot}`))];
    expect(check(traceOf(headerOf(), events)).verdict).toBe('conforms');
  });

  it('are none for what is proposed afterwards', () => {
    const events = [...phase1(1), ...votes([8]), { at: 'p1', kind: 'accept', ballot: 1, value: 'v2', slot: 2 }, decided(2, 'v2')];
    expect(check(traceOf(headerOf(), events))).toMatchObject({ verdict: 'unsafe', first: { rule: 'decision-has-quorum', slot: 2 } });
  });
});
