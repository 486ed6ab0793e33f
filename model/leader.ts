/**
 * The leader of one ballot ("proposer" in the paper): when it may send accept(b, v). It keeps no state of its own
 * beyond the messages, so its rule is a guard over what was sent.
 */
import type { Way } from './foundation.js';
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { History } from './history.js';
import type { AcceptorSet, Quorums } from './quorum.js';
import { includesQuorum, membersOf, setOf } from './quorum.js';
import type { Ballot, Names, PromiseMessage, Value, Vote } from './words.js';
import { NO_BALLOT, showVote } from './words.js';

/** What a leader knows when it is about to send accept(ballot, value). */
export interface ProposalContext {
  readonly ballot: Ballot;
  readonly value: Value;
  /** prepare(ballot) was sent. */
  readonly opened: boolean;
  /** The values already proposed in this ballot. */
  readonly proposed: readonly Value[];
  /** For each acceptor, its promises that the leader counts for this ballot. */
  readonly heard: readonly (readonly PromiseMessage[])[];
  readonly quorums: Quorums;
}

/** A leader: which messages it counts, and when it may propose. A mutant replaces one or the other. */
export interface Leader {
  readonly hears: (said: History, ballot: Ballot) => readonly PromiseMessage[];
  readonly mayAccept: Guard<ProposalContext>;
  /** It takes refusals for messages (only a mutant does), so they must be remembered as such. */
  readonly hearsNacks?: boolean;
}

/** A promise counts for the ballot that it names, and for no other. */
export const hearsOwnBallot = (said: History, ballot: Ballot): readonly PromiseMessage[] =>
  said.promises.filter((promise) => promise.ballot === ballot);

/** True if the value may be proposed on these promises, one from each acceptor of a quorum. */
export type Adopts = (promises: readonly PromiseMessage[], value: Value, ballot: Ballot) => boolean;

export const reportedVotes = (promises: readonly PromiseMessage[]): Vote[] =>
  promises.flatMap((promise) => (promise.vote === null ? [] : [promise.vote]));

/** Phase 2(a), which keeps P2c: the value of the highest vote among the promises, or any value if none of them reports a vote. */
export const adoptsHighest: Adopts = (promises, value) => {
  const votes = reportedVotes(promises);
  const highest = Math.max(...votes.map((vote) => vote.ballot));
  return votes.length === 0 || votes.some((vote) => vote.ballot === highest && vote.value === value);
};

/** True if the acceptors in this list (each at most once) are enough to go on to phase 2. */
export type IsQuorum = (acceptors: readonly number[], quorums: Quorums) => boolean;

export const quorumOfPhase1: IsQuorum = (acceptors, quorums) => includesQuorum(quorums.phase1, setOf(acceptors));

const acceptorsHeard = ({ heard }: ProposalContext): number[] => heard.flatMap((promises, acceptor) => (promises.length > 0 ? [acceptor] : []));

/** All ways to take one promise from each of these acceptors. */
function onePromiseEach(heard: readonly (readonly PromiseMessage[])[]): PromiseMessage[][] {
  return heard.reduce<PromiseMessage[][]>((ways, promises) => ways.flatMap((way) => promises.map((promise) => [...way, promise])), [[]]);
}

/** True if some quorum among the acceptors heard, with one promise from each, lets the leader propose the value. */
export function someQuorumAdopts(context: ProposalContext, isQuorum: IsQuorum, adopts: Adopts): boolean {
  const acceptors = acceptorsHeard(context);
  for (let choice = 1; choice < 1 << acceptors.length; choice++) {
    const quorum = membersOf(choice).map((index) => acceptors[index]!);
    if (!isQuorum(quorum, context.quorums)) continue;
    const ways = onePromiseEach(quorum.map((acceptor) => context.heard[acceptor]!));
    if (ways.some((way) => adopts(way, context.value, context.ballot))) return true;
  }
  return false;
}

/** The ballots at which the value may be the highest reported, 0 for "nothing was reported", each with those who can report nothing above it. */
export function* waysToAdopt({ heard, value }: ProposalContext): Generator<Way> {
  const ballotOf = ({ vote }: PromiseMessage): Ballot => vote?.ballot ?? NO_BALLOT;
  const whose = (matches: (promise: PromiseMessage) => boolean): AcceptorSet => setOf(heard.flatMap((promises, acceptor) => (promises.some(matches) ? [acceptor] : [])));
  const reports = heard.flat().filter(({ vote }) => vote?.value === value);
  for (const highest of new Set([NO_BALLOT, ...reports.map(ballotOf)])) {
    const quiet = whose((promise) => ballotOf(promise) <= highest);
    yield { highest, quiet, reporters: highest === NO_BALLOT ? quiet : whose(({ vote }) => vote?.ballot === highest && vote.value === value) };
  }
}

/** Paxos.tla: the leader goes by the promises of one quorum. The same as trying all of them with adoptsHighest, and quicker. */
export const oneQuorumAdopts = (context: ProposalContext): boolean =>
  [...waysToAdopt(context)].some(({ quiet, reporters }) => context.quorums.phase1.some((quorum) => (quorum & quiet) === quorum && (quorum & reporters) !== 0));

/** Legitimate, too: it goes by any promises that include those of a quorum. With majorities that comes to the same. */
export const anyPromisesAdopt = (context: ProposalContext): boolean =>
  [...waysToAdopt(context)].some(({ quiet, reporters }) => includesQuorum(context.quorums.phase1, quiet) && (quiet & reporters) !== 0);

/** The guard of phase 2a for a way to count quorums and a way to choose the value. */
export function acceptGuard(isQuorum: IsQuorum, adopts: (context: ProposalContext) => boolean): Guard<ProposalContext> {
  return {
    'ballot-opened': {
      formula: 'prepare(b) was sent',
      holds: ({ opened }) => opened,
      numbers: ({ ballot }, names) => `no prepare of ballot ${names.ballot(ballot)} was sent`,
    },
    'one-value-per-ballot': {
      formula: 'for every accept(b, w) sent: w = v',
      holds: ({ proposed, value }) => proposed.every((other) => other === value),
      numbers: ({ proposed, value, ballot }, names) => `in ballot ${names.ballot(ballot)}: ${proposed.map(names.value).join(', ')} = ${names.value(value)}`,
    },
    'accept-has-quorum': {
      formula: 'a quorum of phase 1 promised b',
      holds: (context) => isQuorum(acceptorsHeard(context), context.quorums),
      numbers: (context, names) =>
        `${acceptorsHeard(context).length} of ${context.heard.length} acceptors promised ballot ${names.ballot(context.ballot)}; needed: ${neededForPhase1(context.quorums)}`,
    },
    'accept-takes-highest-vote': {
      formula: 'for some quorum of promises of b: v is the value of the highest vote that they report, or they report none',
      holds: (context) => !isQuorum(acceptorsHeard(context), context.quorums) || adopts(context),
      numbers: (context, names) => `${names.value(context.value)} is proposed, reported are: ${showReports(context, names)}`,
    },
  };
}

function neededForPhase1(quorums: Quorums): string {
  const sizes = new Set(quorums.phase1.map((quorum) => membersOf(quorum).length));
  return sizes.size === 1 && quorums.symmetric ? String([...sizes][0]) : quorums.name;
}

const showReports = ({ heard }: ProposalContext, names: Names): string =>
  heard.flatMap((promises, acceptor) => promises.map(({ vote }) => `${names.acceptor(acceptor)}: ${showVote(vote, names)}`)).join('; ');

export const referenceLeader: Leader = { hears: hearsOwnBallot, mayAccept: acceptGuard(quorumOfPhase1, oneQuorumAdopts) };

/** What a log is judged by: a leader may use more promises than a quorum. */
export const lenientLeader: Leader = { hears: hearsOwnBallot, mayAccept: acceptGuard(quorumOfPhase1, anyPromisesAdopt) };

/** The values that the leader may propose. */
export const proposable = (leader: Leader, context: Omit<ProposalContext, 'value'>, values: number): Value[] =>
  Array.from({ length: values }, (_, value) => value).filter((value) => allows(leader.mayAccept, { ...context, value }));
