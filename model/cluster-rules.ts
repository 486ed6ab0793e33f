/** The rules that concern more than one acceptor: who leads a ballot, what is decided, which quorums are declared. */
import type { Guard } from './guard.js';
import type { Tally } from './learner.js';
import { distinct } from './learner.js';
import type { AcceptorSet, Quorums } from './quorum.js';
import { disjointQuorums, includesQuorum, membersOf } from './quorum.js';
import type { Ballot, Names, Value } from './words.js';

/** A ballot belongs to whoever opened it first; the node is any name. */
export const ballotOwned: Guard<{ readonly ballot: Ballot; readonly node: string; readonly owner: string | undefined }> = {
  'ballot-owned': {
    formula: 'the ballot has no other leader',
    holds: ({ node, owner }) => owner === undefined || owner === node,
    numbers: ({ ballot, node, owner }, names) => `the leader of ballot ${names.ballot(ballot)} is ${owner ?? 'unknown'}, and not ${node}`,
  },
};

export const promiseHasPrepare: Guard<{ readonly ballot: Ballot; readonly prepares: readonly Ballot[] }> = {
  'promise-has-prepare': {
    formula: 'prepare(b) was sent',
    holds: ({ ballot, prepares }) => prepares.includes(ballot),
    numbers: ({ ballot }, names) => `no prepare of ballot ${names.ballot(ballot)} was sent`,
  },
};

interface Decision {
  /** All votes cast. */
  readonly tallies: readonly Tally[];
  readonly quorums: Quorums;
  readonly value: Value;
  /** What the learner gives as its reason, if it does: the ballot, and the acceptors whose votes it counted. */
  readonly ballot?: Ballot | undefined;
  readonly counted?: AcceptorSet | undefined;
}

/** Votes of different ballots do not add up, nor does one acceptor count twice. */
export const decisionHasQuorum: Guard<Decision> = {
  'decision-has-quorum': {
    formula: 'some quorum of phase 2 voted for v in one ballot; that ballot and those acceptors, if they are named',
    holds: ({ tallies, quorums, value, ballot, counted }) =>
      tallies.some(
        ({ vote, voters }) =>
          vote.value === value &&
          (ballot === undefined || vote.ballot === ballot) &&
          (counted === undefined || (voters & counted) === counted) &&
          includesQuorum(quorums.phase2, counted ?? voters),
      ),
    numbers: ({ tallies, value }, names) => {
      const byBallot = tallies.filter(({ vote }) => vote.value === value).map(({ vote, voters }) => `${membersOf(voters).map(names.acceptor).join(', ')} in ballot ${names.ballot(vote.ballot)}`);
      return `votes for ${names.value(value)}: ${byBallot.join('; ') || 'none'}`;
    },
  },
};

const namesOf = (values: readonly Value[], names: Names): string => values.map(names.value).join(' and ');

/** What a learner counts must at least be a quorum, whatever was logged of the votes. */
export const countedIsQuorum: Guard<{ readonly counted: AcceptorSet; readonly quorums: Quorums }> = {
  'decision-has-quorum': {
    formula: 'the acceptors counted are a quorum of phase 2',
    holds: ({ counted, quorums }) => includesQuorum(quorums.phase2, counted),
    numbers: ({ counted }, names) => `counted: {${membersOf(counted).map(names.acceptor).join(', ')}}`,
  },
};

/** Where votes may be missing from a log: those that a decision needs must have been possible. */
export const decisionWasPossible: Guard<{ readonly value: Value; readonly able: readonly Tally[]; readonly possible: readonly Tally[] }> = {
  'decision-has-quorum': {
    formula: 'some quorum of phase 2 can have voted for v in one ballot, with all promises kept',
    holds: ({ possible }) => possible.length > 0,
    numbers: ({ value, able }, names) =>
      `can have voted for ${names.value(value)}: ${able.map(({ vote, voters }) => `${membersOf(voters).map(names.acceptor).join(', ') || 'nobody'} in ballot ${names.ballot(vote.ballot)}`).join('; ') || 'nobody'}`,
  },
};

/** Between its crash and its restart a node does nothing: a log that says otherwise is wrong about one of the two. */
export const downIsSilent: Guard<{ readonly downSince: number | undefined }> = {
  'down-is-silent': {
    formula: 'the node did not crash, or has restarted',
    holds: ({ downSince }) => downSince === undefined,
    numbers: ({ downSince }) => `it crashed in line ${downSince ?? '?'} and has not restarted`,
  },
};

/** Chosen is a fact about votes; decided is what learners have said. */
export const agreement: Guard<{ readonly chosen: readonly Value[]; readonly decided: readonly Value[] }> = {
  agreement: {
    formula: 'v, w in chosen or decided => v = w',
    holds: ({ chosen, decided }) => distinct([...chosen, ...decided]).length <= 1,
    numbers: ({ chosen, decided }, names) => `chosen: ${namesOf(distinct(chosen), names) || 'nothing'}; decided: ${namesOf(distinct(decided), names) || 'nothing'}`,
  },
};

export const decisionStable: Guard<{ readonly value: Value; readonly before: Value | undefined }> = {
  'decision-stable': {
    formula: 'this learner decided no other value before',
    holds: ({ value, before }) => before === undefined || before === value,
    numbers: ({ value, before }, names) => `it decided ${before === undefined ? 'nothing' : names.value(before)} before, and now ${names.value(value)}`,
  },
};

export const validity: Guard<{ readonly value: Value; readonly proposed: readonly Value[] }> = {
  validity: {
    formula: 'somebody proposed v',
    holds: ({ value, proposed }) => proposed.includes(value),
    numbers: ({ value, proposed }, names) => `${names.value(value)} is not among what was proposed: ${namesOf(distinct(proposed), names) || 'nothing'}`,
  },
};

export const quorumsIntersect: Guard<Quorums> = {
  'quorums-intersect': {
    formula: 'every quorum of phase 1 meets every quorum of phase 2',
    holds: (quorums) => disjointQuorums(quorums) === null,
    numbers: (quorums, names) => {
      const [one, two] = (disjointQuorums(quorums) ?? [0, 0]).map((set) => `{${membersOf(set).map(names.acceptor).join(', ')}}`);
      return `${one ?? ''} (phase 1) and ${two ?? ''} (phase 2) have no acceptor in common`;
    },
  },
};
