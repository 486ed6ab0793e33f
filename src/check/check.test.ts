import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../model/rule-book.js';
import { chosenValues } from '../../model/learner.js';
import { MUTANTS } from '../../model/mutants.js';
import { initialCluster, saidIn, synod } from '../../model/synod.js';
import { coveringRuns } from '../corpus/coverage-entries.js';
import type { StoredTrace } from '../corpus/stored-node.js';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { eventOf, ruleEntries } from '../corpus/rule-entries.js';
import { describeCheck } from '../report/check-report.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { check } from './check.js';

const traceOf = ([header, ...events]: readonly [TraceHeader, ...TraceEvent[]]): Trace => ({
  file: 'test.ndjson', header, headerLine: 1, warnings: [], events: events.map((event, index) => ({ event, line: index + 2 })),
});

async function readStored(stored: StoredTrace): Promise<Trace> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytesOf(stored);
  }
  for await (const trace of readTraces(chunks(), stored.file)) return trace;
  throw new Error(`${stored.file} is empty`);
}

describe('the corpus is judged as its manifest says', () => {
  it.each(storedTraces())('$id: $verdict, line $line, $rule', async (stored) => {
    const { verdict, first } = check(await readStored(stored));
    expect({ verdict, line: first?.line, rule: first?.rule }).toEqual({ verdict: stored.verdict, line: stored.line, rule: stored.rule });
  });

  it.each(storedTraces())('$id is the file that the manifest means (sha256)', (stored) => {
    expect(createHash('sha256').update(bytesOf(stored)).digest('hex')).toBe(stored.sha256);
  });

  it('has a log that keeps and a log that breaks every rule', () => {
    const examples = new Set(ruleEntries().map(({ id }) => id));
    for (const { id } of RULES) expect([examples.has(`rule-${id}-kept`), examples.has(`rule-${id}-broken`)]).toEqual([true, true]);
  });

  it('exercises every rule in the log that is said to keep it', () => {
    for (const { id } of RULES) {
      const kept = ruleEntries().find((entry) => entry.id === `rule-${id}-kept`)!;
      expect(check(traceOf(kept.lines)).exercised[id], id).toBeGreaterThan(0);
    }
  });

  // Nine states: nothing; promised 1 or 2 without a vote; voted x or y in 1, promised 1 or 2; voted x or y in 2. Each meets
  // both prepares (18). accept(1, v): both values where no vote in 1 was cast (5 states, 10), else the value voted for (4).
  // accept(2, v): both values in the 7 states without a vote in 2 (14), else the value voted for (2).
  it('takes every action of every acceptor state (A=3 B=2 V=2): 48 pairs of state and message', () => {
    const protocol = synod(3, 2, 2);
    const met = new Set<string>();
    for (const run of coveringRuns(protocol)) {
      let before = initialCluster(protocol);
      for (const { action, next } of run) {
        if (action.kind === 'promise' || action.kind === 'vote') met.add(JSON.stringify([before.acceptors[action.acceptor]!.state, { ...action, acceptor: 0 }]));
        before = next;
      }
      expect(chosenValues(saidIn(protocol, before)).length).toBe(1);
    }
    expect(met.size).toBe(48);
  });

  it('lists every mutant that breaks a rule, each with its rule', () => {
    const listed = storedTraces().filter(({ id }) => id.startsWith('mutant-'));
    const expected = MUTANTS.filter(({ breaks }) => breaks === 'agreement' || breaks === 'validity' || breaks === 'invariant').map(({ id }) => `mutant-${id}`);
    expect(listed.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(listed.filter(({ rule }) => rule === undefined)).toEqual([]);
    for (const { id, rule } of listed) {
      const known = MUTANTS.find((mutant) => `mutant-${mutant.id}` === id)!.rule;
      expect([id, rule]).toEqual([id, known]);
    }
  });
});

const header = (complete: readonly string[], more: Partial<TraceHeader> = {}): TraceHeader => ({
  ...ruleEntries()[0]!.lines[0], complete: [...complete], ...more,
});
const ALL = ['prepare', 'promise', 'accept', 'accepted', 'nack', 'decided', 'crash', 'restart'];
const verdictOf = (complete: readonly string[], ...texts: string[]) => check(traceOf([header(complete), ...texts.map(eventOf)]));

describe('what a log may leave out', () => {
  it('votes alone conform, and say what was not tested', () => {
    const result = verdictOf(['accepted'], 'a1 accepted 1 x', 'a2 accepted 1 x');
    expect(result.verdict).toBe('conforms');
    expect(result.notTested).toEqual(expect.arrayContaining(['accept-has-quorum', 'promise-reports-highest-vote', 'vote-has-proposal']));
  });

  it('votes alone are enough to see two chosen values', () => {
    const result = verdictOf([], 'a1 accepted 1 x', 'a2 accepted 1 x', 'a2 accepted 2 y', 'a3 accepted 2 y');
    expect(result.verdict).toBe('unsafe');
    expect(result.first).toMatchObject({ rule: 'agreement', line: 5 });
  });

  it('a vote without its proposal is wrong only where proposals are said to be complete', () => {
    expect(verdictOf(['prepare', 'promise', 'accepted'], 'a1 accepted 1 x').verdict).toBe('conforms');
    expect(verdictOf(ALL, 'a1 accepted 1 x').first).toMatchObject({ rule: 'vote-has-proposal' });
  });

  it('two values in one ballot contradict each other, logged proposals or not', () => {
    expect(verdictOf([], 'a1 accepted 1 x', 'a2 accepted 1 y').first).toMatchObject({ rule: 'one-value-per-ballot', line: 3 });
  });

  it('a promise that reports an unlogged vote is believed where votes may be missing, and kept to', () => {
    expect(verdictOf(['promise'], 'p1 prepare 2', 'a1 promise 2 1:x').verdict).toBe('conforms');
    expect(verdictOf(['promise'], 'p1 prepare 2', 'a1 promise 2 1:x', 'a1 promise 3').first).toMatchObject({ rule: 'promise-reports-highest-vote', line: 4 });
  });

  it('missing lines are never a pass', () => {
    const result = check(traceOf([header(ALL), { at: 'a1', kind: 'lost', count: 3 }, eventOf('p1 prepare 1')]));
    expect(result).toMatchObject({ verdict: 'inconclusive', lost: 3 });
  });

  it('the lowest ballot may do without phase 1, a higher one may not', () => {
    expect(verdictOf(ALL, 'p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x').verdict).toBe('conforms');
    expect(verdictOf(ALL, 'p1 accept 1 x', 'p2 accept 2 y').first).toMatchObject({ rule: 'accept-has-quorum', line: 3 });
  });
});

describe('legitimate differences conform', () => {
  it.each([
    ['promises again', ['p1 prepare 1', 'a1 promise 1', 'a1 promise 1']],
    ['acknowledges an old vote below a later promise', ['p1 accept 1 x', 'a1 accepted 1 x', 'p2 prepare 2', 'a1 promise 2 1:x', 'a1 accepted 1 x']],
    ['votes without a promise of its own', ['p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a3 accepted 1 x']],
    ['reports a vote above the ballot promised', ['p1 prepare 1', 'p2 prepare 2', 'a1 promise 2', 'a2 promise 2', 'p2 accept 2 y', 'a3 accepted 2 y', 'a3 promise 1 2:y']],
    ['refuses without need', ['p1 prepare 1', 'a1 nack 1 prepare', 'a2 promise 1']],
  ])('%s', (_, events) => {
    expect(verdictOf(ALL, ...events).verdict).toBe('conforms');
  });
});

describe('reports', () => {
  it('name line, rule, the false conjunct with its numbers, expected and got, the lines contradicted, and the cost', () => {
    const entry = ruleEntries().find(({ id }) => id === 'rule-promise-kept-broken')!;
    const text = describeCheck(check(traceOf(entry.lines))).join('\n');
    expect(text).toContain('test.ndjson:9: wrong: promise-kept at a2');
    expect(text).toContain('[1 >= 2]');
    expect(text).toContain('expected  no new vote below ballot 2');
    expect(text).toContain('got       a vote for "x" in ballot 1');
    expect(text).toContain('see       line 7');
    expect(text).toContain('is chosen in ballot 2');
  });
});
