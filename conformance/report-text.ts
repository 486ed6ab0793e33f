/** The report for people: the verdict first, then what was seen, what it can cost, and what was not looked at. */
import type { Verdict } from '../src/index.js';
import { ruleNamed } from '../src/index.js';
import type { AcceptorReport, RuleResult } from './acceptor-report.js';
import type { Case } from './case.js';
import { SENSELESS } from './judge.js';

export interface ReportTextOptions {
  readonly paint?: (verdict: Verdict) => string;
}

const number = (value: number): string => value.toLocaleString('en-US');
const plural = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const numbered = (steps: readonly string[]): string[] => steps.map((step, index) => `${index + 1}. ${step}`);

const subject = ({ implementation: { name, version, language } }: AcceptorReport): string =>
  [name, ...(version === undefined ? [] : [version]), ...(language === undefined ? [] : [`(${language})`])].join(' ');

export function describeReport(report: AcceptorReport, { paint = (verdict) => verdict }: ReportTextOptions = {}): string[] {
  return [
    `${paint(report.verdict)}: ${subject(report)}: ${report.summary}`,
    ...(report.symptom ? section('symptom', report.symptom) : []),
    ...(report.proof ? section('proof', report.proof) : []),
    ...consequence(report),
    ...nondeterministic(report),
    ...others(report),
    ...list('what a cluster of it does', report.deviations.map(({ property, because }) => `${property} is broken: ${because}`)),
    ...list('what to do next', report.next),
    '',
    'rules',
    ...indent(report.rules.map(ruleLine)),
    '',
    'bounds',
    ...indent(boundsLines(report)),
    ...list('taken for granted', report.assumptions),
    ...list('not checked', report.notChecked),
  ];
}

const sentenceOf = (rule: string): string => (rule === SENSELESS ? 'Nobody speaks of ballots or values that do not exist.' : ruleNamed(rule).sentence);

/** Restarts are inputs, and no deliveries. */
const lengthOf = ({ inputs }: Case): string =>
  inputs.every((input) => /^(prepare|accept)\(/.test(input)) ? `${inputs.length} ${inputs.length === 1 ? 'delivery' : 'deliveries'}` : plural(inputs.length, 'input');

function section(title: string, shown: Case): string[] {
  const after = shown.shownBy === undefined ? '' : `; without the restart it keeps ${shown.shownBy}`;
  return [
    '',
    `${title}: ${lengthOf(shown)}, and the last answer breaks ${shown.rule}${after}`,
    ...indent(numbered(shown.steps)),
    `  expected  ${shown.expected}`,
    `  got       ${shown.got}`,
    `  must hold ${shown.formula}`,
    `  here      ${shown.numbers}`,
    `  ${shown.rule}: ${sentenceOf(shown.rule)}`,
  ];
}

function consequence({ consequence: what }: AcceptorReport): string[] {
  if (what === undefined) return [];
  return ['', `consequence: ${plural(what.actions, 'action')} break ${what.property} in a cluster (${what.cluster})`, ...indent(what.run), `  ${what.because}`];
}

function nondeterministic({ nondeterministic: what }: AcceptorReport): string[] {
  if (what === undefined) return [];
  return ['', 'nondeterministic: the same inputs, two different answers', '  first', ...indent(indent(numbered(what.first))), '  then', ...indent(indent(numbered(what.second)))];
}

const others = ({ others: cases }: AcceptorReport): string[] =>
  list('also broken', cases.map(({ rule, inputs, expected, got }) => `${rule} by ${inputs.join(', ')}: expected ${expected}; got ${got}`));

const list = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', title, ...indent(lines.map((line) => `- ${line}`))]);

function ruleLine({ id, result, exercised, broken }: RuleResult): string {
  const how = { kept: `kept, put to the test ${plural(exercised, 'time')}`, broken: `broken by ${plural(broken, 'sequence')}`, 'not tested': 'not tested' }[result];
  return `${id.padEnd(29)} ${how}`;
}

function boundsLines({ bounds }: AcceptorReport): string[] {
  const { restarts, cluster, walks } = bounds;
  const restart = { crash: `with restarts (by the command crash)`, kill: `restarts (SIGKILL and a new process) in sequences of up to ${bounds.restartLength}`, none: 'no restarts' }[restarts];
  return [
    `ballots ${bounds.ballots}, values ${bounds.values}; all sequences of up to ${bounds.length} inputs: ${number(bounds.sequences)} run, ${number(bounds.observed)} with their beginnings; ${restart}`,
    bounds.learnedStates === null ? 'its machine was not learned' : `its machine has ${plural(bounds.learnedStates, 'state')}; it agrees with all of them, after every two inputs in each state, and on ${walks.count} walks of ${walks.length} inputs (seed ${walks.seed})`,
    ...(bounds.safeAtAnyLength === true ? ['that machine keeps every rule of safety in sequences of any length'] : []),
    cluster === null
      ? 'no cluster was explored'
      : `cluster: ${cluster.acceptors} acceptors, ${cluster.ballots} ballots, ${cluster.values} values, majorities: ${number(cluster.states)} states${cluster.merged.length > 0 ? ` up to renaming of ${cluster.merged.join(' and ')}` : ''}, ${cluster.complete ? 'all of them' : `runs of up to ${cluster.runsUpTo} actions`}`,
  ];
}
