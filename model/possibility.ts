/** What must be possible: a protocol that does nothing is safe, and fails here. */
import { chosenVotes, distinct } from './learner.js';
import type { Possibility, StateInvariant } from './property.js';
import { membersOf } from './quorum.js';
import type { Action, Cluster, Synod } from './synod.js';
import { isEnabled, saidIn, take } from './synod.js';
import { PLAIN_NAMES } from './words.js';

export const CanChoose: Possibility = {
  name: 'CanChoose',
  kind: 'possibility',
  formula: 'some reachable state has chosen /= {}',
  sentence: 'Some run chooses a value.',
  source: 'PMS 2.1 (safety alone is met by doing nothing)',
  holds: (protocol, cluster) => chosenVotes(saidIn(protocol, cluster)).length > 0,
};

/**
 * Checked in the states in which the highest ballot is still unused, so that "a higher ballot" exists within the bounds.
 * Quorums: every smallest set of acceptors that contains a quorum of each phase.
 */
export const FreshBallotDecides: StateInvariant = {
  name: 'FreshBallotDecides',
  kind: 'state',
  formula: 'ballot B unused => for every quorum Q: prepare(B), then accept(B, v) for some v, delivered to Q, choose v',
  sentence: 'A leader left alone with a new ballot and a live quorum gets a value chosen.',
  source: 'PMS 2.4',
  holds: (protocol, cluster) => stuckQuorum(protocol, cluster) === null,
  because: (protocol, cluster) => `with only {${(stuckQuorum(protocol, cluster) ?? []).map(PLAIN_NAMES.acceptor).join(', ')}} alive, ballot ${protocol.ballots} cannot choose a value`,
};

/** The smallest sets that contain a quorum of each phase. */
export function liveSets({ quorums }: Synod): number[] {
  const all = distinct(quorums.phase1.flatMap((one) => quorums.phase2.map((two) => one | two)));
  return all.filter((set) => !all.some((other) => other !== set && (other & set) === other));
}

function stuckQuorum(protocol: Synod, cluster: Cluster): number[] | null {
  if (cluster.prepares.includes(protocol.ballots) || cluster.accepts.some((proposal) => proposal.ballot === protocol.ballots)) return null;
  const stuck = liveSets(protocol).find((set) => !aloneDecides(protocol, cluster, membersOf(set)));
  return stuck === undefined ? null : membersOf(stuck);
}

function aloneDecides(protocol: Synod, cluster: Cluster, alive: readonly number[]): boolean {
  const ballot = protocol.ballots;
  const deliver = (from: Cluster, actions: readonly Action[]): Cluster => actions.reduce((state, action) => settle(protocol, take(protocol, state, action).next, action), from);
  const opened = deliver(cluster, [{ kind: 'prepare', ballot }, ...alive.map((acceptor): Action => ({ kind: 'promise', acceptor, ballot }))]);
  const values = Array.from({ length: protocol.values }, (_, value) => value);
  return values.some((value) => {
    const proposal: Action = { kind: 'accept', ballot, value };
    if (!isEnabled(protocol, opened, proposal)) return false;
    const voted = deliver(opened, [proposal, ...alive.map((acceptor): Action => ({ kind: 'vote', acceptor, ballot, value }))]);
    return chosenVotes(saidIn(protocol, voted)).some((vote) => vote.ballot === ballot && vote.value === value);
  });
}

/** Lets an acceptor finish by itself what it began. */
const settle = (protocol: Synod, cluster: Cluster, action: Action): Cluster =>
  'acceptor' in action && protocol.machines[action.acceptor]!.act ? take(protocol, cluster, { kind: 'act', acceptor: action.acceptor }).next : cluster;
