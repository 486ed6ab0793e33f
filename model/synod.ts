/**
 * The Synod protocol (Paxos.tla): N acceptors, a leader for each ballot, and the set of all messages ever sent.
 * The set only grows: loss is "never delivered", duplication and reordering are "delivered again, later".
 * Four actions make up the protocol (prepare, promise, accept, vote); crash and act exist for machines that need them.
 */
import type { AcceptorMachine, Step } from './acceptor.js';
import { referenceAcceptor } from './acceptor.js';
import type { Guard } from './guard.js';
import { allows, blockedBy } from './guard.js';
import type { Blocked } from './guard.js';
import type { History } from './history.js';
import { EMPTY_HISTORY, say } from './history.js';
import type { Leader, ProposalContext } from './leader.js';
import { referenceLeader } from './leader.js';
import type { Learner, Said } from './learner.js';
import { referenceLearner } from './learner.js';
import type { Quorums } from './quorum.js';
import { majorities } from './quorum.js';
import type { AcceptorIndex, Ballot, Reply, Value, Vote } from './words.js';

/** The protocol as it is run: who takes part, by which rules, and how large the world is. */
export interface Synod {
  readonly ballots: number;
  readonly values: number;
  readonly quorums: Quorums;
  readonly machines: readonly AcceptorMachine[];
  readonly leader: Leader;
  readonly learner: Learner;
}

/** One acceptor of the cluster: its variables and what it has said. */
export interface Acceptor {
  readonly state: unknown;
  readonly history: History;
}

/** A state of the whole cluster. Lists are sets: sorted, without duplicates. */
export interface Cluster {
  readonly prepares: readonly Ballot[];
  readonly accepts: readonly Vote[];
  readonly acceptors: readonly Acceptor[];
}

/** The actions of Paxos.tla: Phase1a, Phase1b, Phase2a, Phase2b; a promise or vote is the delivery of a request, whatever comes of it. */
export type Action =
  | { readonly kind: 'prepare'; readonly ballot: Ballot }
  | { readonly kind: 'promise'; readonly acceptor: AcceptorIndex; readonly ballot: Ballot }
  | { readonly kind: 'accept'; readonly ballot: Ballot; readonly value: Value }
  | { readonly kind: 'vote'; readonly acceptor: AcceptorIndex; readonly ballot: Ballot; readonly value: Value }
  | { readonly kind: 'crash'; readonly acceptor: AcceptorIndex }
  | { readonly kind: 'act'; readonly acceptor: AcceptorIndex };

/** An action with the state that it leads to and what the acceptor concerned said in it. */
export interface Transition {
  readonly action: Action;
  readonly next: Cluster;
  readonly replies: readonly Reply[];
}

/** Defaults: the reference, majorities. */
export function synod(acceptors: number, ballots: number, values: number, parts: Partial<Synod> = {}): Synod {
  return {
    ballots,
    values,
    quorums: majorities(acceptors),
    machines: Array.from({ length: acceptors }, () => referenceAcceptor),
    leader: referenceLeader,
    learner: referenceLearner,
    ...parts,
  };
}

export const initialCluster = (protocol: Synod): Cluster => ({
  prepares: [],
  accepts: [],
  acceptors: protocol.machines.map((machine) => ({ state: machine.initial, history: EMPTY_HISTORY })),
});

/** All that was said in this state. */
export const saidIn = (protocol: Synod, cluster: Cluster): Said => ({
  accepts: cluster.accepts,
  histories: cluster.acceptors.map((acceptor) => acceptor.history),
  quorums: protocol.quorums,
});

/** What the leader of the ballot knows in this state. */
export const proposalContext = (protocol: Synod, cluster: Cluster, { ballot, value }: Vote): ProposalContext => ({
  ballot,
  value,
  opened: cluster.prepares.includes(ballot),
  proposed: cluster.accepts.filter((proposal) => proposal.ballot === ballot).map((proposal) => proposal.value),
  heard: cluster.acceptors.map((acceptor) => protocol.leader.hears(acceptor.history, ballot)),
  quorums: protocol.quorums,
});

interface Delivery {
  readonly sent: boolean;
  readonly message: string;
}

/** A message can be delivered once it was sent, and again at any time after. */
const mayDeliver: Guard<Delivery> = {
  'message-was-sent': { formula: 'm in msgs', holds: ({ sent }) => sent, numbers: ({ message }) => `${message} was not sent` },
};

const delivery = (cluster: Cluster, action: { ballot: Ballot; value?: Value }): Delivery =>
  action.value === undefined
    ? { sent: cluster.prepares.includes(action.ballot), message: `prepare(${action.ballot})` }
    : {
        sent: cluster.accepts.some(({ ballot, value }) => ballot === action.ballot && value === action.value),
        message: `accept(${action.ballot}, ${action.value})`,
      };

/** Applies `use` (allows or blockedBy) to the guard of this action in this state. */
function guarded<R>(protocol: Synod, cluster: Cluster, action: Action, use: <C>(guard: Guard<C>, context: C) => R): R {
  switch (action.kind) {
    case 'promise':
    case 'vote':
      return use(mayDeliver, delivery(cluster, action));
    case 'accept':
      return use(protocol.leader.mayAccept, proposalContext(protocol, cluster, action));
    default:
      return use({}, {});
  }
}

/** Why the cluster cannot take this action now: the false conjuncts, or none. (An acceptor's refusal is its answer and no obstacle.) */
export const blockers = (protocol: Synod, cluster: Cluster, action: Action): Blocked[] => guarded(protocol, cluster, action, blockedBy);

export const isEnabled = (protocol: Synod, cluster: Cluster, action: Action): boolean => guarded(protocol, cluster, action, allows);

/** All actions within the bounds, possible or not, in a fixed order. */
export function actionsOf(protocol: Synod): Action[] {
  const ballots = Array.from({ length: protocol.ballots }, (_, index) => index + 1);
  const proposals = ballots.flatMap((ballot) => Array.from({ length: protocol.values }, (_, value) => ({ ballot, value })));
  const local = protocol.machines.flatMap((machine, acceptor): Action[] => [
    ...ballots.map((ballot): Action => ({ kind: 'promise', acceptor, ballot })),
    ...proposals.map((proposal): Action => ({ kind: 'vote', acceptor, ...proposal })),
    { kind: 'crash', acceptor },
    ...(machine.act ? [{ kind: 'act', acceptor } as const] : []),
  ]);
  return [
    ...ballots.map((ballot): Action => ({ kind: 'prepare', ballot })),
    ...proposals.map((proposal): Action => ({ kind: 'accept', ...proposal })),
    ...local,
  ];
}

/** What the machine does with the action's message. */
export function localStep(machine: AcceptorMachine, state: unknown, action: Action): Step<unknown> {
  switch (action.kind) {
    case 'promise':
      return machine.prepare(state, action.ballot);
    case 'vote':
      return machine.accept(state, action.ballot, action.value);
    case 'crash':
      return { state: machine.restart(state), replies: [] };
    case 'act':
      return machine.act?.(state) ?? { state, replies: [] };
    default:
      throw new Error(`${action.kind} is no step of an acceptor`);
  }
}

/** The acceptor after the step: its history grows by the replies that somebody listens to. */
export function afterStep(leader: Leader, history: History, step: Step<unknown>): Acceptor {
  const heard = step.replies.filter((reply) => reply.kind !== 'nack' || leader.hearsNacks === true);
  return { state: step.state, history: heard.reduce(say, history) };
}

/** The effect of an action that is not blocked. */
export function take(protocol: Synod, cluster: Cluster, action: Action): Transition {
  if (action.kind === 'prepare') {
    const prepares = cluster.prepares.includes(action.ballot) ? cluster.prepares : [...cluster.prepares, action.ballot].sort((a, b) => a - b);
    return { action, next: { ...cluster, prepares }, replies: [] };
  }
  if (action.kind === 'accept') return { action, next: { ...cluster, accepts: propose(cluster.accepts, action) }, replies: [] };
  const before = cluster.acceptors[action.acceptor]!;
  const step = localStep(protocol.machines[action.acceptor]!, before.state, action);
  const after = afterStep(protocol.leader, before.history, step);
  const acceptors = cluster.acceptors.map((acceptor, index) => (index === action.acceptor ? after : acceptor));
  return { action, next: { ...cluster, acceptors }, replies: step.replies };
}

function propose(accepts: readonly Vote[], { ballot, value }: Vote): readonly Vote[] {
  if (accepts.some((proposal) => proposal.ballot === ballot && proposal.value === value)) return accepts;
  return [...accepts, { ballot, value }].sort((one, other) => one.ballot - other.ballot || one.value - other.value);
}

/** Next of Paxos.tla: everything that can happen in this state, steps that change nothing included. */
export const successors = (protocol: Synod, cluster: Cluster): Transition[] =>
  actionsOf(protocol)
    .filter((action) => isEnabled(protocol, cluster, action))
    .map((action) => take(protocol, cluster, action));
