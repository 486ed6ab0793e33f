/** Learners: what is chosen (a fact about votes) and what a learner takes for decided (its belief). Learning is no action; it is free. */
import type { History } from './history.js';
import { votedFor } from './history.js';
import type { AcceptorSet, Quorums } from './quorum.js';
import { includesQuorum } from './quorum.js';
import type { Value, Vote } from './words.js';

/** Everything that was ever said in the cluster. */
export interface Said {
  readonly accepts: readonly Vote[];
  readonly histories: readonly History[];
  readonly quorums: Quorums;
}

/** More than anybody proposes: the numbers of ballots and values together stay exact. */
const MAX_VALUES = 2 ** 22;

/** A vote and the set of acceptors that cast it. */
export interface Tally {
  readonly vote: Vote;
  readonly voters: AcceptorSet;
}

/** All votes cast by anybody, each once, with its voters. */
export function tally({ histories }: Pick<Said, 'histories'>): Tally[] {
  const tallies = new Map<number, { readonly vote: Vote; voters: AcceptorSet }>();
  histories.forEach(({ votes }, acceptor) => {
    for (const vote of votes) {
      const key = vote.ballot * MAX_VALUES + vote.value;
      const known = tallies.get(key);
      if (known === undefined) tallies.set(key, { vote, voters: 1 << acceptor });
      else known.voters |= 1 << acceptor;
    }
  });
  return [...tallies.values()];
}

/** All votes cast by anybody, each once. */
export const votesCast = (said: Pick<Said, 'histories'>): Vote[] => tally(said).map(({ vote }) => vote);

/** The acceptors that cast this vote. */
export const votersOf = ({ histories }: Pick<Said, 'histories'>, { ballot, value }: Vote): number[] =>
  histories.flatMap((history, acceptor) => (votedFor(history, ballot, value) ? [acceptor] : []));

/** ChosenAt(b, v) of Voting.tla: the votes that a quorum cast in one ballot. */
export const chosenVotes = (said: Said): Vote[] =>
  tally(said).filter(({ voters }) => includesQuorum(said.quorums.phase2, voters)).map(({ vote }) => vote);

/** chosen of Voting.tla: the values chosen in some ballot, each once, ascending. */
export const chosenValues = (said: Said): Value[] => distinct(chosenVotes(said).map((vote) => vote.value));

/** What some learner may believe to be decided. A correct learner believes what is chosen. */
export type Learner = (said: Said) => readonly Value[];

export const referenceLearner: Learner = (said) => chosenValues(said);

export const distinct = (values: Iterable<Value>): Value[] => [...new Set(values)].sort((one, other) => one - other);
