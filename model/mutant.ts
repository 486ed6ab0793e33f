/** What a mutant is: the reference with one decision made differently, and what is known of it. */
import type { AcceptorMachine, AcceptorParts, AcceptorState } from './acceptor.js';
import { acceptorMachine, referenceParts } from './acceptor.js';
import type { Leader } from './leader.js';
import type { Learner } from './learner.js';
import type { Quorums } from './quorum.js';
import type { Ballot } from './words.js';
import type { Synod } from './synod.js';
import { synod } from './synod.js';

export interface Mutant {
  /** As in spec/bugs.md; ids are never reused. */
  readonly id: string;
  readonly role: 'acceptor' | 'leader' | 'quorum' | 'learner' | 'durability' | 'legitimate';
  readonly title: string;
  /** Whether some cluster loses agreement or validity with it, only breaks an inner invariant or gets stuck, or it is harmless. */
  readonly breaks: 'agreement' | 'validity' | 'progress' | 'invariant' | 'nothing';
  /** The rule of an acceptor or leader that it breaks, as in spec/synod.md. */
  readonly rule?: string;
  readonly machine?: (acceptor: number, acceptors: number) => AcceptorMachine;
  readonly leader?: Leader;
  readonly learner?: Learner;
  readonly quorums?: (acceptors: number) => Quorums;
}

/** The reference acceptor with some of its decisions replaced. */
export const acceptorWith = (parts: Partial<AcceptorParts<AcceptorState>>): AcceptorMachine => acceptorMachine({ ...referenceParts, ...parts });

/** The ballot belongs to the leader on the same node as the acceptor: leaders take turns. */
export const isOwnBallot = (acceptor: number, acceptors: number, ballot: Ballot): boolean => (ballot - 1) % acceptors === acceptor;

const machineOf = new WeakMap<Mutant, AcceptorMachine>();

/** One machine for all acceptors unless the mutant depends on who they are, so that equal acceptors share an object. */
function machinesOf(mutant: Mutant, acceptors: number): Partial<Synod> {
  const make = mutant.machine;
  if (make === undefined) return {};
  if (make.length > 0) return { machines: Array.from({ length: acceptors }, (_, acceptor) => make(acceptor, acceptors)) };
  const shared = machineOf.get(mutant) ?? make(0, acceptors);
  machineOf.set(mutant, shared);
  return { machines: Array.from({ length: acceptors }, () => shared) };
}

/** The protocol with the mutant's decision in place of the reference's. */
export const synodWith = (mutant: Mutant, acceptors: number, ballots: number, values: number, parts: Partial<Synod> = {}): Synod =>
  synod(acceptors, ballots, values, {
    ...parts,
    ...machinesOf(mutant, acceptors),
    ...(mutant.leader && { leader: mutant.leader }),
    ...(mutant.learner && { learner: mutant.learner }),
    ...(mutant.quorums && { quorums: mutant.quorums(acceptors) }),
  });
