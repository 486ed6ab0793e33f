/** What acceptors say: promises, votes, refusals, and what they know after a restart. */
import type { AcceptorState } from '../../model/acceptor.js';
import { mayPromise, mayVote } from '../../model/acceptor.js';
import { promiseHasPrepare } from '../../model/cluster-rules.js';
import type { Guard } from '../../model/guard.js';
import { blockedBy } from '../../model/guard.js';
import { didNotVoteAt, hasVote, highestPromise, highestVote, highestVoteBelow } from '../../model/history.js';
import { hiddenVoteWasPossible, oneVotePerBallot, promiseKept, promiseMonotone, promiseReportsHighestVote, restartRemembers, voteHasProposal, voteMonotone } from '../../model/rules.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import { sameVote, showVote } from '../../model/words.js';
import type { AcceptedEvent, BallotToken, NackEvent, PromiseEvent, ReportedVote, RestartEvent } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptKeys, isComplete, proposedIn, require, voteKeys } from './bench.js';
import { isNone } from './compile.js';
import { agree } from './judge-decision.js';
import { proposal } from './judge-leader.js';

export function onPromise(bench: Bench, event: PromiseEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const promise: PromiseMessage = { kind: 'promise', ballot: compiled.rankOf(event.ballot), vote: compiled.highestOf(event.votes) };
  const where = { line, at: event.at, got: `promise of ballot ${names.ballot(promise.ballot)} that reports ${showVote(promise.vote, names)}` };
  if (isComplete(bench, 'prepare')) {
    require(bench, 'promise-has-prepare', promiseHasPrepare, { ballot: promise.ballot, prepares: state.prepares }, { ...where, expected: 'a prepare of this ballot before it' });
  }
  reportedVotes(bench, acceptor, compiled.votesOf(event.votes), promise, where);
  const { history } = state.acceptors[acceptor]!;
  const highest = highestVoteBelow(history, promise.ballot) ?? highestVote(history);
  require(bench, 'promise-reports-highest-vote', promiseReportsHighestVote, { history, promise }, {
    ...where, expected: `a report of ${showVote(highest, names)}`, because: [...voteKeys(acceptor, highest), ...voteKeys(acceptor, promise.vote)], tempted: highest !== null || promise.vote !== null,
  });
  require(bench, 'promise-monotone', promiseMonotone, { history, promise }, {
    ...where, expected: `a ballot not below ${names.ballot(highestPromise(history))}`, because: [`promise ${acceptor} ${highestPromise(history)}`], tempted: history.promises.length > 0,
  });
  state.hear(acceptor, promise, line);
}

/** Every vote that a promise reports must have been cast; where votes may be missing from the log, this is where they come to light. */
function reportedVotes(bench: Bench, acceptor: number, votes: readonly Vote[], promise: PromiseMessage, where: Where): void {
  for (const vote of votes) {
    if (!isComplete(bench, 'accepted')) revealVote(bench, acceptor, vote, where);
    else if (!sameVote(vote, promise.vote)) {
      const wasCast = { 'reported-vote-was-cast': promiseReportsHighestVote['reported-vote-was-cast']! };
      require(bench, 'promise-reports-highest-vote', wasCast, { history: bench.state.acceptors[acceptor]!.history, promise: { ...promise, vote } }, { ...where, expected: 'only votes that were cast' });
    }
  }
}

/** A vote that was not logged when it was cast: the same rules as for one that was, as far as its late appearance allows. */
function revealVote(bench: Bench, acceptor: number, vote: Vote, where: Where): void {
  const { state, compiled } = bench;
  const { history } = state.acceptors[acceptor]!;
  if (hasVote(history, vote)) return;
  const shown = { ...where, got: `${where.got}, so that ${showVote(vote, compiled.names)} was cast` };
  require(bench, 'promise-kept', hiddenVoteWasPossible, { history, vote }, { ...shown, expected: 'a vote that the promises before allow', because: [`promise ${acceptor} ${highestPromise(history)}`], tempted: history.promises.length > 0 });
  castVote(bench, acceptor, vote, shown);
  state.hear(acceptor, { kind: 'accepted', ...vote }, where.line);
  agree(bench, shown);
}

export function onAccepted(bench: Bench, event: AcceptedEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const { history } = state.acceptors[acceptor]!;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  const where = { line, at: event.at, got: `a vote for ${showVote(vote, names)}` };
  require(bench, 'promise-kept', promiseKept, { history, vote }, { ...where, expected: `no new vote below ballot ${names.ballot(highestPromise(history))}`, because: [`promise ${acceptor} ${highestPromise(history)}`], tempted: history.promises.length > 0 });
  castVote(bench, acceptor, vote, where);
  require(bench, 'vote-monotone', voteMonotone, { history, vote }, { ...where, expected: `a ballot not below ${names.ballot(highestVote(history)?.ballot ?? 0)}`, because: voteKeys(acceptor, highestVote(history)), tempted: history.votes.length > 0 });
  state.hear(acceptor, { kind: 'accepted', ...vote }, line);
  agree(bench, where);
}

/** What holds of a vote whenever it was cast: one value in a ballot, and one that its leader proposed. */
function castVote(bench: Bench, acceptor: number, vote: Vote, where: Where): void {
  const { compiled, state } = bench;
  const { history } = state.acceptors[acceptor]!;
  require(bench, 'one-vote-per-ballot', oneVotePerBallot, { history, vote }, { ...where, expected: 'no other value than before in this ballot', because: voteKeys(acceptor, vote), tempted: !didNotVoteAt(history, vote.ballot) });
  if (isComplete(bench, 'accept')) {
    require(bench, 'vote-has-proposal', voteHasProposal, { accepts: state.accepts, vote }, { ...where, expected: 'an accept of this ballot and value before it', because: acceptKeys(bench, vote.ballot) });
  } else if (!proposedIn(bench, vote.ballot).includes(vote.value)) {
    proposal(bench, vote, { ...where, got: `${where.got}, so that accept(${compiled.names.ballot(vote.ballot)}, ${compiled.names.value(vote.value)}) was sent` });
  }
}

export function onNack(bench: Bench, event: NackEvent, line: number): void {
  const { compiled, state } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const ballot = compiled.rankOf(event.ballot);
  const guard: Guard<{ state: AcceptorState; ballot: number; value: number }> = event.of === 'prepare' ? mayPromise : mayVote;
  const mustRefuse = blockedBy(guard, { state: state.acceptors[acceptor]!.state, ballot, value: 0 }).length > 0;
  const needless = { 'needless-refusal': { formula: 'the reference would refuse, too', holds: () => mustRefuse, numbers: () => `nothing promised forbids ballot ${compiled.names.ballot(ballot)}` } };
  require(bench, 'needless-refusal', needless, undefined, { line, at: event.at, got: `a refusal of ${event.of}(${compiled.names.ballot(ballot)})`, expected: `a ${event.of === 'prepare' ? 'promise' : 'vote'}, or silence` });
}

export function onRestart(bench: Bench, event: RestartEvent, line: number): void {
  const { state } = bench;
  state.downSince.delete(event.at);
  state.restarts.set(event.at, (state.restarts.get(event.at) ?? 0) + 1);
  const nothingDurable = bench.compiled.trace.header.durable === 'none';
  const back = nothingDurable ? { promised: event.promised ?? ([] as []), votes: event.votes ?? [] } : event;
  const after = remembers(bench, event.at, back, line, 'back with');
  if (after !== undefined) state.acceptors[after.acceptor]!.state = after.state;
}

/** A node says what it knows, after a restart or at any time: it must cover what it said before. */
export function remembers(bench: Bench, at: string, claim: { readonly promised?: BallotToken | []; readonly votes?: readonly ReportedVote[] }, line: number, verb: string): { acceptor: number; state: AcceptorState } | undefined {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(at);
  if (acceptor < 0 || (claim.promised === undefined && claim.votes === undefined)) return undefined;
  const record = state.acceptors[acceptor]!;
  const promised = claim.promised === undefined ? undefined : isNone(claim.promised) ? 0 : compiled.rankOf(claim.promised);
  const votes = claim.votes && compiled.votesOf(claim.votes);
  const vote = claim.votes && compiled.highestOf(claim.votes);
  const got = `${verb} promise ${promised === undefined ? 'not logged' : names.ballot(promised)} and ${vote === undefined ? 'votes not logged' : showVote(vote, names)}`;
  // A vote may have been stored and not announced before the crash; what is there was cast.
  for (const each of votes ?? []) if (!isComplete(bench, 'accepted') || each.ballot > (highestVote(record.history)?.ballot ?? 0)) revealVote(bench, acceptor, each, { line, at, got });
  const { history } = record;
  require(bench, 'restart-remembers', restartRemembers, { history, promised, vote }, {
    line, at, got,
    expected: `promise ${names.ballot(highestPromise(history))} and ${showVote(highestVote(history), names)}`,
    because: [`promise ${acceptor} ${highestPromise(history)}`, ...voteKeys(acceptor, highestVote(history))],
    tempted: history.promises.length + history.votes.length > 0,
  });
  return { acceptor, state: { promised: promised ?? record.state.promised, vote: vote === undefined ? record.state.vote : vote } };
}
