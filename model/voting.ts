/**
 * Voting (Voting.tla), the middle of three levels: acceptors vote in ballots, and everybody sees all votes and how far
 * each acceptor has gone. No messages and no leaders: the guard of a vote is why Paxos is safe, and what its messages
 * are for is to establish that guard. `voting.test.ts` holds the number of reachable states to TLC's.
 */
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { Described } from './property.js';
import type { AcceptorSet, Quorums } from './quorum.js';
import { includesQuorum, membersOf, setOf } from './quorum.js';
import type { AcceptorIndex, Ballot, Names, Value, Vote } from './words.js';
import { NO_BALLOT, sameVote, showVote } from './words.js';

export interface Voting {
  readonly ballots: number;
  readonly values: number;
  /** Lamport has one set of quorums: here those of phase 1 show what is safe, those of phase 2 choose. */
  readonly quorums: Quorums;
}

/** The two variables, by acceptor: the votes that it cast (sorted) and the ballot below which it votes no more. */
export interface VotingState {
  readonly votes: readonly (readonly Vote[])[];
  readonly maxBal: readonly Ballot[];
}

export type VotingAction =
  | { readonly kind: 'increaseMaxBal'; readonly acceptor: AcceptorIndex; readonly ballot: Ballot }
  | { readonly kind: 'voteFor'; readonly acceptor: AcceptorIndex; readonly ballot: Ballot; readonly value: Value };

export const initialVoting = ({ quorums }: Voting): VotingState => ({
  votes: Array.from({ length: quorums.acceptors }, () => []),
  maxBal: Array.from({ length: quorums.acceptors }, () => NO_BALLOT),
});

const VotedFor = ({ votes }: VotingState, a: AcceptorIndex, vote: Vote): boolean => votes[a]!.some((cast) => sameVote(cast, vote));

const DidNotVoteAt = ({ votes }: VotingState, a: AcceptorIndex, b: Ballot): boolean => votes[a]!.every((cast) => cast.ballot !== b);

const CannotVoteAt = (state: VotingState, a: AcceptorIndex, b: Ballot): boolean => state.maxBal[a]! > b && DidNotVoteAt(state, a, b);

const acceptorsOf = ({ maxBal }: VotingState): AcceptorIndex[] => [...maxBal.keys()];

/** ChosenAt(b, v): a quorum voted for v in b. */
const ChosenAt = (voting: Voting, state: VotingState, vote: Vote): boolean =>
  includesQuorum(voting.quorums.phase2, setOf(acceptorsOf(state).filter((a) => VotedFor(state, a, vote))));

/** chosen: the values chosen in some ballot, ascending. */
export const chosenByVotes = (voting: Voting, state: VotingState): Value[] =>
  valuesOf(voting).filter((value) => ballotsOf(voting).some((ballot) => ChosenAt(voting, state, { ballot, value })));

/** NoneOtherChoosableAt(b, v): each of some quorum has voted for v in b, or cannot vote in b any more. */
const NoneOtherChoosableAt = (voting: Voting, state: VotingState, vote: Vote): boolean =>
  includesQuorum(voting.quorums.phase1, setOf(acceptorsOf(state).filter((a) => VotedFor(state, a, vote) || CannotVoteAt(state, a, vote.ballot))));

/** SafeAt(b, v): no value but v has been or can be chosen below b. */
export const isSafeAt = (voting: Voting, state: VotingState, { ballot, value }: Vote): boolean =>
  range(1, ballot - 1).every((c) => NoneOtherChoosableAt(voting, state, { ballot: c, value }));

/**
 * ShowsSafeAt(Q, b, v): all of Q are at b or further, and for some c < b somebody in Q voted for v in c (c = 0: needless)
 * and nobody in Q voted between c and b. It is what a quorum of promises tells a leader.
 */
export function showsSafeAt(state: VotingState, quorum: AcceptorSet, { ballot, value }: Vote): boolean {
  const Q = membersOf(quorum);
  return (
    Q.every((a) => state.maxBal[a]! >= ballot) &&
    range(NO_BALLOT, ballot - 1).some(
      (c) =>
        (c === NO_BALLOT || Q.some((a) => VotedFor(state, a, { ballot: c, value }))) &&
        range(c + 1, ballot - 1).every((d) => Q.every((a) => DidNotVoteAt(state, a, d))),
    )
  );
}

interface IncreaseContext {
  readonly state: VotingState;
  readonly acceptor: AcceptorIndex;
  readonly ballot: Ballot;
}

/** IncreaseMaxBal(a, b): an acceptor may go on to any higher ballot at any time. */
export const mayIncreaseMaxBal: Guard<IncreaseContext> = {
  'ballot-above-max-ballot': {
    formula: 'b > maxBal[a]',
    holds: ({ state, acceptor, ballot }) => ballot > state.maxBal[acceptor]!,
    numbers: ({ state, acceptor, ballot }, names) => `${names.ballot(ballot)} > ${names.ballot(state.maxBal[acceptor]!)}`,
  },
};

interface VoteForContext extends IncreaseContext {
  readonly voting: Voting;
  readonly value: Value;
}

/** VoteFor(a, b, v): one vote a ballot, the same value as everybody else's, and only where some quorum shows that it is safe. */
export const mayVoteFor: Guard<VoteForContext> = {
  'ballot-not-below-max-ballot': {
    formula: 'maxBal[a] <= b',
    holds: ({ state, acceptor, ballot }) => state.maxBal[acceptor]! <= ballot,
    numbers: ({ state, acceptor, ballot }, names) => `${names.ballot(state.maxBal[acceptor]!)} <= ${names.ballot(ballot)}`,
  },
  'no-vote-in-ballot': {
    formula: 'a did not vote in b',
    holds: ({ state, acceptor, ballot }) => DidNotVoteAt(state, acceptor, ballot),
    numbers: ({ state, acceptor, ballot }, names) => `${names.acceptor(acceptor)} voted for ${votesIn(state, [acceptor], ballot, names)}`,
  },
  'no-other-value-in-ballot': {
    formula: 'for every c /= a, w: VotedFor(c, b, w) => w = v',
    holds: ({ state, acceptor, ballot, value }) => others(state, acceptor).every((c) => state.votes[c]!.every((cast) => cast.ballot !== ballot || cast.value === value)),
    numbers: ({ state, acceptor, ballot, value }, names) => `${votesIn(state, others(state, acceptor), ballot, names)} = ${names.value(value)}`,
  },
  'some-quorum-shows-it-safe': {
    formula: 'for some Q: ShowsSafeAt(Q, b, v)',
    holds: ({ voting, state, ballot, value }) => voting.quorums.phase1.some((quorum) => showsSafeAt(state, quorum, { ballot, value })),
    numbers: ({ state, ballot, value }, names) =>
      `no quorum shows ${showVote({ ballot, value }, names)} safe: ${acceptorsOf(state).map((a) => showAcceptor(state, a, names)).join('; ')}`,
  },
};

const others = (state: VotingState, acceptor: AcceptorIndex): AcceptorIndex[] => acceptorsOf(state).filter((c) => c !== acceptor);

const votesIn = ({ votes }: VotingState, acceptors: readonly AcceptorIndex[], ballot: Ballot, names: Names): string =>
  acceptors.flatMap((a) => votes[a]!.filter((vote) => vote.ballot === ballot).map((vote) => showVote(vote, names))).join(', ');

const showAcceptor = ({ votes, maxBal }: VotingState, a: AcceptorIndex, names: Names): string =>
  `${names.acceptor(a)} is at ballot ${names.ballot(maxBal[a]!)}, voted for ${votes[a]!.map((vote) => showVote(vote, names)).join(', ') || 'nothing'}`;

/** The guard of the action, applied to `use` (allows or blockedBy). */
export const guardedVoting = <R>(voting: Voting, state: VotingState, action: VotingAction, use: <C>(guard: Guard<C>, context: C) => R): R =>
  action.kind === 'voteFor' ? use(mayVoteFor, { voting, state, ...action }) : use(mayIncreaseMaxBal, { state, ...action });

/** The effect of an action: a vote also takes its acceptor to the ballot. */
export function takeVoting(state: VotingState, action: VotingAction): VotingState {
  const { acceptor, ballot } = action;
  const maxBal = state.maxBal.map((old, a) => (a === acceptor ? ballot : old));
  if (action.kind === 'increaseMaxBal') return { ...state, maxBal };
  const vote = { ballot, value: action.value };
  return { maxBal, votes: state.votes.map((cast, a) => (a === acceptor ? [...cast, vote].sort(byVote) : cast)) };
}

const byVote = (one: Vote, other: Vote): number => one.ballot - other.ballot || one.value - other.value;
const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const ballotsOf = ({ ballots }: Voting): Ballot[] => range(1, ballots);
const valuesOf = ({ values }: Voting): Value[] => range(0, values - 1);

/** Next of Voting.tla. */
export const votingSuccessors = (voting: Voting, state: VotingState): { action: VotingAction; next: VotingState }[] =>
  acceptorsOf(state)
    .flatMap((acceptor) =>
      ballotsOf(voting).flatMap((ballot): VotingAction[] => [
        { kind: 'increaseMaxBal', acceptor, ballot },
        ...valuesOf(voting).map((value): VotingAction => ({ kind: 'voteFor', acceptor, ballot, value })),
      ]),
    )
    .filter((action) => guardedVoting(voting, state, action, allows))
    .map((action) => ({ action, next: takeVoting(state, action) }));

/** Inv of Voting.tla without its type, conjunct by conjunct, and what follows from it. */
export const VOTING_INVARIANTS: readonly (Described & { readonly holds: (voting: Voting, state: VotingState) => boolean })[] = [
  {
    name: 'OneValuePerBallot',
    formula: 'VotedFor(a, b, v) and VotedFor(c, b, w) => v = w',
    sentence: 'All votes of a ballot are for the same value.',
    source: 'Voting.tla, OneValuePerBallot',
    holds: (_voting, { votes }) => votes.flat().every((vote) => votes.flat().every((other) => other.ballot !== vote.ballot || other.value === vote.value)),
  },
  {
    name: 'VotesSafe',
    formula: 'VotedFor(a, b, v) => SafeAt(b, v)',
    sentence: 'Every vote is for a safe value.',
    source: 'Voting.tla, VotesSafe',
    holds: (voting, state) => state.votes.flat().every((vote) => isSafeAt(voting, state, vote)),
  },
  {
    name: 'AtMostOneChosen',
    formula: 'Cardinality(chosen) <= 1',
    sentence: 'Never is more than one value chosen.',
    source: 'Voting.tla, the theorem that it refines Consensus',
    holds: (voting, state) => chosenByVotes(voting, state).length <= 1,
  },
];
