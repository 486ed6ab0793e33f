/** What the judges need of a trace: its events in the words of the model. */
import type { Quorums } from '../../model/quorum.js';
import type { Ballot, Names, Value, Vote } from '../../model/words.js';
import type { BallotToken, ReportedVote, TraceEvent, TraceHeader } from '../trace/wire.js';

/** Ballots as ranks, values and acceptors as numbers, and the names that lead back. */
export interface Terms {
  readonly header: TraceHeader;
  readonly acceptors: readonly string[];
  readonly quorums: Quorums;
  readonly names: Names;
  /** The number of different values known. */
  readonly values: number;
  readonly rankOf: (token: BallotToken) => Ballot;
  readonly valueOf: (value: unknown) => Value;
  readonly isComplete: (kind: TraceEvent['kind']) => boolean;
  /** False if the order between nodes is one of several that are possible. */
  readonly isInOrder: boolean;
  /** True if this value is proposed in some line, before or after: where the order between nodes is one of several that are possible. */
  readonly isProposedLater?: (value: Value) => boolean;
  /** Whether this value was proposed, as a list of it or of none, where that is not known decision by decision. */
  readonly proposed?: (value: Value) => readonly Value[];
  /** False for the lowest ballot: it may do without phase 1, for nothing can have been chosen below it. */
  readonly needsPhase1: (ballot: Ballot) => boolean;
}

/** `[]` stands for "none" where a ballot is expected. */
export const isNone = (promised: BallotToken | []): promised is [] => Array.isArray(promised) && promised.length === 0;

export const votesIn = ({ rankOf, valueOf }: Terms, votes: readonly ReportedVote[]): Vote[] => votes.map((vote) => ({ ballot: rankOf(vote.ballot), value: valueOf(vote.value) }));

/** The highest of these votes; null if there is none. */
export const highestOf = (votes: readonly Vote[]): Vote | null => votes.reduce<Vote | null>((highest, vote) => (highest === null || vote.ballot > highest.ballot ? vote : highest), null);
