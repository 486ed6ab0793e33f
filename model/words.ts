/** The words of the protocol: ballots, values, votes and messages, as plain data. See spec/vocabulary.md. */

/** The rank of a ballot: 1 is the lowest, 0 means "no ballot yet". Ballots are totally ordered and nothing else is known of them. */
export type Ballot = number;
/** The index of a value that a client proposed: 0, 1, ... */
export type Value = number;
/** The index of an acceptor: 0, 1, ..., N-1. */
export type AcceptorIndex = number;

export const NO_BALLOT: Ballot = 0;

/** What an acceptor casts: its consent to a value in a ballot. */
export interface Vote {
  readonly ballot: Ballot;
  readonly value: Value;
}

/** "1b": I take part in no ballot below this one any more; my highest vote is this (null: I never voted). */
export interface PromiseMessage {
  readonly kind: 'promise';
  readonly ballot: Ballot;
  readonly vote: Vote | null;
}

/** "2b": I voted for this value in this ballot. */
export interface AcceptedMessage extends Vote {
  readonly kind: 'accepted';
}

/** A refusal of the prepare or accept message of this ballot. Optional in the protocol; safety never needs it. */
export interface NackMessage {
  readonly kind: 'nack';
  readonly ballot: Ballot;
  readonly of: 'prepare' | 'accept';
}

/** What an acceptor answers. */
export type Reply = PromiseMessage | AcceptedMessage | NackMessage;

/** "1a" and "2a": what a leader asks. */
export type Request =
  | { readonly kind: 'prepare'; readonly ballot: Ballot }
  | { readonly kind: 'accept'; readonly ballot: Ballot; readonly value: Value };

export const sameVote = (one: Vote | null, other: Vote | null): boolean =>
  one === null || other === null ? one === other : one.ballot === other.ballot && one.value === other.value;

/** How a report calls things: by their ranks in the model, or by the tokens of somebody's log. */
export interface Names {
  readonly ballot: (ballot: Ballot) => string;
  readonly value: (value: Value) => string;
  readonly acceptor: (acceptor: AcceptorIndex) => string;
}

const letters = 'xyzwuv';

/** As people write examples: ballots 1, 2, 3, values x, y, z, acceptors a1, a2, a3; "no ballot" is 0. */
export const PLAIN_NAMES: Names = {
  ballot: String,
  value: (value) => letters[value] ?? `v${value}`,
  acceptor: (acceptor) => `a${acceptor + 1}`,
};

/** A vote as people write it: `x in ballot 2`. */
export const showVote = (vote: Vote | null, names: Names = PLAIN_NAMES): string =>
  vote === null ? 'no vote' : `${names.value(vote.value)} in ballot ${names.ballot(vote.ballot)}`;
