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
import { placeIn, readTraces } from '../trace/read.js';
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
    const { verdict, first, trace } = check(await readStored(stored));
    expect({ verdict, line: first && placeIn(trace, first.line).line, rule: first?.rule }).toEqual({ verdict: stored.verdict, line: stored.line, rule: stored.rule });
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
    expect(verdictOf(['prepare', 'promise', 'accepted'], 'a1 accepted 1 x', 'a1 accepted 1 x').verdict).toBe('conforms');
    expect(verdictOf(ALL, 'a1 accepted 1 x').first).toMatchObject({ rule: 'vote-has-proposal' });
  });

  it('two values in one ballot contradict each other, logged proposals or not', () => {
    expect(verdictOf([], 'a1 accepted 1 x', 'a2 accepted 1 y').first).toMatchObject({ rule: 'one-value-per-ballot', line: 3 });
  });

  it('a promise that reports an unlogged vote is believed where votes may be missing, and kept to', () => {
    expect(verdictOf(['promise'], 'p1 prepare 2', 'a1 promise 2 1:x').verdict).toBe('conforms');
    expect(verdictOf(['promise'], 'p1 prepare 2', 'a1 promise 2 1:x', 'a1 promise 3').first).toMatchObject({ rule: 'promise-reports-highest-vote', line: 4 });
  });

  it('a log that puts nothing to the test is never a pass', () => {
    for (const texts of [[], ['p1 prepare 1'], ['p1 prepare 1', 'a1 promise 1'], ['p1 accept 1 x']]) {
      expect(verdictOf(ALL, ...texts)).toMatchObject({ verdict: 'inconclusive', tested: false });
    }
  });

  it.each([
    ['two values chosen', 'agreement', ['a1 promise 2 1:x', 'a2 promise 2 1:x', 'a2 promise 3 2:y', 'a3 promise 3 2:y']],
    ['two values in a ballot', 'one-value-per-ballot', ['a1 promise 2 1:x', 'a2 promise 2 1:y']],
    ['two votes of an acceptor in a ballot', 'one-vote-per-ballot', ['a1 promise 2 1:x', 'a1 promise 3 1:y']],
    ['two votes in one report', 'one-vote-per-ballot', ['a1 promise 2 1:x 1:y']],
    ['a vote that an earlier promise hid or broke', 'promise-kept', ['a1 promise 3', 'a1 promise 4 1:x']],
    ['the same after a restart', 'promise-kept', ['a1 promise 3', 'a1 crash', 'a1 restart 3 2:x']],
  ])('votes that only reports bring to light are judged: %s [%s]', (_, rule, texts) => {
    const result = verdictOf(['promise'], ...texts);
    expect(result.verdict).not.toBe('conforms');
    expect(result.findings.map((finding) => finding.rule)).toContain(rule);
  });

  it('proposals that only votes bring to light are judged: value and quorum', () => {
    const chosen = ['a1 promise 1', 'a2 promise 1', 'a1 accepted 1 x', 'a2 accepted 1 x'];
    expect(verdictOf(['promise', 'accepted'], ...chosen, 'a1 promise 2 1:x', 'a3 promise 2', 'a3 accepted 2 y').first).toMatchObject({ rule: 'accept-takes-highest-vote', line: 8 });
    expect(verdictOf(['promise', 'accepted'], ...chosen, 'a3 accepted 2 y').first).toMatchObject({ rule: 'accept-has-quorum', line: 6 });
  });

  it('a proposal that no hidden promises could allow is wrong', () => {
    expect(verdictOf(['accept', 'accepted'], 'p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x', 'p2 accept 2 y').first).toMatchObject({ rule: 'accept-takes-highest-vote', line: 5 });
    expect(verdictOf(['accept', 'accepted'], 'p1 accept 1 x', 'a1 accepted 1 x', 'a3 accepted 1 x', 'p2 accept 2 x').verdict).toBe('conforms');
  });

  it('what a learner gives as its reason must be true', () => {
    const chosen = ['p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x'].map(eventOf);
    const decided = (more: object) => check(traceOf([header(ALL), ...chosen, { at: 'l1', kind: 'decided', value: 'x', ...more }]));
    expect(decided({ ballot: 1, quorum: ['a1', 'a2'] }).verdict).toBe('conforms');
    for (const wrong of [{ ballot: 2 }, { quorum: ['a3'] }, { quorum: ['a1'] }]) expect(decided(wrong).findings.map(({ rule }) => rule)).toContain('decision-has-quorum');
  });

  it('what is chosen must have been proposed, decided or not, and before', () => {
    const votes = ['a1 accepted 1 y', 'a2 accepted 1 y'];
    const complete = ['propose', 'accepted'];
    expect(verdictOf(complete, 'c1 propose x', ...votes).first).toMatchObject({ rule: 'validity', line: 4 });
    expect(verdictOf(complete, ...votes, 'c1 propose y').first).toMatchObject({ rule: 'validity', line: 3 });
    expect(verdictOf(complete, 'c1 propose y', ...votes).verdict).toBe('conforms');
    expect(verdictOf(['propose'], 'c1 propose x', 'a1 promise 2 1:y', 'a2 promise 2 1:y').first).toMatchObject({ rule: 'validity', line: 4 });
  });

  it('what is chosen must have been proposed by somebody, where nobody knows when', () => {
    const of = (proposal: string) => check(traceOf([header(['propose', 'accepted'], { order: 'per-node' }), ...[proposal, 'a1 accepted 1 y', 'a2 accepted 1 y'].map((text): TraceEvent => ({ ...eventOf(text), i: 0 }))]));
    expect([of('c1 propose x').first?.rule, of('c1 propose y').verdict]).toEqual(['validity', 'conforms']);
  });

  it('lost lines explain what is missing after them', () => {
    const lost = { at: 'p1', kind: 'lost', count: 1 } as const;
    const events = (more: TraceEvent[]) => check(traceOf([header(ALL), ...more, ...['a1 accepted 1 x', 'a2 accepted 1 x', 'l1 decided x'].map(eventOf)]));
    expect(events([]).verdict).not.toBe('inconclusive');
    expect(events([lost]).verdict).toBe('inconclusive');
  });

  it('a later break is found behind an earlier one that costs nothing', () => {
    const before = ['p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x', 'p2 prepare 2', 'a2 promise 2 1:x', 'a3 promise 2'].map(eventOf);
    const harmless: TraceEvent = { at: 'p2', kind: 'accept', ballot: 2, value: 'x', quorum: ['a2'] };
    const result = check(traceOf([header(ALL), ...before, harmless, eventOf('p1 prepare 3'), eventOf('a1 promise 3')]));
    expect(result).toMatchObject({ verdict: 'unsafe', first: { rule: 'accept-has-quorum' }, consequence: { finding: { rule: 'promise-reports-highest-vote' } } });
  });

  it('a cost is looked for in ballots below and between those of the log, too', () => {
    // Leader 5 holds two empty promises; a1 and a2 forgot theirs, so that a lower ballot may choose x and leader 5 then y.
    const forgotten = ['p1 prepare 5', 'a1 promise 5', 'a2 promise 5', 'a2 crash', 'a2 restart none'];
    expect(verdictOf(ALL, ...forgotten)).toMatchObject({ verdict: 'unsafe', consequence: { consequence: { kind: 'disagreement' } } });
  });

  it('ballots and values that a cost needs beyond those of the log have names of their own', () => {
    const result = check(traceOf(ruleEntries().find(({ id }) => id === 'rule-quorums-intersect-broken')!.lines));
    const text = describeCheck(result).join('\n');
    const opened = [...text.matchAll(/sends prepare\((.*)\)/g)].map(([, ballot]) => ballot);
    expect([opened.length, new Set(opened).size]).toEqual([2, 2]);
    const chosen = [...text.matchAll(/=> (.*) is chosen/g)].map(([, value]) => value);
    expect(chosen).toHaveLength(2);
    expect(new Set(chosen)).toEqual(new Set(['"a value"', '"another value"']));
  });

  it('a repeated old vote or a truthful lower promise takes nothing back from its acceptor', () => {
    const ballots = ['p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a1 accepted 1 x', 'p2 prepare 2', 'a2 promise 2', 'a3 promise 2', 'p2 accept 2 y', 'a2 accepted 2 y', 'a1 accepted 2 y'];
    const fewPromises: TraceEvent = { at: 'p1', kind: 'accept', ballot: 3, value: 'y', quorum: ['a2'] };
    const rest = ['p1 prepare 3', 'a2 promise 3 2:y', 'a3 promise 3'];
    expect(check(traceOf([header(ALL), ...[...ballots, 'a1 accepted 1 x', ...rest].map(eventOf), fewPromises])).verdict).toBe('deviates');
    const lower = ['p1 prepare 1', 'p2 prepare 2', 'p1 prepare 3', 'a1 promise 3', 'a3 promise 3', 'a1 promise 2', 'a2 promise 2'];
    expect(check(traceOf([header(ALL), ...lower.map(eventOf), { at: 'p1', kind: 'accept', ballot: 3, value: 'y', quorum: ['a1'] }])).verdict).toBe('deviates');
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
    ['promises again', ['p1 prepare 1', 'a1 promise 1', 'a1 promise 1', 'p1 accept 1 x', 'a1 accepted 1 x', 'a1 promise 1 1:x']],
    ['acknowledges an old vote below a later promise', ['p1 accept 1 x', 'a1 accepted 1 x', 'p2 prepare 2', 'a1 promise 2 1:x', 'a1 accepted 1 x']],
    ['votes without a promise of its own', ['p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a3 accepted 1 x']],
    ['reports a vote above the ballot promised', ['p1 prepare 1', 'p2 prepare 2', 'a1 promise 2', 'a2 promise 2', 'p2 accept 2 y', 'a3 accepted 2 y', 'a3 promise 1 2:y']],
    ['refuses without need', ['p1 prepare 1', 'a1 nack 1 prepare', 'a2 promise 1', 'a3 promise 1', 'p1 accept 1 x', 'a2 accepted 1 x']],
    ['votes below an earlier report, which it had cast before', ['p1 accept 1 x', 'a1 accepted 1 x', 'p2 prepare 2', 'a1 promise 2 1:x', 'a2 promise 2', 'p2 accept 2 x', 'a1 accepted 2 x', 'a1 accepted 1 x', 'p1 prepare 3', 'a1 promise 3 2:x']],
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

describe('several errors', () => {
  // a1 and a2 each vote below their promise, which has nothing to do with each other; what a1 reports then is wrong only because of that vote.
  const opened = ['p1 prepare 1', 'p2 prepare 2', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a1 promise 2', 'a2 promise 2', 'a3 promise 2'];
  const texts = [...opened, 'a1 accepted 1 x', 'a2 accepted 1 x'];

  it('that do not follow from each other are all told, each with its own lines', () => {
    const { findings } = verdictOf(ALL, ...texts);
    expect(findings.filter(({ rule }) => rule === 'promise-kept').map(({ line, because }) => [line, because])).toEqual([[10, [7]], [11, [8]]]);
  });

  it('are told up to a number, and the one that costs agreement in any case', () => {
    const kept = (maxErrors: number): number[] => check(traceOf([header(ALL), ...[...texts, 'a3 accepted 1 x'].map(eventOf)]), { maxErrors }).findings.filter(({ rule }) => rule === 'promise-kept').map(({ line }) => line);
    expect(kept(3)).toEqual([10, 11, 12]);
    expect(kept(1)).toContain(10);
    expect(kept(1)).not.toContain(12);
  });

  it('of which one follows from another are one', () => {
    // The leader of ballot 3 goes by a promise that hides a vote: the promise is wrong, what comes of it is not told.
    const { findings } = verdictOf(ALL, 'p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x', 'a1 accepted 1 x', 'a1 promise 2 1:y');
    expect(findings.filter(({ severity }) => severity === 'safety').map(({ line, rule }) => [line, rule])).toEqual([[7, 'promise-reports-highest-vote']]);
  });
});
