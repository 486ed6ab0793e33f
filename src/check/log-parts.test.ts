import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfSafety } from '../../model/rule-book.js';
import { LOG_BUGS, logHeader, logRun } from '../corpus/log-run.js';
import type { LogBug } from '../corpus/log-run.js';
import { randomNumbers } from '../engine/random.js';
import type { PartEvent } from '../trace/parts.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { writeTrace } from '../trace/write.js';
import { compile } from './compile.js';
import { findingsIn } from './core.js';
import { linearize } from './linearize.js';
import type { LogPart } from './log-parts.js';
import { checkLogParts } from './log-parts.js';
import { eventIn, slotsNamed } from './project.js';

/** The slow tests look at others each time; a failure says its seed. */
const SEED = process.env.PAXCHECK_SLOW === undefined ? { seed: 20_261_123 } : {};

const RUNS = process.env.PAXCHECK_SLOW === undefined ? 100 : 2_000;
const KINDS = logHeader('').complete;

interface Case {
  readonly seed: number;
  readonly steps: number;
  readonly slots: number;
  readonly hidden: readonly string[];
  readonly bug?: LogBug | undefined;
  readonly files: number;
}

interface Logs {
  readonly header: TraceHeader;
  readonly byNode: ReadonlyMap<string, readonly TraceEvent[]>;
  readonly parts: readonly LogPart[];
}

/** A run as its nodes would have logged it, each node in one of the files. */
function logsOf({ seed, steps, slots, hidden, bug, files }: Case): Logs {
  const next = randomNumbers(seed, 1);
  const random = (): number => next() / 2 ** 32;
  const events = logRun({ steps, slots, random, ...(bug !== undefined && { bug }) }).filter(({ kind }) => kind !== 'trim' && (!hidden.includes(kind) || random() < 0.5));
  const header: TraceHeader = { ...logHeader('a run', KINDS.filter((kind) => !hidden.includes(kind))), order: 'per-node' };
  const byNode = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const own = byNode.get(event.at) ?? [];
    byNode.set(event.at, [...own, { ...event, i: own.length }]);
  }
  const places = [...byNode.keys()].map((node, index) => [node, index % files] as const);
  const parts = Array.from({ length: files }, (_, file): LogPart => {
    const own = places.filter(([, at]) => at === file).flatMap(([node]) => byNode.get(node)!);
    const text = Buffer.from(writeTrace(header, own));
    const open = async function* () {
      for (let start = 0; start < text.length; start += 500) yield text.subarray(start, start + 500);
    };
    return { trace: { file: `${file}.ndjson`, header, headerLine: 1, events: [], warnings: [] }, lossy: [], open };
  });
  return { header, byNode, parts };
}

/** Slot by slot, each as the logs of a single decision: is there one in which a rule that matters is broken in every order? */
function isWrong({ header, byNode }: Logs): boolean {
  const slots = new Set([0, ...[...byNode.values()].flat().flatMap((event) => slotsNamed(event))]);
  return [...slots].some((slot) => {
    const seen = [...byNode].map(([node, events]): [string, PartEvent[]] => [node, events.flatMap((event, index) => {
      const own = eventIn(event, slot);
      return own === null ? [] : [{ event: own, file: node, line: index + 2 }];
    })]);
    const { trace } = linearize({ header: { ...header, order: 'total' }, first: { file: 'x', line: 1 }, byNode: new Map(seen.filter(([, events]) => events.length > 0)), lastOf: new Map(seen.map(([node]) => [node, String(byNode.get(node)!.length - 1)])), warnings: [] });
    return findingsIn(compile(trace), trace.events).some(({ severity }) => isOfSafety(severity));
  });
}

const cases = fc.record({ seed: fc.integer(), steps: fc.integer({ min: 20, max: 200 }), slots: fc.integer({ min: 1, max: 5 }), hidden: fc.oneof(fc.constant([]), fc.subarray([...KINDS], { maxLength: 2 }), fc.subarray([...KINDS])), bug: fc.option(fc.constantFrom(...LOG_BUGS), { nil: undefined }), files: fc.integer({ min: 1, max: 4 }) });

describe('logs of many decisions, node by node', () => {
  it(`of correct clusters break no rule that matters, whatever is hidden, in however many files (${RUNS} runs)`, async () => {
    let conforming = 0;
    await fc.assert(
      fc.asyncProperty(cases, async (data) => {
        const result = await checkLogParts(logsOf({ ...data, bug: undefined }).parts);
        expect(result.findings.filter(({ severity }) => isOfSafety(severity))).toEqual([]);
        if (result.verdict === 'conforms') conforming++;
      }),
      { numRuns: RUNS, ...SEED },
    );
    expect(conforming).toBeGreaterThan(RUNS / 5);
  });

  it(`are wrong if one of their slots is wrong by itself (${RUNS} runs, with and without bugs)`, async () => {
    const counts = { wrong: 0, right: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (data) => {
        const logs = logsOf(data);
        const { findings } = await checkLogParts(logs.parts, { explorations: { left: 0 } });
        const found = findings.some(({ severity, slot }) => slot !== undefined && isOfSafety(severity));
        expect(found).toBe(isWrong(logs));
        counts[found ? 'wrong' : 'right']++;
      }),
      { numRuns: RUNS, ...SEED },
    );
    expect(Math.min(counts.wrong, counts.right)).toBeGreaterThan(RUNS / 25);
  });
});
