/**
 * What one acceptor has said so far: the promises it gave and the votes it cast, as sets. Messages are never unsent,
 * so a history only grows. The rules of an acceptor speak about its history and not about its variables: that is
 * what lets them judge an implementation whose variables nobody sees.
 */
import type { Ballot, PromiseMessage, Reply, Value, Vote } from './words.js';
import { NO_BALLOT, sameVote } from './words.js';

export interface History {
  readonly promises: readonly PromiseMessage[];
  readonly votes: readonly Vote[];
  /** Ballots refused: only recorded for leaders that (wrongly) listen to refusals. */
  readonly nacks: readonly Ballot[];
}

export const EMPTY_HISTORY: History = { promises: [], votes: [], nacks: [] };

export const hasVote = (history: History, vote: Vote): boolean => history.votes.some((cast) => sameVote(cast, vote));

const hasPromise = (history: History, promise: PromiseMessage): boolean =>
  history.promises.some((given) => given.ballot === promise.ballot && sameVote(given.vote, promise.vote));

/** The history after this reply; the same object if it had been said before. Sets are kept sorted, so equal sets are equal JSON. */
export function say(history: History, reply: Reply): History {
  switch (reply.kind) {
    case 'promise':
      return hasPromise(history, reply) ? history : { ...history, promises: including(history.promises, reply, byPromise) };
    case 'accepted': {
      const vote = { ballot: reply.ballot, value: reply.value };
      return hasVote(history, vote) ? history : { ...history, votes: including(history.votes, vote, byVote) };
    }
    case 'nack':
      return history.nacks.includes(reply.ballot) ? history : { ...history, nacks: including(history.nacks, reply.ballot, byNumber) };
  }
}

/** The sorted list with one more item, which most often is the last. */
function including<T>(list: readonly T[], item: T, order: (one: T, other: T) => number): readonly T[] {
  const last = list.at(-1);
  return last === undefined || order(last, item) <= 0 ? [...list, item] : [...list, item].sort(order);
}

/** How many different messages were said. */
export const messagesIn = ({ promises, votes, nacks }: History): number => promises.length + votes.length + nacks.length;

/** The same history with its sets in order again, after its values were renamed. */
export const inOrder = (history: History): History => ({ ...history, promises: [...history.promises].sort(byPromise), votes: [...history.votes].sort(byVote) });

const byNumber = (one: number, other: number): number => one - other;
const byVote = (one: Vote, other: Vote): number => one.ballot - other.ballot || one.value - other.value;
const byPromise = (one: PromiseMessage, other: PromiseMessage): number =>
  one.ballot - other.ballot ||
  (one.vote?.ballot ?? NO_BALLOT) - (other.vote?.ballot ?? NO_BALLOT) ||
  (one.vote?.value ?? -1) - (other.vote?.value ?? -1);

/** The highest ballot promised, 0 if none. */
export const highestPromise = (history: History): Ballot =>
  history.promises.reduce((highest, promise) => Math.max(highest, promise.ballot), NO_BALLOT);

/** The highest vote cast, null if none. */
export const highestVote = (history: History): Vote | null =>
  history.votes.reduce<Vote | null>((highest, vote) => (highest === null || vote.ballot > highest.ballot ? vote : highest), null);

/** The highest vote cast below this ballot, null if none. */
export const highestVoteBelow = (history: History, ballot: Ballot): Vote | null =>
  highestVote({ ...history, votes: history.votes.filter((vote) => vote.ballot < ballot) });

/** maxBal[a] of Paxos.tla: the highest ballot in which the acceptor took part at all. */
export const maxBal = (history: History): Ballot => Math.max(highestPromise(history), highestVote(history)?.ballot ?? NO_BALLOT);

/** VotedFor(a, b, v) of Voting.tla. */
export const votedFor = (history: History, ballot: Ballot, value: Value): boolean => hasVote(history, { ballot, value });

/** DidNotVoteAt(a, b) of Voting.tla. */
export const didNotVoteAt = (history: History, ballot: Ballot): boolean => history.votes.every((vote) => vote.ballot !== ballot);

/** CannotVoteAt(a, b) of Voting.tla: the acceptor has gone past the ballot without a vote in it. */
export const cannotVoteAt = (history: History, ballot: Ballot): boolean => maxBal(history) > ballot && didNotVoteAt(history, ballot);
