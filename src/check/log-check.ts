/** A log of many decisions as a whole: what is wrong in which slots, and why. */
import { isOfSafety } from '../../model/rule-book.js';
import type { Verdict } from '../../model/verdict.js';
import type { Trace } from '../trace/read.js';
import type { TraceHeader } from '../trace/wire.js';
import type { Exercised } from './bench.js';
import { compile } from './compile.js';
import { GRAVITY } from './consequence.js';
import { findingsIn } from './core.js';
import { checkDecision } from './decision.js';
import type { Finding } from './finding.js';
import type { LogOptions, Suspicion } from './log-options.js';
import { LogChecker } from './log.js';
import type { SlotTrace } from './project-log.js';
import { LogProjector } from './project-log.js';
import type { CheckOptions, CheckResult, LogCounts } from './result.js';
import { isTested, MAX_ERRORS, newExplorations, notTestedOf } from './result.js';

/** What is known of a log when all of its lines have been read once. */
export interface LogPass {
  readonly log: LogChecker;
  readonly exercised: Exercised;
  /** The slots whose lines must be looked at again to say what is wrong. */
  readonly wrong: readonly number[];
}

/** So many slots are looked into, the first that are wrong; and so many of those in which nothing is wrong that matters for safety. */
const MAX_WRONG = 50;
const MAX_DEVIANT = 10;

/** Ends the first reading. */
export function endPass(log: LogChecker): LogPass {
  const exercised = log.end();
  const byLine = [...log.suspicions.values()].sort((one, other) => one.line - other.line);
  const serious = byLine.filter(({ isSerious }) => isSerious).slice(0, MAX_WRONG);
  // What is wrong in one line is wrong in many slots, if the line is of many.
  const others = [...new Map(byLine.filter(({ isSerious }) => !isSerious).reverse().map((each): [string, Suspicion] => [`${each.line} ${each.rule}`, each])).values()].reverse().slice(0, MAX_DEVIANT);
  return { log, exercised, wrong: [...serious, ...others].map(({ slot }) => slot) };
}

/** The verdict of a log, with what the lines of its wrong slots say. */
export function logResult({ log, exercised, wrong }: LogPass, about: Omit<Trace, 'events'>, slots: readonly SlotTrace[], options: CheckOptions = {}): CheckResult {
  const { maxErrors = MAX_ERRORS, explorations = newExplorations() } = options;
  // Quorums that do not meet are wrong whatever else was logged.
  const results = [checkDecision(wholeTrace(about), { ...options, explorations })];
  for (const slot of slots) {
    // Where one slot can cost agreement, nothing depends on the others.
    if (results.some(({ verdict }) => verdict === 'unsafe')) explorations.left = 0;
    results.push(inSlot(slot, checkDecision(slot.trace, { ...options, explorations })));
  }
  const findings = distinct([...log.findings, ...results.flatMap((result) => result.findings.filter(({ rule }) => !IS_OF_NODES.has(rule)))]);
  const serious = findings.filter(isSerious);
  const first = serious[0] ?? findings.find(({ severity }) => severity === 'deviation');
  const consequence = results.flatMap((result) => result.consequence ?? []).sort((one, other) => GRAVITY[other.consequence.kind] - GRAVITY[one.consequence.kind])[0];
  const told = new Set([...serious.slice(0, maxErrors), ...(consequence === undefined ? [] : [consequence.finding])]);
  const tested = isTested(exercised);
  const counts = countsOf(log, wrong);
  return {
    trace: wholeTrace(about),
    events: log.events,
    verdict: verdictOf(log, slots, results, first, counts, tested, wrong.length),
    findings: findings.filter((finding) => told.has(finding) || (!isSerious(finding) && (first === undefined || finding.line <= first.line || !isSerious(first)))),
    first,
    consequence,
    tested,
    exercised: { ...exercised, 'quorums-intersect': 1 },
    notTested: notTestedOf({ ...exercised, 'quorums-intersect': 1 }),
    lost: log.lost,
    unexplained: new Map(),
    log: counts,
    slots: new Map(slots.map(({ slot, trace }) => [slot, trace])),
  };
}

const wholeTrace = (about: Omit<Trace, 'events'>): Trace => ({ ...about, events: [] });

/** All that is found in a log, as if there were no others; costs are not looked for. */
export function findingsOfLog(trace: Trace): Finding[] {
  const { pass, slots } = readTwice(trace, {});
  return distinct([...pass.log.findings, ...slots.flatMap(({ slot, trace: single, unnamed }) => findingsIn(compile(single), single.events).map((finding) => placed(finding, slot, unnamed)))].filter((finding) => finding.slot === undefined || !IS_OF_NODES.has(finding.rule)));
}

const isSerious = ({ severity }: Finding): boolean => isOfSafety(severity);

/** Judged for the log as a whole, not slot by slot. */
const IS_OF_NODES: ReadonlySet<string> = new Set(['down-is-silent']);

function countsOf(log: LogChecker, looked: readonly number[]): LogCounts {
  const wrong = [...log.suspicions.values()].filter((each) => each.isSerious);
  const known = new Set(looked);
  return { slots: log.slotCount, wrongSlots: wrong.length, unexplored: wrong.filter(({ slot }) => !known.has(slot)).length, notJudged: log.notJudged };
}

/** The findings of one slot, with its number. */
function inSlot({ slot, unnamed }: SlotTrace, result: CheckResult): CheckResult {
  const here = new Map(result.findings.map((finding) => [finding, placed(finding, slot, unnamed)]));
  const { consequence } = result;
  return {
    ...result,
    findings: [...here.values()],
    first: result.first && here.get(result.first),
    consequence: consequence && { ...consequence, finding: here.get(consequence.finding) ?? consequence.finding },
  };
}

/** A promise for many slots that says nothing of this one, says that nothing was voted in it. */
const placed = (finding: Finding, slot: number, unnamed: ReadonlySet<number>): Finding => ({ ...finding, slot, rule: finding.rule === 'promise-reports-highest-vote' && unnamed.has(finding.line) ? 'promise-covers-slots' : finding.rule });

/** By line; what is wrong in the same way in many slots is told of the first. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return [...findings]
    .sort((one, other) => one.line - other.line || (one.slot ?? -1) - (other.slot ?? -1))
    .filter(({ line, rule, severity }) => {
      const key = `${line} ${rule} ${severity}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function verdictOf(log: LogChecker, slots: readonly SlotTrace[], results: readonly CheckResult[], first: Finding | undefined, { unexplored, notJudged }: LogCounts, tested: boolean, looked: number): Verdict {
  const verdicts = new Set<Verdict>(results.slice(1).map(({ verdict }) => verdict));
  if (results[0]!.consequence !== undefined) verdicts.add(results[0]!.verdict);
  if (verdicts.has('unsafe') || log.findings.some(({ severity }) => severity === 'consensus')) return 'unsafe';
  // A slot that was wrong at the first reading, and is not at the second, or not to be found: the file is another one by now.
  if (slots.length < looked || slots.some(({ slot }, at) => log.suspicions.get(slot)?.isCertain === true && results[at + 1]!.findings.length === 0)) return 'inconclusive';
  const isKnown = unexplored === 0 && !results.some(({ consequence }) => consequence?.consequence.kind === 'unknown');
  if (!isKnown) return 'inconclusive';
  if (first !== undefined) return 'deviates';
  return log.lost > 0 || notJudged > 0 || !tested ? 'inconclusive' : 'conforms';
}

/** Looks at the lines of these slots again. */
export const projectorFor = (header: TraceHeader, { wrong }: LogPass): LogProjector => new LogProjector(header, wrong);

/** Checks a log of many decisions that is in memory. */
export function checkLog(trace: Trace, options: CheckOptions & LogOptions = {}): CheckResult {
  const { pass, slots } = readTwice(trace, options);
  return logResult(pass, trace, slots, options);
}

/** Once for which slots are wrong, and again for their lines. */
function readTwice(trace: Trace, options: LogOptions): { readonly pass: LogPass; readonly slots: readonly SlotTrace[] } {
  const log = new LogChecker(trace.header, options);
  for (const { event, line } of trace.events) log.feed(event, line);
  const pass = endPass(log);
  const projector = projectorFor(trace.header, pass);
  if (pass.wrong.length > 0) for (const { event, line } of trace.events) projector.feed(event, line);
  return { pass, slots: projector.traces(trace) };
}

/** True for traces of many decisions. */
export const isLog = ({ profile }: TraceHeader): boolean => profile === 'multi';

