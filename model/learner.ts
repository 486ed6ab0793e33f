/** Learners: what is chosen (a fact about votes) and what a learner takes for decided (its belief). Learning is no action; it is free. */
import type { History } from './history.js';
import { votedFor } from './history.js';
import type { Quorums } from './quorum.js';
import { includesQuorum, setOf } from './quorum.js';
import type { Value, Vote } from './words.js';

/** Everything that was ever said in the cluster. */
export interface Said {
  readonly accepts: readonly Vote[];
  readonly histories: readonly History[];
  readonly quorums: Quorums;
}

/** The acceptors that cast this vote. */
export const votersOf = ({ histories }: Pick<Said, 'histories'>, { ballot, value }: Vote): number[] =>
  histories.flatMap((history, acceptor) => (votedFor(history, ballot, value) ? [acceptor] : []));

/** ChosenAt(b, v) of Voting.tla: a quorum voted for v in ballot b. */
export const chosenAt = (said: Said, vote: Vote): boolean => includesQuorum(said.quorums.phase2, setOf(votersOf(said, vote)));

/** All votes cast by anybody, each once. */
export function votesCast({ histories }: Pick<Said, 'histories'>): Vote[] {
  const all = new Map(histories.flatMap((history) => history.votes.map((vote) => [`${vote.ballot}:${vote.value}`, vote])));
  return [...all.values()];
}

/** The votes that a quorum cast in one ballot. */
export const chosenVotes = (said: Said): Vote[] => votesCast(said).filter((vote) => chosenAt(said, vote));

/** chosen of Voting.tla: the values chosen in some ballot, each once, ascending. */
export const chosenValues = (said: Said): Value[] => distinct(chosenVotes(said).map((vote) => vote.value));

/** What some learner may believe to be decided. A correct learner believes what is chosen. */
export type Learner = (said: Said) => readonly Value[];

export const referenceLearner: Learner = chosenValues;

export const distinct = (values: Iterable<Value>): Value[] => [...new Set(values)].sort((one, other) => one - other);
