/**
 * The invariants of the Synod protocol, one line each where the language allows it. The strong ones near the bottom
 * are what we want; the weaker ones above are why it is true, and break long before agreement does.
 */
import { quorumsIntersect } from './cluster-rules.js';
import type { Guard } from './guard.js';
import { allows, blockedBy } from './guard.js';
import { cannotVoteAt, votedFor } from './history.js';
import { chosenValues, chosenVotes, distinct, votesCast } from './learner.js';
import { includesQuorum, setOf } from './quorum.js';
import { oneVotePerBallot, promiseKept, promiseReportsHighestVote, voteHasProposal } from './rules.js';
import { CanChoose, FreshBallotDecides } from './possibility.js';
import type { Property, StateInvariant, StepInvariant } from './property.js';
import type { Cluster, Synod, Transition } from './synod.js';
import { saidIn } from './synod.js';
import type { Ballot, Value, Vote } from './words.js';
import { PLAIN_NAMES, showVote } from './words.js';
import type { Said } from './learner.js';

const said = (protocol: Synod, cluster: Cluster): Said => saidIn(protocol, cluster);
const below = (ballot: Ballot): Ballot[] => Array.from({ length: ballot - 1 }, (_, index) => index + 1);

/** NoneOtherChoosableAt(c, v) of Voting.tla: a quorum of phase 1 has voted for v in c, or can vote in c no more. Nobody else can be chosen there. */
export const noneOtherChoosableAt = ({ histories, quorums }: Said, ballot: Ballot, value: Value): boolean =>
  includesQuorum(
    quorums.phase1,
    setOf(histories.flatMap((history, acceptor) => (votedFor(history, ballot, value) || cannotVoteAt(history, ballot) ? [acceptor] : []))),
  );

/** SafeAt(b, v) of Voting.tla: no value but v has been or can be chosen below b. */
export const safeAt = (what: Said, { ballot, value }: Vote): boolean => below(ballot).every((lower) => noneOtherChoosableAt(what, lower, value));

const unsafeReason = (what: Said, vote: Vote): string => {
  const lower = below(vote.ballot).find((ballot) => !noneOtherChoosableAt(what, ballot, vote.value));
  return `${showVote(vote)} is not safe: another value was or can still be chosen in ballot ${lower ?? '?'}`;
};

const decidedValues = (protocol: Synod, cluster: Cluster): readonly Value[] => protocol.learner(said(protocol, cluster));

/** Two properties ask for the same: a cluster never changes, so the answer is kept with it. */
const allDecidedIn = new WeakMap<Cluster, { readonly protocol: Synod; readonly values: readonly Value[] }>();

function allDecided(protocol: Synod, cluster: Cluster): readonly Value[] {
  const known = allDecidedIn.get(cluster);
  if (known?.protocol === protocol) return known.values;
  const values = distinct([...chosenValues(said(protocol, cluster)), ...decidedValues(protocol, cluster)]);
  allDecidedIn.set(cluster, { protocol, values });
  return values;
}

const names = (values: readonly Value[]): string => values.map(PLAIN_NAMES.value).join(' and ');

const TypeOK: StateInvariant = {
  name: 'TypeOK',
  kind: 'state',
  formula: 'every message is of a ballot in 1..B and a value in 0..V-1',
  sentence: 'Nobody speaks of ballots or values that do not exist.',
  source: 'Paxos.tla, TypeOK',
  holds: (protocol, cluster) => typeErrors(protocol, cluster).length === 0,
  because: (protocol, cluster) => typeErrors(protocol, cluster).join('; '),
};

function typeErrors(protocol: Synod, cluster: Cluster): string[] {
  const inRange = ({ ballot, value }: Vote): boolean => ballot >= 1 && ballot <= protocol.ballots && value >= 0 && value < protocol.values;
  const votes = cluster.acceptors.flatMap(({ history }) => [
    ...history.votes,
    ...history.promises.flatMap((promise) => (promise.vote === null ? [] : [promise.vote])),
    ...history.promises.map((promise) => ({ ballot: promise.ballot, value: 0 })),
  ]);
  return [...votes, ...cluster.accepts].filter((vote) => !inRange(vote)).map((vote) => `${showVote(vote)} is out of range`);
}

const OneValuePerBallot: StateInvariant = {
  name: 'OneValuePerBallot',
  kind: 'state',
  formula: 'VotedFor(a, b, v) and VotedFor(c, b, w) => v = w',
  sentence: 'All votes of a ballot are for the same value.',
  source: 'Voting.tla, OneValuePerBallot; PMS 2.2 (a proposal is a number and a value)',
  holds: (protocol, cluster) => mixedBallots(said(protocol, cluster)).length === 0,
  because: (protocol, cluster) => mixedBallots(said(protocol, cluster)).map((ballot) => `ballot ${ballot} has votes for different values`).join('; '),
};

function mixedBallots(what: Said): Ballot[] {
  const ballots = votesCast(what).map((vote) => vote.ballot);
  return distinct(ballots.filter((ballot, index) => ballots.indexOf(ballot) !== index));
}

const VoteHasProposal: StateInvariant = {
  name: 'VoteHasProposal',
  kind: 'state',
  formula: '2b(a, b, v) in msgs => 2a(b, v) in msgs',
  sentence: 'Every vote is for a value that the leader of its ballot proposed.',
  source: 'Paxos.tla, MsgInv (2b)',
  holds: (protocol, cluster) => votesCast(said(protocol, cluster)).every((vote) => allows(voteHasProposal, { accepts: cluster.accepts, vote })),
  because: (protocol, cluster) =>
    votesCast(said(protocol, cluster))
      .filter((vote) => !allows(voteHasProposal, { accepts: cluster.accepts, vote }))
      .map((vote) => `nobody proposed ${showVote(vote)}`)
      .join('; '),
};

const SafeAt: StateInvariant = {
  name: 'SafeAt',
  kind: 'state',
  formula: '2a(b, v) in msgs => SafeAt(b, v)',
  sentence: 'What a leader proposes is safe: no other value was or can be chosen in a lower ballot.',
  source: 'Paxos.tla, MsgInv (2a); PMS 2.2, P2c',
  holds: (protocol, cluster) => cluster.accepts.every((proposal) => safeAt(said(protocol, cluster), proposal)),
  because: (protocol, cluster) => {
    const what = said(protocol, cluster);
    return cluster.accepts.filter((proposal) => !safeAt(what, proposal)).map((proposal) => unsafeReason(what, proposal)).join('; ');
  },
};

const VotesSafe: StateInvariant = {
  name: 'VotesSafe',
  kind: 'state',
  formula: 'VotedFor(a, b, v) => SafeAt(b, v)',
  sentence: 'Every vote is for a safe value.',
  source: 'Voting.tla, VotesSafe; PMS 2.2, P2b',
  holds: (protocol, cluster) => votesCast(said(protocol, cluster)).every((vote) => safeAt(said(protocol, cluster), vote)),
  because: (protocol, cluster) => {
    const what = said(protocol, cluster);
    return votesCast(what).filter((vote) => !safeAt(what, vote)).map((vote) => unsafeReason(what, vote)).join('; ');
  },
};

const DecidedIsChosen: StateInvariant = {
  name: 'DecidedIsChosen',
  kind: 'state',
  formula: 'decided is a subset of chosen',
  sentence: 'A learner believes a value to be decided only if a quorum voted for it in one ballot.',
  source: 'PMS 2.3',
  holds: (protocol, cluster) => decidedValues(protocol, cluster).every((value) => chosenValues(said(protocol, cluster)).includes(value)),
  because: (protocol, cluster) =>
    `a learner decided ${names(decidedValues(protocol, cluster))}; chosen: ${names(chosenValues(said(protocol, cluster))) || 'nothing'}`,
};

const Validity: StateInvariant = {
  name: 'Validity',
  kind: 'state',
  formula: 'v in chosen or decided => some 2a(b, v) in msgs',
  sentence: 'What is chosen or decided was proposed by somebody.',
  source: 'PMS 2.1',
  holds: (protocol, cluster) => allDecided(protocol, cluster).every((value) => cluster.accepts.some((proposal) => proposal.value === value)),
  because: (protocol, cluster) => `decided: ${names(allDecided(protocol, cluster))}; proposed: ${names(distinct(cluster.accepts.map((proposal) => proposal.value)))}`,
};

const Agreement: StateInvariant = {
  name: 'Agreement',
  kind: 'state',
  formula: 'v, w in chosen or decided => v = w',
  sentence: 'No two different values are ever chosen or decided.',
  source: 'Consensus.tla, Inv; PMS 2.1',
  holds: (protocol, cluster) => allDecided(protocol, cluster).length <= 1,
  because: (protocol, cluster) => {
    const chosen = chosenVotes(said(protocol, cluster)).map((vote) => showVote(vote));
    return `${names(allDecided(protocol, cluster))} are both decided (chosen: ${chosen.join(', ') || 'nothing'})`;
  },
};

const QuorumsIntersect: StateInvariant = {
  name: 'QuorumsIntersect',
  kind: 'state',
  formula: 'every quorum of phase 1 meets every quorum of phase 2',
  sentence: 'Whoever opens a ballot hears from somebody who took part in any choice made below it.',
  source: 'Voting.tla, QuorumAssumption; Flexible Paxos 2016',
  holds: ({ quorums }) => allows(quorumsIntersect, quorums),
  because: ({ quorums }) => numbers(quorumsIntersect, [quorums]),
};

/** The acceptor's history before the step and what it says in it. */
const speech = (before: Cluster, { action, replies }: Transition) =>
  'acceptor' in action ? replies.map((reply) => ({ history: before.acceptors[action.acceptor]!.history, reply })) : [];

const newVotes = (before: Cluster, transition: Transition) =>
  speech(before, transition).flatMap(({ history, reply }) => (reply.kind === 'accepted' ? [{ history, vote: { ballot: reply.ballot, value: reply.value } }] : []));

const newPromises = (before: Cluster, transition: Transition) =>
  speech(before, transition).flatMap(({ history, reply }) => (reply.kind === 'promise' ? [{ history, promise: reply }] : []));

const numbers = <C>(guard: Guard<C>, contexts: readonly C[]): string =>
  contexts.flatMap((context) => blockedBy(guard, context)).map(({ formula, numbers: here }) => `${here} (must hold: ${formula})`).join('; ');

const PromiseKept: StepInvariant = {
  name: 'PromiseKept',
  kind: 'step',
  formula: 'a casts a new vote in b => b >= every ballot that a promised',
  sentence: 'An acceptor does not vote below a promise that it gave.',
  source: 'PMS 2.2, P1a',
  holds: (before, transition) => newVotes(before, transition).every((context) => allows(promiseKept, context)),
  because: (before, transition) => numbers(promiseKept, newVotes(before, transition)),
};

const PromiseReportsHighestVote: StepInvariant = {
  name: 'PromiseReportsHighestVote',
  kind: 'step',
  formula: '1b(a, b, r) is sent => r is the highest vote that a cast below b, or a higher one that it cast',
  sentence: 'A promise reports the highest vote that its acceptor cast.',
  source: 'Paxos.tla, MsgInv (1b); PMS 2.2, phase 1(b)',
  holds: (before, transition) => newPromises(before, transition).every((context) => allows(promiseReportsHighestVote, context)),
  because: (before, transition) => numbers(promiseReportsHighestVote, newPromises(before, transition)),
};

const OneVotePerBallot: StepInvariant = {
  name: 'OneVotePerBallot',
  kind: 'step',
  formula: 'a votes for v in b => a voted for no other value in b',
  sentence: 'An acceptor votes for at most one value in a ballot.',
  source: 'Voting.tla, VoteFor',
  holds: (before, transition) => newVotes(before, transition).every((context) => allows(oneVotePerBallot, context)),
  because: (before, transition) => numbers(oneVotePerBallot, newVotes(before, transition)),
};

/** Every property, weakest first. Agreement and Validity are the promise of consensus; breaking one of them is unsafe. */
export const PROPERTIES: readonly Property[] = [
  TypeOK,
  QuorumsIntersect,
  PromiseKept,
  PromiseReportsHighestVote,
  OneVotePerBallot,
  OneValuePerBallot,
  VoteHasProposal,
  VotesSafe,
  SafeAt,
  DecidedIsChosen,
  Validity,
  Agreement,
  CanChoose,
  FreshBallotDecides,
];

/** Breaking one of these is `unsafe`; breaking any other is `deviates`, if the whole space keeps these. */
export const CONSENSUS = ['Validity', 'Agreement'] as const;

export const propertyNamed = (name: string): Property | undefined => PROPERTIES.find((property) => property.name === name);
