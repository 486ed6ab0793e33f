/**
 * From level to level: how a state of Synod looks as a state of Voting, a state of Voting as one of Consensus, and
 * whether a step below is a step above, changes nothing there, or is impossible there. A protocol all of whose steps
 * map is safe; the converse is false (a leader may skip phase 1 on the lowest ballot, and Voting has no such step).
 */
import type { Consensus, ConsensusAction } from './consensus.js';
import { mayChoose } from './consensus.js';
import type { Blocked } from './guard.js';
import { blockedBy } from './guard.js';
import { maxBal } from './history.js';
import type { Cluster, Synod } from './synod.js';
import type { Voting, VotingAction, VotingState } from './voting.js';
import { chosenByVotes, guardedVoting } from './voting.js';
import type { AcceptorIndex, Vote } from './words.js';
import { sameVote } from './words.js';

/** What a step of the lower level is on the upper one. `why` names what is false of the only action that it could be. */
export type Mapped<A> =
  | { readonly kind: 'stutters' }
  | { readonly kind: 'step'; readonly action: A }
  | { readonly kind: 'impossible'; readonly action: A | null; readonly why: readonly Blocked[] };

const impossible = <A>(action: A, ...why: readonly Blocked[]) => ({ kind: 'impossible', action, why }) as const;

/** Bounds and quorums are the same on both levels. */
export const votingOf = ({ ballots, values, quorums }: Synod): Voting => ({ ballots, values, quorums });

/** Paxos.tla, votes and maxBal: the votes of the accepted messages, and the highest ballot promised or voted in. */
export const asVoting = ({ acceptors }: Cluster): VotingState => ({
  votes: acceptors.map(({ history }) => history.votes),
  maxBal: acceptors.map(({ history }) => maxBal(history)),
});

/** Voting.tla, chosen. */
export const asConsensus = (voting: Voting, state: VotingState): Consensus => ({ chosen: chosenByVotes(voting, state) });

/** A step of Synod, seen from Voting. */
export const synodStep = (protocol: Synod, before: Cluster, after: Cluster): Mapped<VotingAction> =>
  votingStep(votingOf(protocol), asVoting(before), asVoting(after));

/** Whether the two states of Voting are before and after one of its actions. */
export function votingStep(voting: Voting, before: VotingState, after: VotingState): Mapped<VotingAction> {
  const changed = [...before.maxBal.keys()].filter((a) => column(before, a) !== column(after, a));
  if (changed.length === 0) return { kind: 'stutters' };
  if (changed.length > 1) return impossible(null, differs('one acceptor changes', changed.length, 1));
  const action = onlyAction(before, after, changed[0]!);
  if ('formula' in action) return impossible(null, action);
  const why = guardedVoting(voting, before, action, blockedBy);
  if (why.length > 0) return impossible(action, ...why);
  const [actual, expected] = [after.maxBal[action.acceptor]!, action.ballot];
  return actual === expected ? { kind: 'step', action } : impossible(action, differs("maxBal'[a] = b", actual, expected));
}

const column = ({ votes, maxBal: ballots }: VotingState, a: AcceptorIndex): string => JSON.stringify([ballots[a], votes[a]]);

/** The action that this change of one acceptor must be, or why there is none. */
function onlyAction(before: VotingState, after: VotingState, acceptor: AcceptorIndex): VotingAction | Blocked {
  const [lost, cast] = [without(before.votes[acceptor]!, after.votes[acceptor]!), without(after.votes[acceptor]!, before.votes[acceptor]!)];
  if (lost.length > 0) return differs('no vote is taken back', lost.length, 0);
  if (cast.length > 1) return differs('one vote at a time', cast.length, 1);
  const vote = cast[0];
  return vote === undefined ? { kind: 'increaseMaxBal', acceptor, ballot: after.maxBal[acceptor]! } : { kind: 'voteFor', acceptor, ...vote };
}

const without = (votes: readonly Vote[], known: readonly Vote[]): Vote[] => votes.filter((vote) => !known.some((other) => sameVote(other, vote)));

const differs = (formula: string, actual: number, expected: number): Blocked => ({ conjunct: 'effect', formula, numbers: `${actual} = ${expected}` });

/** A step of Voting, seen from Consensus. */
export function consensusStep(voting: Voting, before: VotingState, after: VotingState): Mapped<ConsensusAction> {
  const [old, now] = [asConsensus(voting, before), asConsensus(voting, after)];
  const fresh = now.chosen.filter((value) => !old.chosen.includes(value));
  if (now.chosen.length < old.chosen.length + fresh.length) return impossible(null, differs('what is chosen stays chosen', now.chosen.length, old.chosen.length));
  if (fresh.length === 0) return { kind: 'stutters' };
  if (fresh.length > 1) return impossible(null, differs('one value is chosen', fresh.length, 1));
  const action: ConsensusAction = { kind: 'choose', value: fresh[0]! };
  const why = blockedBy(mayChoose, { state: old, value: action.value });
  return why.length === 0 ? { kind: 'step', action } : impossible(action, ...why);
}
