import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfSafety } from '../../model/rule-book.js';
import { LOG_BUGS, logHeader, logRun } from '../corpus/log-run.js';
import type { LogBug } from '../corpus/log-run.js';
import { randomNumbers } from '../engine/random.js';
import type { Trace } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { compile } from './compile.js';
import { findingsIn } from './core.js';
import { checkLog } from './log-check.js';
import { LogChecker } from './log.js';
import { LogProjector } from './project-log.js';
import { slotsNamed } from './project.js';

/** The slow tests look at others each time; a failure says its seed. */
const SEED = process.env.PAXCHECK_SLOW === undefined ? { seed: 20_261_123 } : {};

const SLOW = process.env.PAXCHECK_SLOW !== undefined;
const RUNS = SLOW ? 2_000 : 150;

const KINDS = logHeader('').complete;

/** Numbers from 0 to below 1, of their own for each seed. */
function numbers(seed: number): () => number {
  const next = randomNumbers(seed, 0);
  return () => next() / 2 ** 32;
}

/** The log with some kinds hidden: of these each line is left out with this chance. */
function traceOf(events: readonly TraceEvent[], hidden: readonly string[] = [], chance = 0.5, random: () => number = () => 0): Trace {
  const kept = events.filter(({ kind }) => !hidden.includes(kind) || random() >= chance);
  return { file: 'run', header: logHeader('a run', KINDS.filter((kind) => !hidden.includes(kind))), headerLine: 1, events: kept.map((event, at) => ({ event, line: at + 2 })), warnings: [] };
}

/** Every slot by itself, its lines picked one by one: slow and obvious. The first wrong line of each that has one. */
function wrongLines(trace: Trace, slots: readonly number[]): Map<number, number> {
  const projector = new LogProjector(trace.header, slots);
  for (const { event, line } of trace.events) projector.feed(event, line);
  return new Map(projector.traces(trace).flatMap(({ slot, trace: single }): [number, number][] => {
    const wrong = findingsIn(compile(single), single.events).find(({ severity }) => isOfSafety(severity));
    return wrong === undefined ? [] : [[slot, wrong.line]];
  }));
}

function pass(trace: Trace, remember: boolean): { readonly log: LogChecker; readonly exercised: Record<string, number> } {
  const log = new LogChecker(trace.header, { remember });
  for (const { event, line } of trace.events) log.feed(event, line);
  return { log, exercised: log.end() };
}

// A crash that is nowhere in the log swallows nothing.
const hidings = fc.subarray(KINDS.filter((kind) => kind !== 'restart'));
const arbitrary = fc.record({ seed: fc.integer(), steps: fc.integer({ min: 20, max: 200 }), slots: fc.integer({ min: 1, max: 6 }), hidden: hidings, bug: fc.option(fc.constantFrom(...LOG_BUGS), { nil: undefined }) });

interface Case {
  readonly seed: number;
  readonly steps: number;
  readonly slots: number;
  readonly hidden: readonly string[];
  readonly bug?: LogBug | undefined;
}

function traceFor({ seed, steps, slots, hidden, bug }: Case): Trace {
  const random = numbers(seed);
  return traceOf(logRun({ steps, slots, random, ...(bug !== undefined && { bug }) }), hidden, 0.5, random);
}

describe('logs of many decisions', () => {
  it(`of correct clusters break no rule that matters, whatever is hidden (${RUNS} runs)`, () => {
    let conforming = 0;
    fc.assert(
      fc.property(arbitrary, (data) => {
        const result = checkLog(traceFor({ ...data, bug: undefined }));
        expect(result.findings.filter(({ severity }) => isOfSafety(severity))).toEqual([]);
        expect(['conforms', 'deviates', 'inconclusive']).toContain(result.verdict);
        if (result.verdict === 'conforms') conforming++;
      }),
      { numRuns: RUNS, ...SEED },
    );
    expect(conforming).toBeGreaterThan(RUNS / 4);
  });

  it(`are wrong in the slots that are wrong by themselves, and in no others (${RUNS} runs, with and without bugs, kinds hidden)`, () => {
    let wrong = 0;
    let inVain = 0;
    fc.assert(
      fc.property(arbitrary, (data) => {
        const trace = traceFor({ ...data, hidden: data.hidden.filter((kind) => kind !== 'propose') });
        // What everybody has trimmed is not judged any more; here it is.
        const events = trace.events.filter(({ event }) => event.kind !== 'trim');
        const { log } = pass({ ...trace, events }, true);
        const named = new Set(events.flatMap(({ event }) => slotsNamed(event)));
        const suspected = new Map([...log.suspicions.values()].filter(({ isSerious }) => isSerious).map(({ slot, line }) => [slot, line]));
        const expected = wrongLines({ ...trace, events }, [...new Set([...named, ...suspected.keys()])]);
        // What was wrong in all slots before they were named is told of one of them.
        const told = new Set(suspected.values());
        for (const [slot, line] of expected) expect([slot, suspected.has(slot) || told.has(line)]).toEqual([slot, true]);
        for (const [slot, line] of suspected) expect([slot, (expected.get(slot) ?? 0) <= line]).toEqual([slot, true]);
        // A ballot that was not the lowest after all is looked into, and may turn out to be right.
        inVain += [...suspected.keys()].filter((slot) => !expected.has(slot)).length;
        wrong += expected.size;
      }),
      { numRuns: RUNS, ...SEED },
    );
    expect(wrong).toBeGreaterThan(RUNS / 30);
    expect(inVain).toBeLessThan(RUNS / 10);
  });

  it(`are judged the same whether what events make of a decision is remembered or not (${RUNS} runs)`, () => {
    fc.assert(
      fc.property(arbitrary, (data) => {
        const trace = traceFor(data);
        const [one, other] = [pass(trace, true), pass(trace, false)];
        expect(one.exercised).toEqual(other.exercised);
        expect([...one.log.suspicions.values()]).toEqual([...other.log.suspicions.values()]);
        expect(one.log.findings).toEqual(other.log.findings);
      }),
      { numRuns: RUNS, ...SEED },
    );
  });

  it('may report a vote that a crash swallowed in the slots where it was proposed before, and in no others', () => {
    const of = (at: string, kind: string, fields: object): TraceEvent => ({ at, kind, ...fields }) as TraceEvent;
    const reported = [1, 2].map((slot) => ({ slot, ballot: 1, value: 'x' }));
    const events = [of('p1', 'accept', { slot: 1, ballot: 1, value: 'x' }), of('a1', 'crash', {}), of('p1', 'accept', { slot: 2, ballot: 1, value: 'x' }), of('a1', 'restart', {}), of('a1', 'promise', { ballot: 2, votes: reported })];
    const trace = traceOf(events, ['prepare'], 0);
    expect(checkLog(trace).findings.map(({ slot, line, rule }) => [slot, line, rule])).toEqual([[2, 6, 'promise-reports-highest-vote']]);
  });

  it.each(LOG_BUGS)('"%s" is found in one of 300 runs at most, and told (A=3, 4 slots)', (bug) => {
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    const traceOfSeed = (seed: number): Trace => traceFor({ seed, steps: 300, slots: 4, hidden: [], bug });
    const seed = seeds.find((each) => {
      const { log } = pass(traceOfSeed(each), true);
      return log.findings.length > 0 || [...log.suspicions.values()].some(({ isSerious }) => isSerious);
    });
    const result = checkLog(traceOfSeed(seed ?? -1));
    expect(result.verdict).not.toBe('conforms');
    expect(result.first?.line).toBeGreaterThan(1);
    expect(isOfSafety(result.first!.severity)).toBe(true);
  });
});
