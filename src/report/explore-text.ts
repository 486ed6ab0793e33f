/** What an exploration says, for people. */
import type { Verdict } from '../../model/verdict.js';
import { propertyNamed } from '../../model/invariants.js';
import type { Exploration, PropertyResult } from '../engine/explore.js';
import type { Reduced } from '../engine/reduce.js';
import { NOT_REDUCIBLE } from '../engine/reduce.js';
import type { ActionCounts } from '../engine/search.js';
import { count, plural } from '../numbers.js';
import type { ExploreReport } from './explore-report.js';
import { boundsText, neverTaken, outDegree, statementOf, violationOf } from './explore-report.js';
import { describeRun } from './run-text.js';

export interface ExploreTextOptions {
  readonly paint?: (verdict: Verdict) => string;
  /** The invariants asked for; undefined: all. */
  readonly wanted?: readonly string[];
}

function outcome({ name, holds, run, kind }: PropertyResult, { exploredLength, reduced, complete }: Exploration): string {
  if (holds === null && reduced !== null && NOT_REDUCIBLE.has(name)) return 'not checked: it cannot be with --reduce';
  if (holds === null && complete) return 'not shown';
  if (holds === null) return `not ${kind === 'possibility' ? 'seen' : 'broken'} in runs of up to ${plural(exploredLength, 'action')}${reduced?.prepares ? ' after the prepares' : ''}; the search ended there`;
  if (holds) return kind === 'possibility' ? 'possible' : 'holds';
  return run === undefined ? 'impossible' : `broken after ${plural(run.transitions.length, 'action')}`;
}

const actionsText = (actions: ActionCounts): string =>
  Object.entries(actions)
    .filter(([, times]) => times > 0)
    .map(([kind, times]) => `${kind} ${count(times)}`)
    .join(', ') || 'none';

function reducedText({ prepares, steps }: Reduced): string {
  const left = [...(prepares ? ['all prepares are sent first'] : []), ...(steps ? ['steps that help nobody to break an invariant are left out', 'acceptors that nobody can tell apart are one'] : [])];
  return left.length === 0 ? 'nothing, for nothing could be proved to be needless' : `${left.join('; ')}: states and steps are counted in what remains`;
}

function mergedText({ exploration: { merged } }: ExploreReport): string {
  const kinds = [...(merged.acceptors ? ['acceptors'] : []), ...(merged.values ? ['values'] : [])];
  return kinds.length === 0 ? 'states counted one by one' : `states counted up to renaming of ${kinds.join(' and ')}`;
}

export function describeExploration(report: ExploreReport, options: ExploreTextOptions = {}): string[] {
  const { exploration, protocol, mutant, seconds } = report;
  const paint = options.paint ?? ((verdict: Verdict): string => verdict);
  const subject = mutant === undefined ? 'the reference' : `${mutant.id}: ${mutant.title}`;
  const violation = violationOf(exploration, options.wanted);
  const never = neverTaken(exploration);
  const degree = outDegree(exploration);
  const width = Math.max(...exploration.properties.map(({ name }) => name.length));
  return [
    `${paint(exploration.verdict)}: ${statementOf(report)}`,
    '',
    `  subject  ${subject}`,
    `  cluster  ${boundsText(protocol)}; quorums: ${protocol.quorums.name}`,
    `  states   ${count(exploration.distinct)} distinct, depth ${exploration.depth}, ${count(exploration.transitions)} transitions, ${seconds.toFixed(2)} s; ${mergedText(report)}`,
    ...(exploration.reduced === null ? [] : [`  reduced  ${reducedText(exploration.reduced)}`]),
    `  steps    ${actionsText(exploration.actions)}; out of a state ${degree.least} to ${degree.most}, ${degree.mean} on average`,
    `  memory   ${(exploration.bytes / 2 ** 20).toFixed(1)} MB for states, each stored exactly; ${plural(report.threads ?? 1, 'thread')}`,
    ...(exploration.frontier > 0 ? [`  open     ${count(exploration.frontier)} state${exploration.frontier === 1 ? ' was' : 's were'} found but not expanded`] : []),
    ...(never.length > 0 ? [`  warning  never taken: ${never.join(', ')}; what was never exercised proves nothing`] : []),
    '',
    ...exploration.properties.map((property) => `  ${property.name.padEnd(width)}  ${outcome(property, exploration)}`),
    ...(violation?.run === undefined ? [] : ['', ...describeViolation(report, violation)]),
  ];
}

/** The shortest run that breaks the property, and what is wrong at its end. */
export function describeViolation({ protocol, exploration }: Pick<ExploreReport, 'protocol'> & Partial<Pick<ExploreReport, 'exploration'>>, violation: PropertyResult): string[] {
  const run = violation.run!;
  const meaning = propertyNamed(violation.name)?.sentence ?? '';
  const length = run.transitions.length;
  return [
    `${violation.name} is broken: ${violation.because ?? ''}`,
    `  ${violation.name}: ${meaning}`,
    length === 0 ? '  in the initial state' : `  a ${exploration?.reduced ? 'run (without --reduce there may be a shorter one)' : 'shortest run'}, ${plural(length, 'action')}:`,
    ...describeRun(protocol, run).map((line) => `  ${line}`),
  ];
}
