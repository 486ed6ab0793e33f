import { describe, expect, it } from 'vitest';
import type { Finding } from '../check/finding.js';
import { eventOf, ruleEntries } from '../corpus/rule-entries.js';
import type { Trace } from '../trace/read.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { sceneOf } from './scene.js';

const [header] = ruleEntries()[0]!.lines;
const traceOf = (events: readonly TraceEvent[], more: Partial<TraceHeader> = {}): Trace => ({ file: 'test.ndjson', header: { ...header, ...more }, headerLine: 1, warnings: [], events: events.map((event, at) => ({ line: at + 2, event })) });
const findingAt = (line: number, because: readonly number[] = []): Finding => ({ line, because, rule: 'agreement', severity: 'consensus', at: 'a1', blocked: [], expected: '', got: '' });

/** Line -> the lines that it answers, of the lines shown. */
function answersIn(trace: Trace, finding: Finding): [line: number, answers: number[]][] {
  const { rows } = sceneOf(trace, finding)!;
  return rows.map(({ line, answers }) => [line, answers.map((above) => rows[above]!.line)]);
}

describe('the scene of a finding', () => {
  it('an accept answers the promises of its ballot; with a quorum, only theirs', () => {
    const promises = ['p1 prepare 2', 'a1 promise 1', 'a1 promise 2', 'a2 promise 2', 'a3 promise 2'].map(eventOf);
    const accept: TraceEvent = { at: 'p1', kind: 'accept', ballot: 2, value: 'x' };
    expect(answersIn(traceOf([...promises, accept]), findingAt(7)).at(-1)).toEqual([7, [4, 5, 6]]);
    expect(answersIn(traceOf([...promises, { ...accept, quorum: ['a1', 'a3'] }]), findingAt(7)).at(-1)).toEqual([7, [4, 6]]);
  });

  it('a vote answers the last accept of its ballot and value, a decision the votes for its value', () => {
    const events = ['p1 accept 1 x', 'p2 accept 1 y', 'p1 accept 2 x', 'a1 accepted 1 x', 'a2 accepted 1 y', 'a3 accepted 1 x', 'l1 decided x'].map(eventOf);
    expect(answersIn(traceOf(events), findingAt(8, [5, 7]))).toEqual([[2, []], [5, [2]], [7, [2]], [8, [5, 7]]]);
  });

  it('equal ballots are equal however they are written, and those of other owners are others', () => {
    const events: TraceEvent[] = [{ at: 'p2', kind: 'prepare', ballot: [7, 'p2'] }, { at: 'p1', kind: 'prepare', ballot: ['7', 'p1'] }, { at: 'p2', kind: 'prepare', ballot: [7, 'p2'] }, { at: 'a1', kind: 'promise', ballot: [7, 'p1'], votes: [] }];
    expect(answersIn(traceOf(events, { ballots: { kind: 'pair' } }), findingAt(5))).toEqual([[3, []], [5, [3]]]);
  });

  it('goes by the cause where it was logged', () => {
    const events: TraceEvent[] = [{ at: 'p1', kind: 'prepare', ballot: 1, i: 0 }, { at: 'p1', kind: 'prepare', ballot: 1, i: '1' }, { at: 'p1', kind: 'prepare', ballot: 1, i: 2 }, { at: 'a1', kind: 'promise', ballot: 1, votes: [], cause: { at: 'p1', i: 1 } }];
    expect(answersIn(traceOf(events), findingAt(5)).at(-1)).toEqual([5, [3]]);
  });

  it('is small, however many lines contradict each other, and says how many it has left out', () => {
    const votes = Array.from({ length: 500 }, () => eventOf('a1 accepted 1 x'));
    const { rows, leftOut } = sceneOf(traceOf(votes), findingAt(501, votes.slice(1).map((_, at) => at + 2)))!;
    expect(rows.length).toBeLessThanOrEqual(40);
    expect(leftOut).toBe(499 - rows.filter(({ part }) => part === 'core').length);
  });

  it('of a line that is not of an event there is none', () => {
    expect(sceneOf(traceOf([eventOf('p1 prepare 1')]), findingAt(1))).toBeNull();
    expect(sceneOf(traceOf([]), findingAt(2))).toBeNull();
  });
});
