/** What random runs say: the stable JSON shape, and lines for people. Both say that nothing was proved, and how to run it again. */
import { propertyNamed } from '../../model/invariants.js';
import type { Mutant } from '../../model/mutant.js';
import type { Synod } from '../../model/synod.js';
import type { Verdict } from '../../model/verdict.js';
import type { WalkOptions, WalkProperty, WalkResult } from '../engine/walk.js';
import { traceOfRun } from '../trace/from-run.js';
import { count, plural } from '../numbers.js';
import { boundsJson, boundsText, violationAmong, violationId } from './explore-report.js';
import { actionText } from './graph-dot.js';
import { describeRun } from './run-text.js';

export interface WalkReport {
  readonly protocol: Synod;
  readonly mutant: Mutant | undefined;
  /** What was asked for. */
  readonly options: Pick<WalkOptions, 'runs' | 'depth' | 'seed' | 'exhaust'>;
  readonly result: WalkResult;
  readonly seconds: number;
  /** --quorums as it was given; undefined: the default. */
  readonly quorums?: string | undefined;
}

/** The command that makes the same runs again. */
export function againText({ protocol, mutant, options: { runs, depth, seed, exhaust }, quorums }: WalkReport): string {
  const bounds = `--acceptors ${protocol.machines.length} --ballots ${protocol.ballots} --values ${protocol.values}`;
  const subject = `${mutant === undefined ? '' : `--mutant ${mutant.id} `}${bounds}${quorums === undefined ? '' : ` --quorums ${quorums}`}`;
  return `paxcheck explore ${subject} --random ${runs} --depth ${depth} --seed ${seed}${exhaust === true ? ' --exhaust' : ''}`;
}

/** The sentence that goes with the verdict: what was seen, in how many runs, and that it is not exhaustive. */
export function walkStatement({ protocol, options, result }: WalkReport): string {
  const where = `${plural(result.walks, 'random run')} of at most ${plural(options.depth, 'action')}, ${boundsText(protocol)}`;
  const violation = walkViolationOf(result);
  if (result.verdict === 'unsafe') {
    return `random run ${violation?.walk ?? '?'} breaks consensus; shortened, it has ${plural(violation?.run?.transitions.length ?? 0, 'action')} (${where}; not exhaustive)`;
  }
  const seen = violation === undefined ? 'nothing was broken' : 'properties are broken, agreement was not';
  return `${seen}; not exhaustive, so nothing is proved (${where})`;
}

/** The violation to show. */
export const walkViolationOf = ({ properties }: WalkResult, wanted?: readonly string[]): WalkProperty | undefined => violationAmong(properties, wanted);

/** The JSON of random runs. But for `seconds` the same seed gives the same object. */
export function walkJson(report: WalkReport, wanted?: readonly string[]): object {
  const { protocol, mutant, options, result, seconds } = report;
  const violation = walkViolationOf(result, wanted);
  return {
    format: 'paxcheck-random',
    version: 1,
    verdict: result.verdict,
    statement: walkStatement(report),
    exhaustive: false,
    bounds: boundsJson(protocol),
    ...(mutant && { mutant: mutant.id }),
    random: { runs: options.runs, depth: options.depth, seed: options.seed },
    again: againText(report),
    runs: result.walks,
    steps: result.steps,
    longest: result.longest,
    distinct: result.distinct.count,
    distinctIsExact: result.distinct.exact,
    limit: result.limit,
    seconds,
    actions: result.actions,
    kinds: result.kinds,
    never: result.never.map(actionText),
    invariants: result.properties.map(propertyJson),
    ...(violation?.run && {
      violation: { invariant: violation.name, ...findingJson(violation), trace: traceOfRun(protocol, violation.run, { id: violationId(report, violation) }) },
    }),
  };
}

const propertyJson = (property: WalkProperty): object => ({ name: property.name, kind: property.kind, holds: property.holds, ...findingJson(property) });

/** Where it was seen: the number of the run, its length up to there, and its length when shortened. */
const findingJson = ({ run, walk, foundLength, because }: WalkProperty): object => ({
  ...(run && { length: run.transitions.length }),
  ...(walk !== undefined && { run: walk, foundLength }),
  ...(because && { because }),
});

export interface WalkTextOptions {
  readonly paint?: (verdict: Verdict) => string;
  /** The invariants asked for; undefined: all. */
  readonly wanted?: readonly string[];
}

function outcome({ holds, kind, run, walk, foundLength }: WalkProperty): string {
  if (holds === null) return kind === 'possibility' ? 'not seen in these runs' : 'not broken in these runs';
  if (holds) return `possible: seen in run ${walk ?? '?'}`;
  return `broken in run ${walk ?? '?'} after ${plural(foundLength ?? 0, 'action')}; shortened to ${run?.transitions.length ?? '?'}`;
}

const SHOWN = 5;

function warnings({ result: { never, kinds, limit } }: WalkReport): string[] {
  const names = never.slice(0, SHOWN).map(actionText).join(', ');
  return [
    ...(limit === null ? [] : [`  warning  ended early: ${limit}`]),
    ...(never.length === 0 ? [] : [`  warning  never taken: ${never.length} of ${kinds} actions (${names}${never.length > SHOWN ? ', ...' : ''}); what was never exercised proves nothing`]),
  ];
}

/** The report as lines. */
export function describeWalk(report: WalkReport, { paint = (verdict) => verdict, wanted }: WalkTextOptions = {}): string[] {
  const { protocol, mutant, options, result, seconds } = report;
  const width = Math.max(...result.properties.map(({ name }) => name.length));
  const taken = Object.entries(result.actions).filter(([, times]) => times > 0);
  const violation = walkViolationOf(result, wanted);
  return [
    `${paint(result.verdict)}: ${walkStatement(report)}`,
    '',
    `  subject  ${mutant === undefined ? 'the reference' : `${mutant.id}: ${mutant.title}`}`,
    `  cluster  ${boundsText(protocol)}; quorums: ${protocol.quorums.name}`,
    `  runs     ${count(result.walks)} of ${count(options.runs)}, at most ${plural(options.depth, 'action')} each, seed ${options.seed}; ${seconds.toFixed(2)} s; not exhaustive`,
    `  states   ${result.distinct.exact ? '' : 'at least '}${count(result.distinct.count)} distinct, ${plural(result.steps, 'step')}, longest run ${plural(result.longest, 'action')}`,
    `  actions  ${taken.map(([kind, times]) => `${kind} ${count(times)}`).join(', ') || 'none'}`,
    ...warnings(report),
    `  again    ${againText(report)}`,
    '',
    ...result.properties.map((property) => `  ${property.name.padEnd(width)}  ${outcome(property)}`),
    ...(violation === undefined ? [] : ['', ...describeFinding(protocol, violation)]),
  ];
}

function describeFinding(protocol: Synod, { name, because, run, walk, foundLength }: WalkProperty): string[] {
  const length = run!.transitions.length;
  return [
    `${name} is broken: ${because ?? ''}`,
    `  ${name}: ${propertyNamed(name)?.sentence ?? ''}`,
    length === 0 ? '  in the initial state' : `  random run ${walk ?? '?'}, ${plural(length, 'action')} of its ${foundLength ?? '?'} (a shortest run may be shorter):`,
    ...describeRun(protocol, run!).map((line) => `  ${line}`),
  ];
}
