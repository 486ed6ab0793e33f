/** A run of the model as a trace: what each node would have logged. */
import { chosenValues } from '../../model/learner.js';
import type { Quorums } from '../../model/quorum.js';
import { membersOf, setsOfSize } from '../../model/quorum.js';
import type { Cluster, Synod, Transition } from '../../model/synod.js';
import { saidIn } from '../../model/synod.js';
import type { Ballot, Reply, Value, Vote } from '../../model/words.js';
import { PLAIN_NAMES } from '../../model/words.js';
import type { QuorumRule, ReportedVote, TraceEvent, TraceHeader } from './wire.js';

export interface RunLike {
  readonly start: Cluster;
  readonly transitions: readonly Transition[];
}

export interface RunTraceOptions {
  readonly id?: string;
  readonly title?: string;
  /** The quorums that the header declares, if not those of the protocol. */
  readonly quorums?: Quorums;
}

const acceptorId = PLAIN_NAMES.acceptor;
const valueOf = PLAIN_NAMES.value;
/** Two leaders take turns. */
const leaderId = (ballot: Ballot): string => `p${((ballot - 1) % 2) + 1}`;
/** A learner for each value, so that a disagreement is one between nodes. */
const learnerId = (value: Value): string => `l${value + 1}`;

const wireVote = ({ ballot, value }: Vote): ReportedVote => ({ ballot, value: valueOf(value) });

function quorumRule(quorums: Quorums): QuorumRule {
  const sameSets = (one: readonly number[], other: readonly number[]): boolean => one.length === other.length && one.every((set) => other.includes(set));
  const majority = setsOfSize(quorums.acceptors, Math.floor(quorums.acceptors / 2) + 1);
  if (sameSets(quorums.phase1, majority) && sameSets(quorums.phase2, majority)) return { kind: 'majority' };
  if (quorums.symmetric) return { kind: 'flexible', phase1: membersOf(quorums.phase1[0] ?? 0).length, phase2: membersOf(quorums.phase2[0] ?? 0).length };
  const named = (sets: readonly number[]): string[][] => sets.map((set) => membersOf(set).map(acceptorId));
  return { kind: 'sets', phase1: named(quorums.phase1), phase2: named(quorums.phase2) };
}

/** What came back after a restart, where the state has the reference's variables. */
function broughtBack(state: unknown): Partial<{ promised: Ballot | []; votes: ReportedVote[] }> {
  if (state === null || typeof state !== 'object' || !('promised' in state) || !('vote' in state)) return {};
  const { promised, vote } = state as { promised: Ballot; vote: Vote | null };
  return { promised: promised === 0 ? [] : promised, votes: vote === null ? [] : [wireVote(vote)] };
}

function replyEvent(at: string, reply: Reply): TraceEvent {
  switch (reply.kind) {
    case 'promise':
      return { at, kind: 'promise', ballot: reply.ballot, votes: reply.vote === null ? [] : [wireVote(reply.vote)] };
    case 'accepted':
      return { at, kind: 'accepted', ...wireVote(reply) };
    case 'nack':
      return { at, kind: 'nack', ballot: reply.ballot, of: reply.of };
  }
}

function eventsOf({ action, next, replies }: Transition): TraceEvent[] {
  switch (action.kind) {
    case 'prepare':
      return [{ at: leaderId(action.ballot), kind: 'prepare', ballot: action.ballot }];
    case 'accept':
      return [{ at: leaderId(action.ballot), kind: 'accept', ...wireVote(action) }];
    case 'crash': {
      const at = acceptorId(action.acceptor);
      return [{ at, kind: 'crash' }, { at, kind: 'restart', ...broughtBack(next.acceptors[action.acceptor]!.state) }];
    }
    default:
      return replies.map((reply) => replyEvent(acceptorId(action.acceptor), reply));
  }
}

/** What learners decide in this step: each value once, by a learner of its own. */
function decisions(protocol: Synod, before: Cluster, after: Cluster): TraceEvent[] {
  const believed = (cluster: Cluster): Value[] => [...new Set([...chosenValues(saidIn(protocol, cluster)), ...protocol.learner(saidIn(protocol, cluster))])];
  const known = believed(before);
  return believed(after)
    .filter((value) => !known.includes(value))
    .map((value) => ({ at: learnerId(value), kind: 'decided', value: valueOf(value) }));
}

/** Header and events; every kind of event that the model has is logged without exception. */
export function traceOfRun(protocol: Synod, run: RunLike, options: RunTraceOptions = {}): [TraceHeader, ...TraceEvent[]] {
  let before = run.start;
  const events = run.transitions.flatMap((transition) => {
    const decided = decisions(protocol, before, transition.next);
    before = transition.next;
    return [...eventsOf(transition), ...decided];
  });
  return [headerFor(protocol, events.length, options), ...events];
}

function headerFor(protocol: Synod, events: number, options: RunTraceOptions): TraceHeader {
  const nodes = (ids: string[], role: 'acceptor' | 'leader' | 'learner') => ids.map((id) => ({ id, roles: [role] }));
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index);
  return {
    format: 'paxos-trace',
    version: '1.0',
    ...(options.id !== undefined && { id: options.id }),
    ...(options.title !== undefined && { title: options.title }),
    profile: 'synod',
    nodes: [
      ...nodes(upTo(protocol.machines.length).map(acceptorId), 'acceptor'),
      ...nodes(['p1', 'p2'], 'leader'),
      ...nodes(upTo(protocol.values).map(learnerId), 'learner'),
    ],
    quorums: quorumRule(options.quorums ?? protocol.quorums),
    ballots: { kind: 'integer' },
    order: 'total',
    complete: ['prepare', 'promise', 'accept', 'accepted', 'nack', 'decided', 'crash', 'restart'],
    durable: 'before-send',
    source: { implementation: 'paxcheck model' },
    events,
  };
}
