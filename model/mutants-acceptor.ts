/** Acceptors that go wrong, in memory (A..) and on disk (D..). Each is the reference with one decision replaced. */
import type { AcceptContext, AcceptorMachine, AcceptorState, PrepareContext } from './acceptor.js';
import { acceptorMachine, mayPromise, mayVote, referenceAcceptor, referenceParts } from './acceptor.js';
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { Mutant } from './mutant.js';
import { acceptorWith, isOwnBallot } from './mutant.js';
import type { Ballot, Vote } from './words.js';
import { NO_BALLOT } from './words.js';

const votedIn = (state: AcceptorState): Ballot => state.vote?.ballot ?? NO_BALLOT;

const aboveVote: Guard<PrepareContext<AcceptorState>> = {
  'ballot-above-vote': {
    formula: 'b > the ballot of the last vote',
    holds: ({ state, ballot }) => ballot > votedIn(state),
    numbers: ({ state, ballot }) => `${ballot} > ${votedIn(state)}`,
  },
};
const strictlyAbovePromise: Guard<AcceptContext<AcceptorState>> = mayPromise;
const sameValueAgain: Guard<AcceptContext<AcceptorState>> = {
  ...mayVote,
  'same-value': {
    formula: 'no vote was cast for another value',
    holds: ({ state, value }) => state.vote === null || state.vote.value === value,
    numbers: ({ state, value }) => `${state.vote?.value ?? 'none'} = ${value}`,
  },
};
const oldValue = (state: AcceptorState, vote: Vote): Vote => ({ ballot: vote.ballot, value: state.vote?.value ?? vote.value });

const A = (id: string, title: string, rule: string, machine: AcceptorMachine): Mutant => ({
  id, role: 'acceptor', title, breaks: 'agreement', rule, machine: () => machine,
});

/** A18: says yes to every accept, stores only what it may. */
const acknowledgesRefused: AcceptorMachine<AcceptorState> = {
  ...referenceAcceptor,
  accept: (state, ballot, value) => ({ state: referenceAcceptor.accept(state, ballot, value).state, replies: [{ kind: 'accepted', ballot, value }] }),
};

/** A21: checks an accept first, stores the vote later, and does not look again. */
interface Racing extends AcceptorState {
  readonly checked: Vote | null;
}
const checkThenAct: AcceptorMachine<Racing> = {
  initial: { ...referenceAcceptor.initial, checked: null },
  prepare(state, ballot) {
    const step = referenceAcceptor.prepare(state, ballot);
    return { ...step, state: { ...step.state, checked: state.checked } };
  },
  accept: (state, ballot, value) =>
    state.checked === null && allows(mayVote, { state, ballot, value }) ? { state: { ...state, checked: { ballot, value } }, replies: [] } : { state, replies: [] },
  restart: (state) => ({ ...state, checked: null }),
  act: (state) =>
    state.checked === null ? null : { state: { promised: state.checked.ballot, vote: state.checked, checked: null }, replies: [{ kind: 'accepted', ...state.checked }] },
};

/** A19, A20: the leader on the acceptor's own node takes a short cut. */
const trustsItself = (acceptor: number, acceptors: number): AcceptorMachine => {
  const careless = acceptorWith({ mayVote: {} });
  return { ...referenceAcceptor, accept: (state, ballot, value) => (isOwnBallot(acceptor, acceptors, ballot) ? careless : (referenceAcceptor as AcceptorMachine)).accept(state, ballot, value) };
};
const forgetsOwnPromise = (acceptor: number, acceptors: number): AcceptorMachine =>
  acceptorWith({ promise: (state, ballot) => (isOwnBallot(acceptor, acceptors, ballot) ? state : { ...state, promised: ballot }) });

export const ACCEPTOR_MUTANTS: readonly Mutant[] = [
  A('A1', 'the seed: an accept overwrites the vote and does not raise the promise', 'promise-reports-highest-vote', acceptorWith({ vote: (state, vote) => ({ ...state, vote }) })),
  A('A2', 'accept ignores the promise', 'promise-kept', acceptorWith({ mayVote: {} })),
  A('A3', 'accept is compared with the ballot of the last vote', 'promise-kept', acceptorWith({ mayVote: aboveVote })),
  A('A4', 'the promise is not recorded', 'promise-kept', acceptorWith({ promise: (state) => state })),
  A('A5', 'prepare is not checked, so that the promise can fall', 'promise-kept', acceptorWith({ mayPromise: {} })),
  A('A6', 'prepare is compared with the ballot of the last vote', 'promise-kept', acceptorWith({ mayPromise: aboveVote })),
  A('A7', 'a promise omits the vote', 'promise-reports-highest-vote', acceptorWith({ report: () => null })),
  A('A8', 'a promise carries a constant as the ballot of the vote', 'promise-reports-highest-vote', acceptorWith({ report: ({ vote }) => vote && { ...vote, ballot: 1 } })),
  A('A9', 'a promise gives the promised ballot for the ballot of the vote', 'promise-reports-highest-vote', acceptorWith({ report: ({ vote }, ballot) => vote && { ...vote, ballot } })),
  A('A12', 'a promise clears the vote', 'promise-reports-highest-vote', acceptorWith({ promise: (_state, ballot) => ({ promised: ballot, vote: null }) })),
  A('A13', 'a vote resets the promise', 'promise-kept', acceptorWith({ vote: (_state, vote) => ({ promised: NO_BALLOT, vote }) })),
  A('A14', 'the first vote is kept, later ones are acknowledged', 'promise-reports-highest-vote', acceptorWith({ vote: (state, vote) => ({ promised: vote.ballot, vote: state.vote ?? vote }) })),
  A('A15', 'a vote updates the ballot and not the value', 'promise-reports-highest-vote', acceptorWith({ vote: (state, vote) => ({ promised: vote.ballot, vote: oldValue(state, vote) }) })),
  A('A18', 'a refused accept is acknowledged', 'promise-kept', acknowledgesRefused),
  { id: 'A19', role: 'acceptor', title: 'the leader votes for itself without a check', breaks: 'agreement', rule: 'promise-kept', machine: trustsItself },
  { id: 'A20', role: 'acceptor', title: "the leader's own promise is not recorded", breaks: 'agreement', rule: 'promise-kept', machine: forgetsOwnPromise },
  A('A21', 'check-then-act race in accept', 'promise-kept', checkThenAct),
  { id: 'A23', role: 'acceptor', title: 'accept uses > where >= is meant', breaks: 'progress', machine: () => A23 },
  { id: 'A24', role: 'acceptor', title: 'refuses any second value', breaks: 'progress', machine: () => A24 },
  { id: 'A25', role: 'acceptor', title: 'votes for its own old value in the new ballot', breaks: 'invariant', rule: 'vote-has-proposal', machine: () => A25 },
  { id: 'A26', role: 'acceptor', title: 'votes for another value than it was asked for', breaks: 'validity', rule: 'vote-has-proposal', machine: () => A26 },
];

const A23 = acceptorWith({ mayVote: strictlyAbovePromise });
const A24 = acceptorWith({ mayVote: sameValueAgain });
const A25 = acceptorWith({ announce: oldValue, vote: (state, vote) => ({ promised: vote.ballot, vote: oldValue(state, vote) }) });

/** The other one of the first two values. */
const otherValue = (vote: Vote): Vote => ({ ballot: vote.ballot, value: vote.value === 0 ? 1 : 0 });
const A26 = acceptorWith({ announce: (_state, vote) => otherValue(vote), vote: (_state, vote) => ({ promised: vote.ballot, vote: otherValue(vote) }) });

/** D4: answers first, writes later. */
interface Buffered extends AcceptorState {
  readonly durable: AcceptorState;
}
const onDisk = ({ promised, vote }: AcceptorState): AcceptorState => ({ promised, vote });
const answersEarly: AcceptorMachine<Buffered> = {
  initial: { ...referenceAcceptor.initial, durable: referenceAcceptor.initial },
  prepare(state, ballot) {
    const step = referenceAcceptor.prepare(onDisk(state), ballot);
    return { ...step, state: { ...step.state, durable: state.durable } };
  },
  accept(state, ballot, value) {
    const step = referenceAcceptor.accept(onDisk(state), ballot, value);
    return { ...step, state: { ...step.state, durable: state.durable } };
  },
  restart: (state) => ({ ...state.durable, durable: state.durable }),
  act: (state) => ({ state: { ...onDisk(state), durable: onDisk(state) }, replies: [] }),
};

/** D6: two writes for a vote, and a crash between them: the new value beside the old ballot. */
interface Torn extends AcceptorState {
  readonly before: Ballot;
}
const tornWrite = acceptorMachine<Torn>({
  ...referenceParts,
  initial: { ...referenceParts.initial, before: NO_BALLOT },
  promise: (state, ballot) => ({ ...state, promised: ballot }),
  vote: (state, vote) => ({ promised: vote.ballot, vote, before: votedIn(state) === vote.ballot ? state.before : votedIn(state) }),
  restart: (state) => (state.vote === null || state.before === NO_BALLOT ? state : { ...state, vote: { ...state.vote, ballot: state.before } }),
});

const D = (id: string, title: string, machine: AcceptorMachine): Mutant => ({
  id, role: 'durability', title, breaks: 'agreement', rule: 'restart-remembers', machine: () => machine,
});

export const DURABILITY_MUTANTS: readonly Mutant[] = [
  D('D1', 'a promise is not durable', acceptorWith({ restart: ({ vote }) => ({ promised: vote?.ballot ?? NO_BALLOT, vote }) })),
  D('D2', 'a vote is not durable', acceptorWith({ restart: ({ promised }) => ({ promised, vote: null }) })),
  D('D3', 'an acceptor with amnesia rejoins', acceptorWith({ restart: () => referenceParts.initial })),
  D('D4', 'answers before the write is durable', answersEarly),
  D('D6', 'torn write: the old ballot with the new value', tornWrite),
  D('D7', "the vote's ballot is lost, its value kept", acceptorWith({ restart: (state) => ({ ...state, vote: state.vote && { ...state.vote, ballot: 1 } }) })),
];
