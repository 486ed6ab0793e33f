/** Leaders (P..), quorums (Q..) and learners (L..) that go wrong. */
import { without } from './guard.js';
import { highestVote } from './history.js';
import type { Adopts, IsQuorum, Leader } from './leader.js';
import { acceptGuard, adoptsHighest, hearsOwnBallot, quorumOfPhase1, referenceLeader, reportedVotes, someQuorumAdopts } from './leader.js';
import type { Learner, Said } from './learner.js';
import { chosenValues, chosenVotes, distinct, votesCast } from './learner.js';
import type { Mutant } from './mutant.js';
import { flexible, includesQuorum, setOf } from './quorum.js';
import type { Ballot, PromiseMessage, Value } from './words.js';

const P = (id: string, title: string, rule: string, leader: Partial<Leader>): Mutant => ({
  id, role: 'leader', title, breaks: 'agreement', rule, leader: { ...referenceLeader, ...leader },
});

const adopting = (adopts: Adopts): Partial<Leader> => ({ mayAccept: acceptGuard(quorumOfPhase1, (context) => someQuorumAdopts(context, quorumOfPhase1, adopts)) });

const oneOfThem: Adopts = (promises, value) => promises.some(({ vote }) => vote === null || vote.value === value);

const anyReported: Adopts = (promises, value) => {
  const votes = reportedVotes(promises);
  return votes.length === 0 || votes.some((vote) => vote.value === value);
};

const mostFrequent: Adopts = (promises, value) => {
  const count = (wanted: Value): number => reportedVotes(promises).filter((vote) => vote.value === wanted).length;
  return reportedVotes(promises).every((vote) => count(vote.value) <= count(value));
};

/** Ballots 1, 2, 3, ... written as 9, 10, 11, ... and compared as strings: the lowest becomes the highest. */
const highestAsString: Adopts = (promises, value) => {
  const votes = reportedVotes(promises);
  const written = (ballot: Ballot): string => String(ballot + 8);
  const highest = votes.reduce((top, vote) => (written(vote.ballot) > top ? written(vote.ballot) : top), '');
  return votes.length === 0 || votes.some((vote) => written(vote.ballot) === highest && vote.value === value);
};

const hidesLowest: Adopts = (promises, value, ballot) =>
  adoptsHighest(promises.map((promise) => (promise.vote?.ballot === 1 ? { ...promise, vote: null } : promise)), value, ballot);

const duplicatesCount: IsQuorum = (acceptors) => acceptors.length > 0;

const emptyPromise = (ballot: Ballot): PromiseMessage => ({ kind: 'promise', ballot, vote: null });

const withoutPhase1 = (skips: (ballot: Ballot) => boolean): Leader => {
  const reference = referenceLeader.mayAccept;
  const optional = ['ballot-opened', 'accept-has-quorum', 'accept-takes-highest-vote'] as const;
  const relaxed = Object.fromEntries(
    optional.map((name) => [name, { ...reference[name]!, holds: (context: Parameters<(typeof reference)[string]['holds']>[0]) => skips(context.ballot) || reference[name]!.holds(context) }]),
  );
  return { ...referenceLeader, mayAccept: { ...reference, ...relaxed } };
};

export const LEADER_MUTANTS: readonly Mutant[] = [
  P('P1', 'ignores the votes reported', 'accept-takes-highest-vote', { mayAccept: without(referenceLeader.mayAccept, 'accept-takes-highest-vote') }),
  P('P2', 'looks at the first or the last promise only', 'accept-takes-highest-vote', adopting(oneOfThem)),
  P('P3', 'takes any value reported', 'accept-takes-highest-vote', adopting(anyReported)),
  P('P4', 'takes the value reported most often', 'accept-takes-highest-vote', adopting(mostFrequent)),
  P('P6', 'compares ballots in a wrong order ("10" < "9")', 'accept-takes-highest-vote', adopting(highestAsString)),
  P('P8', 'counts promises of a lower ballot', 'accept-has-quorum', { hears: (said, ballot) => said.promises.filter((promise) => promise.ballot <= ballot) }),
  P('P9', 'skips phase 1 on a ballot that is not the lowest', 'accept-has-quorum', withoutPhase1(() => true)),
  P('P10', 'reuses a ballot after a restart', 'one-value-per-ballot', { mayAccept: without(referenceLeader.mayAccept, 'one-value-per-ballot') }),
  P('P11', 'counts a nack as an empty promise', 'accept-takes-highest-vote', {
    hearsNacks: true,
    hears: (said, ballot) => [...hearsOwnBallot(said, ballot), ...(said.nacks.includes(ballot) ? [emptyPromise(ballot)] : [])],
  }),
  P('P12', 'counts the same promise twice', 'accept-has-quorum', { mayAccept: acceptGuard(duplicatesCount, (context) => someQuorumAdopts(context, duplicatesCount, adoptsHighest)) }),
  P('P14', 'a sentinel hides votes of the lowest ballot', 'accept-takes-highest-vote', adopting(hidesLowest)),
];

export const LOWEST_BALLOT_WITHOUT_PHASE1 = withoutPhase1((ballot) => ballot === 1);

export const QUORUM_MUTANTS: readonly Mutant[] = [
  { id: 'Q1', role: 'quorum', title: 'floor(N/2) is enough for phase 1', breaks: 'agreement', rule: 'quorums-intersect', quorums: (n) => flexible(n, Math.max(1, Math.floor(n / 2)), Math.floor(n / 2) + 1) },
  { id: 'Q3', role: 'quorum', title: 'flexible quorums that do not meet', breaks: 'agreement', rule: 'quorums-intersect', quorums: (n) => flexible(n, Math.ceil(n / 2), Math.max(1, Math.floor(n / 2))) },
];

const L = (id: string, title: string, learner: Learner): Mutant => ({ id, role: 'learner', title, breaks: 'agreement', rule: 'decision-has-quorum', learner });

const oneVoteIsEnough: Learner = (said) => distinct(votesCast(said).map((vote) => vote.value));

const acceptorsWho = (said: Said, does: (history: Said['histories'][number]) => boolean): boolean =>
  includesQuorum(said.quorums.phase2, setOf(said.histories.flatMap((history, acceptor) => (does(history) ? [acceptor] : []))));

const acrossBallots: Learner = (said) => oneVoteIsEnough(said).filter((value) => acceptorsWho(said, (history) => history.votes.some((vote) => vote.value === value)));

/** Whoever finds the same value in a majority of the promises with which a leader went on to phase 2 takes it for decided. */
const inPromises: Learner = (said) => {
  const ballots = distinct(said.accepts.map((proposal) => proposal.ballot));
  const reported = (value: Value): boolean =>
    ballots.some((ballot) => acceptorsWho(said, (history) => history.promises.some((promise) => promise.ballot === ballot && promise.vote?.value === value)));
  return distinct([...chosenValues(said), ...oneVoteIsEnough(said).filter(reported)]);
};

/** The leader of a ballot takes any acknowledgement that has reached it, also those of ballots before its own. */
const anyAcknowledgement: Learner = (said) =>
  distinct(
    said.accepts
      .filter((proposal) => acceptorsWho(said, (history) => history.votes.some((vote) => vote.ballot <= proposal.ballot)))
      .map((proposal) => proposal.value),
  );

/** "Ballot b is chosen": whoever hears it decides the value of its own last vote, of whatever ballot. */
const staleValue: Learner = (said) =>
  distinct([
    ...chosenValues(said),
    ...(chosenVotes(said).length > 0 ? said.histories.flatMap((history) => highestVote(history)?.value ?? []) : []),
  ]);

export const LEARNER_MUTANTS: readonly Mutant[] = [
  L('L1', 'one vote, or one vote counted twice, is a decision', oneVoteIsEnough),
  L('L2', 'adds up votes for a value across ballots', acrossBallots),
  L('L4', 'the same value in a majority of promises is a decision', inPromises),
  L('L5', 'counts acknowledgements whatever their ballot', anyAcknowledgement),
  L('L6', '"commit b" is applied to a stale local value', staleValue),
  L('L7', 'decides on the accept, before the votes', (said) => distinct(said.accepts.map((proposal) => proposal.value))),
];
