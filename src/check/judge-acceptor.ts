/** What acceptors say: promises, votes, refusals, and what they know after a restart. */
import type { AcceptorState } from '../../model/acceptor.js';
import { mayPromise, mayVote } from '../../model/acceptor.js';
import { promiseHasPrepare } from '../../model/cluster-rules.js';
import type { Guard } from '../../model/guard.js';
import { blockedBy } from '../../model/guard.js';
import { trimmedIsChosen } from '../../model/log-rules.js';
import { didNotVoteAt, hasVote, highestPromise, highestVote, highestVoteBelow } from '../../model/history.js';
import { hiddenVoteWasPossible, oneVotePerBallot, promiseKept, promiseMonotone, promiseReportsHighestVote, restartRemembers, voteHasProposal, voteMonotone } from '../../model/rules.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import { sameVote, showVote } from '../../model/words.js';
import type { AcceptedEvent, BallotToken, NackEvent, PromiseEvent, ReportedVote, RestartEvent } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptLines, isComplete, proposedIn, require, voteLine } from './bench.js';
import { afterVote } from './judge-decision.js';
import { promiseSeen, voteSeen } from './judge-foundation.js';
import { hiddenContext, mayBeOlder } from './judge-hidden.js';
import { proposal } from './judge-leader.js';
import { highestOf, isNone, votesIn } from './terms.js';

/** The promise says nothing of this decision, for its acceptor has trimmed it. */
function onTrimmed(bench: Bench, event: PromiseEvent, line: number): void {
  const { compiled, state } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const ballot = compiled.rankOf(event.ballot);
  if (!isComplete(bench, 'accepted')) return;
  const highest = highestVote(state.acceptors[acceptor]!.history);
  const context = { voted: highest !== null, chosen: state.chosen };
  require(bench, 'promise-covers-slots', trimmedIsChosen, context, highest !== null, line, () => ({
    at: event.at, got: `promise of ballot ${compiled.names.ballot(ballot)} with a floor above this slot`, expected: `a report of ${showVote(highest, compiled.names)}`, because: [voteLine(bench, acceptor, highest)],
  }));
  // Whoever goes by it takes it that there was no vote.
  if (highest !== null && state.chosen.length === 0) state.hear(acceptor, { kind: 'promise', ballot, vote: null }, line);
}

export function onPromise(bench: Bench, event: PromiseEvent, line: number): void {
  if (event.floor !== undefined) {
    onTrimmed(bench, event, line);
    return;
  }
  const { compiled, state } = bench;
  const { names } = compiled;
  const { at } = event;
  const acceptor = compiled.acceptors.indexOf(at);
  const votes = votesIn(compiled, event.votes);
  const promise: PromiseMessage = { kind: 'promise', ballot: compiled.rankOf(event.ballot), vote: highestOf(votes) };
  const where: Where = { line, at, got: () => `promise of ballot ${names.ballot(promise.ballot)} that reports ${showVote(promise.vote, names)}` };
  if (isComplete(bench, 'prepare')) {
    require(bench, 'promise-has-prepare', promiseHasPrepare, { ballot: promise.ballot, prepares: state.prepares }, true, line, () => ({ at, got: where.got(), expected: 'a prepare of this ballot before it' }));
  }
  reportedVotes(bench, acceptor, votes, promise, where);
  const { history } = state.acceptors[acceptor]!;
  const highest = highestVoteBelow(history, promise.ballot) ?? highestVote(history);
  require(bench, 'promise-reports-highest-vote', promiseReportsHighestVote, { history, promise }, highest !== null || promise.vote !== null, line, () => ({
    at, got: where.got(), expected: `a report of ${showVote(highest, names)}`, because: [voteLine(bench, acceptor, highest), voteLine(bench, acceptor, promise.vote)],
  }));
  require(bench, 'promise-monotone', promiseMonotone, { history, promise }, history.promises.length > 0, line, () => ({
    at, got: where.got(), expected: `a ballot not below ${names.ballot(highestPromise(history))}`, because: [highestPromiseLine(bench, acceptor)],
  }));
  state.hear(acceptor, promise, line);
}

const highestPromiseLine = ({ state }: Bench, acceptor: number): number | undefined => state.lineOf('promise', acceptor, highestPromise(state.acceptors[acceptor]!.history));

/** Every vote that a promise reports must have been cast; where votes may be missing from the log, this is where they come to light. */
function reportedVotes(bench: Bench, acceptor: number, votes: readonly Vote[], promise: PromiseMessage, where: Where): void {
  for (const vote of votes) {
    if (mayBeOlder(bench, acceptor, vote)) revealVote(bench, acceptor, vote, where);
    else if (!sameVote(vote, promise.vote)) {
      const wasCast = { 'reported-vote-was-cast': promiseReportsHighestVote['reported-vote-was-cast']! };
      const context = { history: bench.state.acceptors[acceptor]!.history, promise: { ...promise, vote } };
      require(bench, 'promise-reports-highest-vote', wasCast, context, true, where.line, () => ({ at: where.at, got: where.got(), expected: 'only votes that were cast' }));
    }
  }
}

/** A vote that was not logged when it was cast: the same rules as for one that was, as far as its late appearance allows. */
function revealVote(bench: Bench, acceptor: number, vote: Vote, where: Where): void {
  const { state, compiled } = bench;
  const { history } = state.acceptors[acceptor]!;
  if (hasVote(history, vote)) return;
  const shown: Where = { ...where, got: () => `${where.got()}, so that ${showVote(vote, compiled.names)} was cast` };
  require(bench, 'promise-kept', hiddenVoteWasPossible, hiddenContext(bench, acceptor, vote), history.promises.length > 0, where.line, () => ({
    at: where.at, got: shown.got(), expected: 'a vote that the promises before allow', because: [highestPromiseLine(bench, acceptor)],
  }));
  castVote(bench, acceptor, vote, shown);
  hearVote(bench, acceptor, vote, false, shown);
}

export function onAccepted(bench: Bench, event: AcceptedEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const { at } = event;
  const acceptor = compiled.acceptors.indexOf(at);
  const { history } = state.acceptors[acceptor]!;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  const where: Where = { line, at, got: () => `a vote for ${showVote(vote, names)}` };
  const isNew = !mayBeOlder(bench, acceptor, vote);
  require(bench, 'promise-kept', isNew ? promiseKept : hiddenVoteWasPossible, hiddenContext(bench, acceptor, vote), history.promises.length > 0, line, () => ({
    at, got: where.got(), expected: `no new vote below ballot ${names.ballot(highestPromise(history))}`, because: [highestPromiseLine(bench, acceptor)],
  }));
  castVote(bench, acceptor, vote, where);
  if (isNew) require(bench, 'vote-monotone', voteMonotone, { history, vote }, history.votes.length > 0, line, () => {
    const highest = highestVote(history);
    return { at, got: where.got(), expected: `a ballot not below ${names.ballot(highest?.ballot ?? 0)}`, because: [voteLine(bench, acceptor, highest)] };
  });
  hearVote(bench, acceptor, vote, isNew, where);
}

function hearVote(bench: Bench, acceptor: number, vote: Vote, isNew: boolean, where: Where): void {
  const { chosen, acceptors } = bench.state;
  const isKnown = hasVote(acceptors[acceptor]!.history, vote);
  bench.state.hear(acceptor, { kind: 'accepted', ...vote }, where.line);
  if (!isKnown) voteSeen(bench, acceptor, vote, isNew, where);
  afterVote(bench, chosen, where);
}

/** What holds of a vote whenever it was cast: one value in a ballot, and one that its leader proposed. */
function castVote(bench: Bench, acceptor: number, vote: Vote, where: Where): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const { at, line, got } = where;
  const { history } = state.acceptors[acceptor]!;
  require(bench, 'one-vote-per-ballot', oneVotePerBallot, { history, vote }, !didNotVoteAt(history, vote.ballot), line, () => ({
    at, got: got(), expected: 'no other value than before in this ballot', because: [voteLine(bench, acceptor, vote)],
  }));
  if (isComplete(bench, 'accept')) {
    require(bench, 'vote-has-proposal', voteHasProposal, { accepts: state.accepts, vote }, true, line, () => ({
      at, got: got(), expected: 'an accept of this ballot and value before it', because: acceptLines(bench, vote.ballot),
    }));
  } else if (!proposedIn(bench, vote.ballot).includes(vote.value)) {
    proposal(bench, vote, { ...where, got: () => `${got()}, so that accept(${names.ballot(vote.ballot)}, ${names.value(vote.value)}) was sent` });
  }
}

export function onNack(bench: Bench, event: NackEvent, line: number): void {
  const { compiled, state } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const ballot = compiled.rankOf(event.ballot);
  const guard: Guard<{ state: AcceptorState; ballot: number; value: number }> = event.of === 'prepare' ? mayPromise : mayVote;
  const mustRefuse = blockedBy(guard, { state: state.acceptors[acceptor]!.state, ballot, value: 0 }).length > 0;
  const needless = { 'needless-refusal': { formula: 'the reference would refuse, too', holds: () => mustRefuse, numbers: () => `nothing promised forbids ballot ${compiled.names.ballot(ballot)}` } };
  require(bench, 'needless-refusal', needless, undefined, true, line, () => ({
    at: event.at, got: `a refusal of ${event.of}(${compiled.names.ballot(ballot)})`, expected: `a ${event.of === 'prepare' ? 'promise' : 'vote'}, or silence`,
  }));
}

/** It may have recorded a vote, and not announced it. */
export function onCrash(bench: Bench, at: string): void {
  const acceptor = bench.compiled.acceptors.indexOf(at);
  if (acceptor >= 0 && isComplete(bench, 'accepted')) bench.state.crash(acceptor, isComplete(bench, 'accept') && bench.compiled.isInOrder);
}

export function onRestart(bench: Bench, event: RestartEvent, line: number): void {
  const nothingDurable = bench.compiled.header.durable === 'none';
  const back = nothingDurable ? { promised: event.promised ?? ([] as []), votes: event.votes ?? [] } : event;
  const { state, compiled } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  // The crash before may not have been logged, nor the restart after the one that was.
  if (state.acceptors[acceptor]?.isDown !== true || !isComplete(bench, 'restart')) onCrash(bench, event.at);
  const after = remembers(bench, event.at, back, line, 'back with', (vote) => mayBeOlder(bench, acceptor, vote));
  if (acceptor >= 0) state.comeBack(acceptor, back.votes && highestOf(votesIn(compiled, back.votes)));
  if (after !== undefined) bench.state.acceptors[after.acceptor]!.state = after.state;
}

/** A node says what it knows, after a restart or at any time: it must cover what it said before. */
export function remembers(bench: Bench, at: string, claim: { readonly promised?: BallotToken | []; readonly votes?: readonly ReportedVote[] }, line: number, verb: string, isPossible: (vote: Vote) => boolean = () => true): { acceptor: number; state: AcceptorState } | undefined {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(at);
  if (acceptor < 0 || (claim.promised === undefined && claim.votes === undefined)) return undefined;
  const record = state.acceptors[acceptor]!;
  const promised = claim.promised === undefined ? undefined : isNone(claim.promised) ? 0 : compiled.rankOf(claim.promised);
  const votes = claim.votes && votesIn(compiled, claim.votes);
  const vote = votes && highestOf(votes);
  const got = (): string => `${verb} promise ${promised === undefined ? 'not logged' : names.ballot(promised)} and ${vote === undefined ? 'votes not logged' : showVote(vote, names)}`;
  const wasPossible = vote == null || hasVote(record.history, vote) || isPossible(vote);
  // A vote may have been stored and not announced before the crash; what is there was cast.
  for (const each of votes ?? []) if (!isComplete(bench, 'accepted') || each.ballot > (highestVote(record.history)?.ballot ?? 0)) revealVote(bench, acceptor, each, { line, at, got });
  const { history } = record;
  require(bench, 'restart-remembers', restartRemembers, { history, promised, vote, isPossible: wasPossible }, history.promises.length + history.votes.length > 0, line, () => ({
    at, got: got(),
    expected: `promise ${names.ballot(highestPromise(history))} and ${showVote(highestVote(history), names)}`,
    because: [highestPromiseLine(bench, acceptor), voteLine(bench, acceptor, highestVote(history))],
  }));
  if (promised !== undefined) promiseSeen(bench, acceptor, promised, { line, at, got });
  return { acceptor, state: { promised: promised ?? record.state.promised, vote: vote === undefined ? record.state.vote : vote } };
}
