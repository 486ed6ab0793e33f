/**
 * Quorums. Paxos needs one thing of them: a quorum of phase 1 (promises) and a quorum of phase 2 (votes) have an
 * acceptor in common. Majorities are the usual choice, not the only one (Howard, Malkhi, Spiegelman 2016).
 */
import type { AcceptorIndex } from './words.js';

/** A set of acceptors: bit a is set if acceptor a is in it. */
export type AcceptorSet = number;

export interface Quorums {
  readonly name: string;
  readonly acceptors: number;
  /** The smallest quorums of promises; every superset is a quorum as well. */
  readonly phase1: readonly AcceptorSet[];
  /** The smallest quorums of votes. */
  readonly phase2: readonly AcceptorSet[];
  /** True if exchanging two acceptors changes nothing: only then may states be merged up to their names. */
  readonly symmetric: boolean;
}

export const setOf = (members: Iterable<AcceptorIndex>): AcceptorSet => [...members].reduce((set, member) => set | (1 << member), 0);

export const membersOf = (set: AcceptorSet): AcceptorIndex[] =>
  Array.from({ length: 31 }, (_, acceptor) => acceptor).filter((acceptor) => (set >> acceptor) & 1);

export const sizeOf = (set: AcceptorSet): number => membersOf(set).length;

/** True if the set contains one of the quorums. */
export const includesQuorum = (quorums: readonly AcceptorSet[], set: AcceptorSet): boolean =>
  quorums.some((quorum) => (quorum & set) === quorum);

/** All sets of exactly `size` of `n` acceptors. */
export function setsOfSize(n: number, size: number): AcceptorSet[] {
  return Array.from({ length: 1 << n }, (_, set) => set).filter((set) => sizeOf(set) === size);
}

/** Any more than half of the acceptors. */
export function majorities(n: number): Quorums {
  const sets = setsOfSize(n, Math.floor(n / 2) + 1);
  return { name: 'majorities', acceptors: n, phase1: sets, phase2: sets, symmetric: true };
}

/** Any `q1` acceptors for phase 1, any `q2` for phase 2; safe exactly if q1 + q2 > n. */
export function flexible(n: number, q1: number, q2: number): Quorums {
  return { name: `any ${q1} for phase 1, any ${q2} for phase 2`, acceptors: n, phase1: setsOfSize(n, q1), phase2: setsOfSize(n, q2), symmetric: true };
}

/** Acceptors in a grid, row by row: a row is a quorum of phase 1, a column one of phase 2. */
export function grid(rows: number, columns: number): Quorums {
  const row = Array.from({ length: rows }, (_, r) => setOf(Array.from({ length: columns }, (_, c) => r * columns + c)));
  const column = Array.from({ length: columns }, (_, c) => setOf(Array.from({ length: rows }, (_, r) => r * columns + c)));
  return { name: `${rows}x${columns} grid`, acceptors: rows * columns, phase1: row, phase2: column, symmetric: false };
}

/** The first pair of a phase-1 and a phase-2 quorum without a common acceptor, or null: the assumption behind every proof of Paxos. */
export function disjointQuorums(quorums: Quorums): readonly [AcceptorSet, AcceptorSet] | null {
  for (const one of quorums.phase1) for (const two of quorums.phase2) if ((one & two) === 0) return [one, two];
  return null;
}
