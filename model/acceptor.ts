/**
 * The acceptor of "Paxos Made Simple" (section 2.2) as a small machine: a local state, and for each message the next
 * state and the replies. No I/O, no time, no randomness. A cluster is N such machines around a set of messages.
 */
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { Ballot, Reply, Value, Vote } from './words.js';
import { NO_BALLOT } from './words.js';

/** The next local state and what was answered. */
export interface Step<S> {
  readonly state: S;
  readonly replies: readonly Reply[];
}

/**
 * Any deterministic acceptor: the reference, a mutant, or a real implementation's machine learned from outside.
 * The state is plain JSON and opaque to everybody else; equal states have equal JSON.
 */
export interface AcceptorMachine<S = unknown> {
  readonly initial: S;
  prepare(this: void, state: S, ballot: Ballot): Step<S>;
  accept(this: void, state: S, ballot: Ballot, value: Value): Step<S>;
  /** The state after a crash and a restart: what of it was durable. */
  restart(this: void, state: S): S;
  /** A step that it takes by itself (finishing a write, say); null if there is none to take. */
  act?(this: void, state: S): Step<S> | null;
}

/** The three variables of Paxos.tla: maxBal, and maxVBal with maxVal as one vote. */
export interface AcceptorState {
  readonly promised: Ballot;
  readonly vote: Vote | null;
}

export interface PrepareContext<S> {
  readonly state: S;
  readonly ballot: Ballot;
}
export interface AcceptContext<S> extends PrepareContext<S> {
  readonly value: Value;
}

/** The decisions that make up an acceptor. A mutant replaces one of them. */
export interface AcceptorParts<S> {
  readonly initial: S;
  readonly mayPromise: Guard<PrepareContext<S>>;
  readonly promise: (state: S, ballot: Ballot) => S;
  /** The vote that a promise of this ballot reports, seen from the state before it. */
  readonly report: (state: S, ballot: Ballot) => Vote | null;
  readonly mayVote: Guard<AcceptContext<S>>;
  readonly vote: (state: S, vote: Vote) => S;
  /** The vote that an accepted message announces, seen from the state before it. */
  readonly announce: (state: S, vote: Vote) => Vote;
  readonly restart: (state: S) => S;
}

/** Phase 1(b): it answers a prepare whose ballot is higher than any that it has answered. */
export const mayPromise: Guard<PrepareContext<AcceptorState>> = {
  'ballot-above-promise': {
    formula: 'b > promised[a]',
    holds: ({ state, ballot }) => ballot > state.promised,
    numbers: ({ state, ballot }, names) => `${names.ballot(ballot)} > ${names.ballot(state.promised)}`,
  },
};

/** Phase 2(b): it votes for a proposal unless it has promised a higher ballot. */
export const mayVote: Guard<AcceptContext<AcceptorState>> = {
  'ballot-not-below-promise': {
    formula: 'b >= promised[a]',
    holds: ({ state, ballot }) => ballot >= state.promised,
    numbers: ({ state, ballot }, names) => `${names.ballot(ballot)} >= ${names.ballot(state.promised)}`,
  },
};

/** The reference acceptor, decision by decision. */
export const referenceParts: AcceptorParts<AcceptorState> = {
  initial: { promised: NO_BALLOT, vote: null },
  mayPromise,
  promise: (state, ballot) => ({ ...state, promised: ballot }),
  report: (state) => state.vote,
  mayVote,
  vote: (_state, vote) => ({ promised: vote.ballot, vote }),
  announce: (_state, vote) => vote,
  restart: (state) => state,
};

/** Puts an acceptor together from its decisions. A refusal changes nothing and is answered with a nack. */
export function acceptorMachine<S>(parts: AcceptorParts<S>): AcceptorMachine<S> {
  return {
    initial: parts.initial,
    prepare(state, ballot) {
      if (!allows(parts.mayPromise, { state, ballot })) return { state, replies: [{ kind: 'nack', ballot, of: 'prepare' }] };
      return { state: parts.promise(state, ballot), replies: [{ kind: 'promise', ballot, vote: parts.report(state, ballot) }] };
    },
    accept(state, ballot, value) {
      if (!allows(parts.mayVote, { state, ballot, value })) return { state, replies: [{ kind: 'nack', ballot, of: 'accept' }] };
      const vote = { ballot, value };
      return { state: parts.vote(state, vote), replies: [{ kind: 'accepted', ...parts.announce(state, vote) }] };
    },
    restart: (state) => parts.restart(state),
  };
}

export const referenceAcceptor: AcceptorMachine<AcceptorState> = acceptorMachine(referenceParts);
