/** What leaders do, and what votes prove that they did. */
import { ballotOwned } from '../../model/cluster-rules.js';
import { allows } from '../../model/guard.js';
import { highestVoteBelow } from '../../model/history.js';
import type { ProposalContext } from '../../model/leader.js';
import { lenientLeader } from '../../model/leader.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import type { AcceptEvent, PrepareEvent } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptKeys, isComplete, proposedIn, require } from './bench.js';

export function onPrepare(bench: Bench, event: PrepareEvent, line: number): void {
  const ballot = bench.compiled.rankOf(event.ballot);
  ownership(bench, event, ballot, line, `prepare(${bench.compiled.names.ballot(ballot)})`);
  bench.state.open(ballot);
}

/** A leader that restarts is another leader: it may not know what it did in its ballots. */
function ownership(bench: Bench, { at, ballot: token }: PrepareEvent | AcceptEvent, ballot: number, line: number, got: string): void {
  const { state, compiled } = bench;
  const restarts = state.restarts.get(at) ?? 0;
  const node = restarts === 0 ? at : `${at} after restart ${restarts}`;
  const declared = compiled.trace.header.ballots.kind === 'pair' && Array.isArray(token) ? token[1] : undefined;
  const owner = state.owners.get(ballot) ?? declared;
  require(bench, 'ballot-owned', ballotOwned, { ballot, node, owner }, { line, at, got: `${got} from ${node}`, expected: `messages of this ballot only from ${owner ?? node}`, because: [`owner ${ballot}`], tempted: owner !== undefined });
  state.own(ballot, node, line);
}

/** The lowest ballot of the trace may do without phase 1: nothing can have been chosen below it. */
const needsPhase1 = (ballot: number): boolean => ballot > 1;

export function onAccept(bench: Bench, event: AcceptEvent, line: number): void {
  const { compiled } = bench;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  const got = `accept(${compiled.names.ballot(vote.ballot)}, ${compiled.names.value(vote.value)})`;
  ownership(bench, event, vote.ballot, line, got);
  proposal(bench, vote, { line, at: event.at, got }, event.quorum?.map((id) => compiled.acceptors.indexOf(id)));
}

/** The rules of a leader, for a proposal that was logged, or that a vote proves to have been made. */
export function proposal(bench: Bench, vote: Vote, where: Where, used?: readonly number[]): void {
  const { state } = bench;
  const context = proposalContextOf(bench, vote, used);
  const promises = state.acceptors.map((_, acceptor) => `promise ${acceptor} ${vote.ballot}`);
  for (const [id, tempted] of accountable(bench, context, used !== undefined)) {
    const because = id === 'one-value-per-ballot' ? acceptKeys(bench, vote.ballot) : id === 'ballot-opened' ? [] : promises;
    require(bench, id, { [id]: lenientLeader.mayAccept[id]! }, context, { ...where, expected: expectedProposal(bench, id, context), because, tempted });
  }
  state.propose(vote, where.line);
}

/** Waiting for more messages would not make the proposal any better founded. `matters`: the rules that are asked. */
export function isExplained(bench: Bench, vote: Vote, used: readonly number[] | undefined, matters: (rule: string) => boolean): boolean {
  const context = proposalContextOf(bench, vote, used);
  return accountable(bench, context, used !== undefined).every(([id]) => id === 'one-value-per-ballot' || !matters(id) || allows({ [id]: lenientLeader.mayAccept[id]! }, context));
}

/**
 * What the leader can have heard. Where promises may be missing, the best that it can hope for: a promise from every
 * acceptor that it may have used, each with the highest vote that is known to be cast below the ballot.
 */
function proposalContextOf(bench: Bench, vote: Vote, used: readonly number[] | undefined): ProposalContext {
  const { state } = bench;
  const logged = isComplete(bench, 'promise');
  const heardFrom = ({ history }: (typeof state.acceptors)[number]): readonly PromiseMessage[] =>
    logged ? lenientLeader.hears(history, vote.ballot) : [...lenientLeader.hears(history, vote.ballot), { kind: 'promise', ballot: vote.ballot, vote: highestVoteBelow(history, vote.ballot) }];
  return {
    ...vote,
    opened: state.prepares.includes(vote.ballot),
    proposed: proposedIn(bench, vote.ballot),
    heard: state.acceptors.map((acceptor, index) => (used === undefined || used.includes(index) ? heardFrom(acceptor) : [])),
    quorums: state.quorums,
  };
}

/** The leader's rules that this log can answer for, and whether anything before could make them fail. */
function accountable(bench: Bench, { ballot, proposed, heard }: ProposalContext, names: boolean): [rule: string, tempted: boolean][] {
  if (!needsPhase1(ballot)) return [['one-value-per-ballot', proposed.length > 0]];
  const [promises, votes] = [isComplete(bench, 'promise'), isComplete(bench, 'accepted')];
  const reported = heard.some((messages) => messages.some(({ vote }) => vote !== null));
  return [
    ...(isComplete(bench, 'prepare') ? [['ballot-opened', true] as [string, boolean]] : []),
    ['one-value-per-ballot', proposed.length > 0],
    ...(promises || names ? [['accept-has-quorum', true] as [string, boolean]] : []),
    ...(promises || votes ? [['accept-takes-highest-vote', reported] as [string, boolean]] : []),
  ];
}

function expectedProposal({ compiled }: Bench, id: string, context: ProposalContext): string {
  const { names } = compiled;
  if (id === 'one-value-per-ballot') return `only ${context.proposed.map(names.value).join(', ')} in this ballot`;
  if (id === 'ballot-opened') return 'a prepare of this ballot before it';
  if (id === 'accept-has-quorum') return `promises of ballot ${names.ballot(context.ballot)} from a quorum before it`;
  const safe = Array.from({ length: Math.min(compiled.values, MAX_EXPECTED) }, (_, value) => value).filter((value) => allows(lenientLeader.mayAccept, { ...context, value, opened: true, proposed: [] }));
  return safe.length === 0 ? 'no proposal' : `the value ${safe.map(names.value).join(' or ')}`;
}

/** So many values are tried for what would have been right. */
const MAX_EXPECTED = 20;
