/**
 * The rules of an acceptor that matter to others, as guards over what it has said. Keeping those of safety
 * is enough for agreement, whatever variables an implementation has; those called monotone are what the reference does
 * beyond that.
 * The explorer, the trace checker and the driven suites all judge by these.
 */
import type { Guard } from './guard.js';
import type { History } from './history.js';
import { hasVote, highestPromise, highestVote, highestVoteBelow } from './history.js';
import type { Names, PromiseMessage, Vote } from './words.js';
import { NO_BALLOT, sameVote, showVote } from './words.js';

/** A vote about to be added to what the acceptor has said. */
export interface VoteContext {
  readonly history: History;
  readonly vote: Vote;
}

/** A promise about to be added to what the acceptor has said. */
export interface PromiseContext {
  readonly history: History;
  readonly promise: PromiseMessage;
}

/** R1. A vote cast before may be announced again at any time; a new one must not be below a promise. */
export const promiseKept: Guard<VoteContext> = {
  'promise-kept': {
    formula: 'b >= every ballot promised, or the vote was cast before',
    holds: ({ history, vote }) => vote.ballot >= highestPromise(history) || hasVote(history, vote),
    numbers: ({ history, vote }, names) => `${names.ballot(vote.ballot)} >= ${names.ballot(highestPromise(history))}`,
  },
};

/** A vote that comes to light and may have been cast at any time before. */
export interface HiddenVoteContext extends VoteContext {
  /** When accept(b, v) was sent, the acceptor had promised a ballot above b. */
  readonly cameLate: boolean;
}

/** A vote that comes to light later than it was cast: no promise given before it came to light may rule it out. */
export const hiddenVoteWasPossible: Guard<HiddenVoteContext> = {
  'promise-kept': {
    formula: 'every promise above b given before reports a vote not below b, or the vote is known',
    holds: ({ history, vote }) =>
      hasVote(history, vote) || history.promises.every((promise) => promise.ballot <= vote.ballot || (promise.vote?.ballot ?? NO_BALLOT) >= vote.ballot),
    numbers: ({ history, vote }, names) =>
      `${showVote(vote, names)} comes to light after a promise of ballot ${names.ballot(highestPromise(history))} that does not report it`,
  },
  'proposed-in-time': {
    formula: 'accept(b, v) was sent before every promise above b, or the vote is known',
    holds: ({ history, vote, cameLate }) => !cameLate || hasVote(history, vote),
    numbers: ({ vote }, names) => `accept(${names.ballot(vote.ballot)}, ${names.value(vote.value)}) was sent after a promise above ballot ${names.ballot(vote.ballot)}`,
  },
};

/** R2. What a promise reports was cast, and nothing higher was cast below the ballot promised. */
export const promiseReportsHighestVote: Guard<PromiseContext> = {
  'reported-vote-was-cast': {
    formula: 'the vote reported was cast by this acceptor',
    holds: ({ history, promise }) => promise.vote === null || hasVote(history, promise.vote),
    numbers: ({ history, promise }, names) => `${showVote(promise.vote, names)} is reported; cast: ${showVotes(history, names)}`,
  },
  'no-higher-vote-was-cast': {
    formula: 'no vote between the one reported and b was cast',
    holds: ({ history, promise }) => (promise.vote?.ballot ?? NO_BALLOT) >= (highestVoteBelow(history, promise.ballot)?.ballot ?? NO_BALLOT),
    numbers: ({ history, promise }, names) =>
      `${showVote(promise.vote, names)} is reported; the highest below ballot ${names.ballot(promise.ballot)}: ${showVote(highestVoteBelow(history, promise.ballot), names)}`,
  },
};

const showVotes = ({ votes }: History, names: Names): string => (votes.length === 0 ? 'none' : votes.map((vote) => showVote(vote, names)).join(', '));

/** An acceptor votes for what the leader of the ballot proposed. */
export const voteHasProposal: Guard<{ readonly accepts: readonly Vote[]; readonly vote: Vote }> = {
  'vote-has-proposal': {
    formula: 'accept(b, v) was sent',
    holds: ({ accepts, vote }) => accepts.some((proposal) => sameVote(proposal, vote)),
    numbers: ({ accepts, vote }, names) =>
      `${showVote(vote, names)} is not among the proposals: ${accepts.map((proposal) => showVote(proposal, names)).join(', ') || 'none'}`,
  },
};

/** An acceptor votes for at most one value in a ballot. */
export const oneVotePerBallot: Guard<VoteContext> = {
  'one-vote-per-ballot': {
    formula: 'for every vote cast in b for w: w = v',
    holds: ({ history, vote }) => history.votes.every((cast) => cast.ballot !== vote.ballot || cast.value === vote.value),
    numbers: ({ history, vote }, names) =>
      `in ballot ${names.ballot(vote.ballot)}: ${history.votes.filter((cast) => cast.ballot === vote.ballot).map((cast) => names.value(cast.value)).join(', ')} = ${names.value(vote.value)}`,
  },
};

/** The reference never promises a ballot below one that it promised; to do so truthfully is harmless. */
export const promiseMonotone: Guard<PromiseContext> = {
  'promise-monotone': {
    formula: 'b >= every ballot promised',
    holds: ({ history, promise }) => promise.ballot >= highestPromise(history),
    numbers: ({ history, promise }, names) => `${names.ballot(promise.ballot)} >= ${names.ballot(highestPromise(history))}`,
  },
};

/** The reference never votes below a vote that it cast; to do so is harmless as long as the highest vote is kept. */
export const voteMonotone: Guard<VoteContext> = {
  'vote-monotone': {
    formula: 'b >= the ballot of every vote cast, or the vote was cast before',
    holds: ({ history, vote }) => vote.ballot >= (highestVote(history)?.ballot ?? NO_BALLOT) || hasVote(history, vote),
    numbers: ({ history, vote }, names) => `${names.ballot(vote.ballot)} >= ${names.ballot(highestVote(history)?.ballot ?? NO_BALLOT)}`,
  },
};

export interface RestartContext {
  readonly history: History;
  readonly promised: number | undefined;
  readonly vote: Vote | null | undefined;
  /** False if the vote cannot have been cast before the crash. */
  readonly isPossible?: boolean;
}

/**
 * What comes back after a restart covers everything released before it: otherwise a promise will be broken or a vote
 * left out of a report. Undefined means that the log does not say.
 */
export const restartRemembers: Guard<RestartContext> = {
  'promise-came-back': {
    formula: 'promised after the restart >= every ballot promised',
    holds: ({ history, promised }) => promised === undefined || promised >= highestPromise(history),
    numbers: ({ history, promised }, names) => `${promised === undefined ? 'unknown' : names.ballot(promised)} >= ${names.ballot(highestPromise(history))}`,
  },
  'vote-came-back': {
    formula: 'the vote after the restart is the highest vote cast, or one that was stored and not announced before',
    holds: ({ history, vote }) => vote === undefined || (vote?.ballot ?? NO_BALLOT) > (highestVote(history)?.ballot ?? NO_BALLOT) || sameVote(vote, highestVote(history)),
    numbers: ({ history, vote }, names) => `${vote === undefined ? 'unknown' : showVote(vote, names)} = ${showVote(highestVote(history), names)}`,
  },
  'vote-was-stored': {
    formula: 'the vote after the restart was cast before the crash',
    holds: ({ isPossible = true }) => isPossible,
    numbers: ({ vote }, names) => `${showVote(vote ?? null, names)} was not proposed by then`,
  },
};
