/**
 * The counterexample of each mutant. The wrong line is found from the model, not by the checker: the first step that
 * the reference could not have taken, given what had been said before.
 */
import { smallestBounds } from '../../model/known-lengths.js';
import { chosenValues } from '../../model/learner.js';
import type { Mutant } from '../../model/mutant.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS } from '../../model/mutants.js';
import { LOWEST_BALLOT_WITHOUT_PHASE1 } from '../../model/mutants-leader.js';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { disjointQuorums } from '../../model/quorum.js';
import type { Cluster, Synod, Transition } from '../../model/synod.js';
import { blockers, saidIn, synod } from '../../model/synod.js';
import type { Verdict } from '../../model/verdict.js';
import { explore } from '../engine/explore.js';
import type { Run } from '../engine/run.js';
import { violationOf } from '../report/explore-report.js';
import { traceOfRun } from '../trace/from-run.js';
import type { CorpusEntry } from './entry.js';

/** A25 keeps agreement among its like; one of it among correct acceptors does not, and a log is judged with the others correct. */
const VERDICT: Readonly<Record<Mutant['breaks'], Verdict>> = { agreement: 'unsafe', validity: 'unsafe', invariant: 'unsafe', progress: 'conforms', nothing: 'conforms' };

/** The step rules by the names of the invariants that say the same of a run. */
const RULE_OF: Readonly<Record<string, string>> = { PromiseKept: 'promise-kept', PromiseReportsHighestVote: 'promise-reports-highest-vote', OneVotePerBallot: 'one-vote-per-ballot', VoteHasProposal: 'vote-has-proposal' };

/** The rule that the step breaks, if the reference could not have taken it; the lowest ballot may do without phase 1. */
function brokenBy(protocol: Synod, before: Cluster, transition: Transition): string | undefined {
  const { action, next } = transition;
  const reference = synod(protocol.machines.length, protocol.ballots, protocol.values, { quorums: protocol.quorums, leader: LOWEST_BALLOT_WITHOUT_PHASE1 });
  if (action.kind === 'accept') {
    const blocked = blockers(reference, before, action).map(({ conjunct }) => conjunct);
    if (blocked.length > 0) return blocked.find((rule) => rule !== 'ballot-opened') ?? blocked[0];
  }
  if (action.kind === 'crash' && JSON.stringify(before.acceptors[action.acceptor]!.state) !== JSON.stringify(next.acceptors[action.acceptor]!.state)) return 'restart-remembers';
  const property = PROPERTIES.find((each) => (each.kind === 'step' ? !each.holds(before, transition) : each.name === 'VoteHasProposal' && each.kind === 'state' && !each.holds(protocol, next)));
  if (property !== undefined) return RULE_OF[property.name];
  const said = saidIn(protocol, next);
  return protocol.learner(said).some((value) => !chosenValues(said).includes(value)) ? 'decision-has-quorum' : undefined;
}

/** Every prefix of the run gives a prefix of its trace, so the length of the prefix gives the line. */
function firstWrong(protocol: Synod, run: Run): CorpusEntry['wrong'] {
  if (disjointQuorums(protocol.quorums) !== null) return { line: 1, rule: 'quorums-intersect' };
  const linesAfter = (steps: number): number => traceOfRun(protocol, { start: run.start, transitions: run.transitions.slice(0, steps) }).length;
  let before = run.start;
  for (const [index, transition] of run.transitions.entries()) {
    const rule = brokenBy(protocol, before, transition);
    const isLate = rule === 'decision-has-quorum' || rule === 'restart-remembers';
    if (rule !== undefined) return { line: isLate ? linesAfter(index + 1) : linesAfter(index) + 1, rule };
    before = transition.next;
  }
  return undefined;
}

/** Null for mutants that only fail to make progress: no log of theirs is wrong. */
function entryFor(mutant: Mutant): CorpusEntry | null {
  const known = smallestBounds(mutant.id);
  if (known === undefined || mutant.breaks === 'nothing' || mutant.breaks === 'progress') return null;
  const { acceptors, ballots, values } = known;
  const protocol = synodWith(mutant, acceptors, ballots, values);
  const violation = violationOf(explore(protocol, known.length === null ? {} : { properties: [propertyNamed(known.property ?? 'Agreement')!] }), known.property === undefined ? undefined : [known.property]);
  if (violation?.run === undefined) return null;
  const id = `mutant-${mutant.id}`;
  const wrong = firstWrong(protocol, violation.run);
  return {
    id,
    about: `${mutant.title}; ${violation.name} breaks after ${violation.run.transitions.length} actions`,
    lines: traceOfRun(protocol, violation.run, { id, title: mutant.title }),
    bounds: { acceptors, ballots, values },
    expected: known.length === null ? 'deviates' : VERDICT[mutant.breaks],
    ...(wrong !== undefined && { wrong }),
  };
}

export const mutantEntries = (): CorpusEntry[] => MUTANTS.flatMap((mutant) => entryFor(mutant) ?? []);
