/** What an exploration says: the stable JSON shape (see README, "JSON"), and the statement of what was covered. */
import type { Exploration, PropertyResult } from '../engine/explore.js';
import type { Limit } from '../engine/search.js';
import type { Mutant } from '../../model/mutant.js';
import { CONSENSUS } from '../../model/invariants.js';
import type { Synod } from '../../model/synod.js';
import { plural } from '../numbers.js';
import { traceOfRun } from '../trace/from-run.js';

export interface ExploreReport {
  readonly protocol: Synod;
  readonly mutant: Mutant | undefined;
  readonly exploration: Exploration;
  readonly seconds: number;
  /** Default: one. */
  readonly threads?: number;
}

export const boundsText = ({ machines, ballots, values }: Synod): string =>
  `${plural(machines.length, 'acceptor')}, ${plural(ballots, 'ballot')}, ${plural(values, 'value')}`;

/** The bounds as every JSON report has them. */
export const boundsJson = ({ machines, ballots, values, quorums }: Synod): object => ({ acceptors: machines.length, ballots, values, quorums: quorums.name });

/** The sentence that goes with the verdict: what is claimed, and within which bounds. */
export function statementOf({ exploration, protocol }: ExploreReport): string {
  const bounds = boundsText(protocol);
  switch (exploration.verdict) {
    case 'conforms':
      return `safe within those bounds: ${bounds}; every reachable state was seen, nothing is claimed beyond them`;
    case 'deviates':
      return `agreement holds within those bounds: ${bounds}; but other properties do not hold`;
    case 'unsafe':
      return `a run of ${violationOf(exploration)?.run?.transitions.length ?? '?'} actions breaks consensus within those bounds: ${bounds}`;
    case 'inconclusive':
      return `${ENDED[exploration.limit ?? 'interrupt']}: every run of at most ${exploration.exploredLength} actions${exploration.reduced?.prepares ? ' after the prepares' : ''} within ${bounds} was seen, longer ones were not`;
  }
}

const ENDED: Readonly<Record<Limit, string>> = {
  states: 'the limit on states ended the search',
  memory: 'the limit on memory ended the search',
  time: 'the limit on time ended the search',
  interrupt: 'the search was interrupted',
  levels: 'runs of more than 254 actions are not explored',
};

/** How many steps lead out of a state: the least, the mean, the most; 95 of 100 states have at most `percentile95`. */
export function outDegree({ degrees, transitions }: Exploration): { least: number; mean: number; most: number; percentile95: number } {
  const total = degrees.reduce((sum, states) => sum + states, 0);
  let [seen, percentile95] = [0, 0];
  while (seen + degrees[percentile95]! < total * 0.95) seen += degrees[percentile95++]!;
  return {
    least: Math.max(0, degrees.findIndex((states) => states > 0)),
    mean: total === 0 ? 0 : Math.round((transitions / total) * 100) / 100,
    most: degrees.reduce((most, states, degree) => (states > 0 ? degree : most), 0),
    percentile95: total === 0 ? 0 : percentile95,
  };
}

/** The violation that decides: of consensus if there is one, otherwise the shortest; of those asked for, if any were. */
export function violationAmong<P extends PropertyResult>(properties: readonly P[], wanted?: readonly string[]): P | undefined {
  const broken = properties.filter(({ holds, run, name }) => holds === false && run !== undefined && (wanted === undefined || wanted.includes(name)));
  const byLength = [...broken].sort((one, other) => one.run!.transitions.length - other.run!.transitions.length);
  return byLength.find(({ name }) => (CONSENSUS as readonly string[]).includes(name)) ?? byLength[0];
}

export const violationOf = ({ properties }: Exploration, wanted?: readonly string[]): PropertyResult | undefined => violationAmong(properties, wanted);

/** Actions that no run took: what was never exercised proves nothing. */
export const neverTaken = ({ actions, reduced }: Exploration): string[] =>
  Object.entries(actions).flatMap(([kind, times]) => (times === 0 && kind !== 'crash' && kind !== 'act' && !(kind === 'prepare' && reduced?.prepares) ? [kind] : []));

export function exploreJson(report: ExploreReport, wanted?: readonly string[]): object {
  const { exploration, protocol, mutant, seconds } = report;
  const violation = violationOf(exploration, wanted);
  return {
    format: 'paxcheck-exploration',
    version: 1,
    verdict: exploration.verdict,
    statement: statementOf(report),
    bounds: boundsJson(protocol),
    ...(mutant && { mutant: mutant.id }),
    merged: exploration.merged,
    ...(exploration.reduced && { reduced: exploration.reduced }),
    distinct: exploration.distinct,
    depth: exploration.depth,
    transitions: exploration.transitions,
    complete: exploration.complete,
    limit: exploration.limit,
    frontier: exploration.frontier,
    outDegree: outDegree(exploration),
    exploredLength: exploration.exploredLength,
    seconds,
    threads: report.threads ?? 1,
    bytes: exploration.bytes,
    actions: exploration.actions,
    never: neverTaken(exploration),
    invariants: exploration.properties.map(({ name, kind, holds, run, because }) => ({ name, kind, holds, ...(run && { length: run.transitions.length }), ...(because && { because }) })),
    ...(violation?.run && {
      violation: { invariant: violation.name, length: violation.run.transitions.length, because: violation.because, trace: traceOfRun(protocol, violation.run, { id: violationId(report, violation) }) },
    }),
  };
}

export const violationId = ({ mutant, protocol }: Pick<ExploreReport, 'mutant' | 'protocol'>, { name }: Pick<PropertyResult, 'name'>): string =>
  `${mutant?.id ?? 'reference'}-${name}-${protocol.machines.length}x${protocol.ballots}x${protocol.values}`;
