/** The catalogue: every mutant of spec/bugs.md that one decree can show, and the variants that must not be called unsafe. */
import type { AcceptorState } from './acceptor.js';
import { mayPromise, referenceAcceptor } from './acceptor.js';
import type { Mutant } from './mutant.js';
import { acceptorWith } from './mutant.js';
import { ACCEPTOR_MUTANTS, DURABILITY_MUTANTS } from './mutants-acceptor.js';
import { LEADER_MUTANTS, LEARNER_MUTANTS, LOWEST_BALLOT_WITHOUT_PHASE1, QUORUM_MUTANTS } from './mutants-leader.js';
import { NO_BALLOT } from './words.js';

const takenPart = ({ promised, vote }: AcceptorState): number => Math.max(promised, vote?.ballot ?? NO_BALLOT);

const H1 = acceptorWith({
  mayVote: {
    'ballot-not-below-both': { formula: 'b >= max(promised, voted)', holds: ({ state, ballot }) => ballot >= takenPart(state), numbers: ({ state, ballot }) => `${ballot} >= ${takenPart(state)}` },
  },
  vote: (state, vote) => ({ ...state, vote }),
});

const H3 = acceptorWith({
  mayPromise: {
    'ballot-not-below-promise': { ...mayPromise['ballot-above-promise']!, formula: 'b >= promised[a]', holds: ({ state, ballot }) => ballot >= state.promised },
  },
});

const H4 = acceptorWith({ mayPromise: {}, promise: (state, ballot) => ({ ...state, promised: Math.max(state.promised, ballot) }) });

const H8 = acceptorWith({
  mayVote: {
    'ballot-is-promised': { formula: 'b = promised[a]', holds: ({ state, ballot }) => ballot === state.promised, numbers: ({ state, ballot }) => `${ballot} = ${state.promised}` },
  },
});

const H11 = acceptorWith({ vote: (state, vote) => ({ ...state, vote: vote.ballot > (state.vote?.ballot ?? NO_BALLOT) ? vote : state.vote }) });

const H = (id: string, title: string, parts: Partial<Mutant>): Mutant => ({ id, role: 'legitimate', title, breaks: 'nothing', ...parts });

export const LEGITIMATE_VARIANTS: readonly Mutant[] = [
  H('H1', 'compares with max(promised, voted), never raises the promise on a vote', { machine: () => H1 }),
  H('H3', 'promises an equal ballot again; each ballot has one owner', { machine: () => H3 }),
  H('H4', 'truthful promise to a lower ballot', { machine: () => H4 }),
  H('H6', 'no phase 1 on the lowest ballot', { leader: LOWEST_BALLOT_WITHOUT_PHASE1 }),
  H('H8', 'votes only when the ballot equals the promise', { machine: () => H8 }),
  H('H9', 'the same value is chosen in several ballots', { machine: () => referenceAcceptor }),
  H('H11', 'keeps its highest vote, votes below it, never raises the promise on a vote', { machine: () => H11 }),
];

export const MUTANTS: readonly Mutant[] = [
  ...ACCEPTOR_MUTANTS,
  ...LEADER_MUTANTS,
  ...QUORUM_MUTANTS,
  ...LEARNER_MUTANTS,
  ...DURABILITY_MUTANTS,
  ...LEGITIMATE_VARIANTS,
];

export const mutantNamed = (id: string): Mutant | undefined => MUTANTS.find((mutant) => mutant.id === id);
