/**
 * What a proposal can have been founded on, where promises may be hidden: a promise that nobody saw is known by what it
 * forbids. The leader heard some quorum, so that not all of them can have done what their promises rule out.
 */
import type { Guard } from './guard.js';
import { allows } from './guard.js';
import type { AcceptorSet, Quorums } from './quorum.js';
import { includesQuorum, membersOf } from './quorum.js';
import type { Ballot, Names, Vote } from './words.js';

/** A way to hear what allows v: no report above `highest`, and one of v in that ballot; 0 stands for no report at all. */
export interface Way {
  readonly highest: Ballot;
  /** Acceptors that can have reported nothing higher. */
  readonly quiet: AcceptorSet;
  /** Acceptors that can have reported the highest vote. */
  readonly reporters: AcceptorSet;
}

export interface Foundation {
  /** What was proposed. */
  readonly vote: Vote;
  /** Acceptors that can have promised its ballot before. */
  readonly able: AcceptorSet;
  readonly ways: readonly Way[];
}

/** The acceptor did not promise the ballot before the proposal. */
export function withoutPromise(foundation: Foundation, acceptor: number): Foundation {
  const others = ~(1 << acceptor);
  return { ...foundation, able: foundation.able & others, ways: foundation.ways.map((way) => ({ ...way, quiet: way.quiet & others })) };
}

/** The acceptor voted below the ballot, before its promise if it gave one: then it reported that vote, or a higher one. */
export function withVote(foundation: Foundation, acceptor: number, { ballot }: Vote): Foundation {
  if (ballot >= foundation.vote.ballot) return foundation;
  return { ...foundation, ways: foundation.ways.map((way) => (ballot <= way.highest ? way : { ...way, quiet: way.quiet & ~(1 << acceptor) })) };
}

/** The acceptor cast this vote. `isAfter`: after the proposal. */
export const afterVote = (foundation: Foundation, acceptor: number, vote: Vote, isAfter: boolean): Foundation =>
  isAfter && vote.ballot < foundation.vote.ballot ? withoutPromise(foundation, acceptor) : withVote(foundation, acceptor, vote);

/** True if all of these acceptors can have cast the vote. */
export const voteLeavesFoundation = (foundation: Foundation, voters: readonly number[], vote: Vote, isAfter: boolean, quorums: Quorums): boolean =>
  allows(hasFoundation, { foundation: voters.reduce((left, acceptor) => afterVote(left, acceptor, vote, isAfter), foundation), quorums });

const isOpen = ({ quiet, reporters }: Way, { phase1 }: Quorums): boolean => includesQuorum(phase1, quiet) && (quiet & reporters) !== 0;

const namesIn = (set: AcceptorSet, names: Names): string => `{${membersOf(set).map(names.acceptor).join(', ')}}`;

export const hasFoundation: Guard<{ readonly foundation: Foundation; readonly quorums: Quorums }> = {
  'accept-has-quorum': {
    formula: 'a quorum of phase 1 can have promised b before accept(b, v): it casts no vote below b afterwards, and does not forget the promise',
    holds: ({ foundation, quorums }) => includesQuorum(quorums.phase1, foundation.able),
    numbers: ({ foundation: { vote, able } }, names) => `only ${namesIn(able, names)} can have promised ballot ${names.ballot(vote.ballot)} before ${names.value(vote.value)} was proposed in it`,
  },
  'accept-takes-highest-vote': {
    formula: 'for some quorum of phase 1 that can have promised b: v can be the value of the highest vote that they reported, or they can have reported none',
    holds: ({ foundation, quorums }) => !includesQuorum(quorums.phase1, foundation.able) || foundation.ways.some((way) => isOpen(way, quorums)),
    numbers: ({ foundation: { vote, ways } }, names) =>
      ways.map(({ highest, quiet }) => `${highest === 0 ? 'no vote' : `none above ballot ${names.ballot(highest)}`} can have been reported by ${namesIn(quiet, names)} only, when ${names.value(vote.value)} was proposed in ballot ${names.ballot(vote.ballot)}`).join('; '),
  },
};
