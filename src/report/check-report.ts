/** What a check says: as text for people, and in the stable JSON shape (see README, "JSON"). */
import { gravityOf, ruleNamed } from '../../model/rule-book.js';
import type { CheckResult } from '../check/check.js';
import type { Consequence } from '../check/consequence.js';
import type { Finding } from '../check/finding.js';
import type { Wait } from '../check/linearize.js';
import { count, plural } from '../numbers.js';
import { placeIn } from '../trace/read.js';
import { printable, showText } from '../trace/show.js';
import { describeEvent, describeLogged } from './event-text.js';
import { contextOf, eventAt, linesOf } from './neighbours.js';
import { describeRun } from './run-text.js';
import { wrap } from './wrap.js';

export const boundsOf = ({ acceptors, ballots, values }: { acceptors: number; ballots: number; values: number }): string => `${acceptors} acceptors, ${ballots} ballots, ${values} values`;

/** Where the trace is, and its id. */
export const titleOf = ({ trace }: CheckResult): string => `${shownPlace(trace, trace.headerLine)}${filesOf(trace) > 1 ? ` and ${plural(filesOf(trace) - 1, 'more file')}` : ''}${trace.header.id === undefined ? '' : ` (${trace.header.id})`}`;

const shownPlace = (trace: CheckResult['trace'], line: number): string => {
  const place = placeIn(trace, line);
  return `${place.file}:${place.line}`;
};

const filesOf = ({ places = [] }: CheckResult['trace']): number => new Set(places.map(({ file }) => file)).size;

/** A line as a sentence names it. */
export const lineText = (trace: CheckResult['trace'], line: number): string => (trace.places === undefined ? `line ${line}` : shownPlace(trace, line));

/** What the verdict rests on, in one sentence. */
export function statementOf(result: CheckResult): string {
  const { verdict, trace, events, first, lost, notTested, tested, consequence, unexplained, log } = result;
  const rules = Object.keys(result.exercised).length;
  if (verdict === 'conforms') return `${plural(events, 'event')}${log === undefined ? '' : ` of ${plural(log.slots, 'slot')}`}, and every rule that they put to the test is kept (${rules - notTested.length} of ${rules}); nothing is claimed of other runs`;
  const where = first === undefined ? '' : `${lineText(trace, first.line)} breaks ${first.rule}${first.slot === undefined ? '' : ` in slot ${first.slot}`}`;
  switch (verdict) {
    case 'unsafe':
      if (hasConsensusFinding(result)) return `${where}; consensus is broken in this very log`;
      return consequence === undefined || consequence.finding.line === first?.line ? `${where}, and this can cost agreement` : `${where}; ${lineText(trace, consequence.finding.line)} breaks ${consequence.finding.rule}, and this can cost agreement`;
    case 'deviates':
      return `${where}; no run within the stated bounds breaks agreement because of it`;
    case 'inconclusive':
      if (log !== undefined && log.unexplored > 0) return `${where === '' ? '' : `${where}; `}something is wrong in ${plural(log.wrongSlots, 'slot')}, and ${count(log.unexplored)} of them were not looked into`;
      if (first !== undefined) return `${where}; whether that can cost agreement is not known`;
      if (lost === 0 && unexplained.size > 0) return unexplainedText(result);
      if (lost === 0 && log !== undefined && log.notJudged > 0 && tested) return `${plural(log.notJudged, 'line')} about slots that everybody had trimmed before could not be judged`;
      if (lost === 0 && log !== undefined && log.wrongSlots > 0) return `something was wrong in ${plural(log.wrongSlots, 'slot')} when the log was read, and was not when it was read again: has it changed, or do its lines contradict each other from slot to slot?`;
      return tested ? `${lost === 1 ? '1 line of the log is' : `${count(lost)} lines of the log are`} missing, so that nothing can be claimed` : `the log puts no rule to the test that matters for safety, so that nothing can be claimed${log !== undefined && log.notJudged > 0 ? `; ${plural(log.notJudged, 'line')} about slots that everybody had trimmed before were not judged` : ''}`;
  }
}

const hasConsensusFinding = ({ findings }: CheckResult): boolean => findings.some(({ severity }) => severity === 'consensus');

/** What a finding is called, by its gravity. */
export const GRAVITIES = ['wrong', 'deviation', 'warning'] as const;

/** The rule that is broken, at which node, in which slot. */
export const subjectOf = ({ rule, at, slot }: Finding): string => `${rule}${at === undefined ? '' : ` at ${at}`}${slot === undefined ? '' : ` in slot ${slot}`}`;

/** One finding, several lines: where, which rule, expected and got, which lines it contradicts. */
export function describeFinding(result: CheckResult, finding: Finding): string[] {
  const trace = linesOf(result, finding);
  const { line, blocked, expected, got, because, severity } = finding;
  const wait = result.unexplained.get(line);
  const loc = eventAt(trace, line)?.loc;
  return [
    `${shownPlace(trace, line)}: ${GRAVITIES[gravityOf(severity)]}: ${subjectOf(finding)}`,
    `    rule      ${ruleNamed(finding.rule).sentence}`,
    ...blocked.map(({ formula, numbers }) => `    false     ${formula}   [${numbers}]`),
    `    expected  ${expected}`,
    `    got       ${got}`,
    ...(loc === undefined ? [] : [`    logged    ${showText(loc)}`]),
    ...because.slice(0, MAX_SEEN).map((earlier) => `    see       ${saidIn(trace, earlier)}`),
    ...(because.length > MAX_SEEN ? [`    see       ${plural(because.length - MAX_SEEN, 'more line')}, up to ${lineText(trace, because.at(-1)!)}`] : []),
    ...contextOf(trace, finding, MAX_CONTEXT).map((earlier) => `    before    ${saidIn(trace, earlier.line)}`),
    ...(wait === undefined ? [] : [`    order     ${waitText(wait)}`]),
  ].map(printable);
}

/** The same without the place, for those who show it themselves. */
export const explanationOf = (result: CheckResult, finding: Finding): string => describeFinding(result, finding).slice(1).map((line) => line.trim()).join('\n');

/** Lines that a finding contradicts, and what its node did before it: so many are told. */
const MAX_SEEN = 12;
const MAX_CONTEXT = 3;

/** A line, and what it says. */
function saidIn(trace: CheckResult['trace'], line: number): string {
  const event = eventAt(trace, line);
  return `${lineText(trace, line)}${event === undefined ? '' : `: ${describeLogged(event)}`}`;
}

/** No rule is broken, and yet the log cannot be true. */
function unexplainedText({ trace, unexplained }: CheckResult): string {
  const [line, wait] = [...unexplained][0]!;
  return `${lineText(trace, line)} has no place in any order of the lines: ${waitText(wait)}`;
}

/** What an event waits for in vain. */
export function waitText(wait: Wait): string {
  if (wait.length === 0) return 'whatever the order of the lines, what it needs is in none of these logs before it';
  const steps = wait.map(({ how, file, line, kind }, at) => `${at === 0 ? 'it' : 'which'} ${how === 'needed' ? 'needs' : 'comes after'} ${file}:${line} (${kind})`);
  return `no order of the lines explains it: ${steps.join(', ')}`;
}

function describeConsequence(consequence: Consequence): string[] {
  switch (consequence.kind) {
    case 'none':
      return [`    cost      none: from here, with everybody correct, no run chooses two values (${boundsOf(consequence.bounds)})`];
    case 'unknown':
      return [`    cost      not known: ${consequence.reason}`];
    case 'disagreement': {
      const { run, protocol, names, bounds } = consequence;
      if (run.transitions.length === 0) return ['    cost      two values are chosen or decided already'];
      return [`    cost      agreement: with everybody correct from here on, ${plural(run.transitions.length, 'more action')} ${run.transitions.length === 1 ? 'chooses' : 'choose'} two values (${boundsOf(bounds)}):`, ...describeRun(protocol, run, names).map((line) => `      ${line}`)];
    }
  }
}

export interface CheckTextOptions {
  /** List rules that were not exercised, even where the verdict is `conforms`. */
  readonly verbose?: boolean;
  readonly paint?: (verdict: CheckResult['verdict']) => string;
  /** Columns for what is below the first line of a trace or finding; these stay whole, for programs. Default: no limit. */
  readonly width?: number;
}

/** The whole report of one trace, as lines. */
export function describeCheck(result: CheckResult, options: CheckTextOptions = {}): string[] {
  const { verdict, findings, consequence, notTested } = result;
  const paint = options.paint ?? ((text: string): string => text);
  const details = findings.flatMap((finding) => [...describeFinding(result, finding), ...(finding === consequence?.finding ? describeConsequence(consequence.consequence).map(printable) : [])]);
  const { width = Infinity } = options;
  return [
    `${printable(titleOf(result))}: ${paint(verdict)}: ${printable(statementOf(result))}`,
    ...result.trace.warnings.map(({ file = result.trace.file, line, message }) => printable(`${file}:${line}: warning: ${message}`)),
    ...[...details, ...(options.verbose && notTested.length > 0 ? [`    not tested: ${notTested.join(', ')}`] : [])].flatMap((line) => (line.startsWith(' ') ? wrap(line, width) : line)),
  ];
}

/** Lines alone name places in a file; where there are several files, both. */
const lineJson = (trace: CheckResult['trace'], line: number): { line: number; file?: string } => (trace.places === undefined ? { line } : placeIn(trace, line));

/** What a line says, and which place in the source logged it. */
function loggedJson(trace: CheckResult['trace'], line: number): object {
  const event = eventAt(trace, line);
  return { ...lineJson(trace, line), ...(event !== undefined && { text: describeEvent(event) }), ...(event?.loc !== undefined && { loc: event.loc }) };
}

function findingJson(result: CheckResult, finding: Finding): object {
  const trace = linesOf(result, finding);
  const wait = result.unexplained.get(finding.line);
  const loc = eventAt(trace, finding.line)?.loc;
  return {
    ...finding,
    ...lineJson(trace, finding.line),
    ...(loc !== undefined && { loc }),
    because: finding.because.map((line) => (trace.places === undefined ? line : placeIn(trace, line))),
    see: finding.because.map((line) => loggedJson(trace, line)),
    ...(wait && { waits: wait }),
  };
}

/** Which trace, whatever its file is called, and who judged it. */
export interface Identity {
  readonly checker: string;
  readonly sha256: string;
  /** Of logs of single nodes: the traces that were put together, by hash. */
  readonly parts?: readonly { readonly file: string; readonly line: number; readonly sha256: string }[];
}

export function checkJson(result: CheckResult, identity?: Identity): object {
  const { trace, verdict, first, findings, consequence, exercised, notTested, lost } = result;
  return {
    format: 'paxcheck-verdict',
    version: 1,
    ...identity,
    ...placeIn(trace, trace.headerLine),
    ...(filesOf(trace) > 1 && { files: [...new Set(trace.places!.map(({ file }) => file))].sort() }),
    ...(trace.header.id !== undefined && { id: trace.header.id }),
    verdict,
    statement: statementOf(result),
    tested: result.tested,
    events: result.events,
    ...(first !== undefined && { first: { ...lineJson(trace, first.line), rule: first.rule } }),
    findings: findings.map((finding) => findingJson(result, finding)),
    ...(consequence !== undefined && { consequence: { ...lineJson(trace, consequence.finding.line), rule: consequence.finding.rule, ...consequenceJson(consequence.consequence) } }),
    exercised,
    notTested,
    lost,
    ...(result.log !== undefined && { log: result.log }),
    warnings: trace.warnings,
  };
}

function consequenceJson(consequence: Consequence): object {
  if (consequence.kind !== 'disagreement') return consequence;
  const { kind, bounds, run, protocol, names } = consequence;
  return { kind, bounds, length: run.transitions.length, actions: run.transitions.map(({ action }) => action), text: describeRun(protocol, run, names) };
}
