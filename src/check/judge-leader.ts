/** What leaders do, and what votes prove that they did. */
import { ballotOwned } from '../../model/cluster-rules.js';
import type { Guard } from '../../model/guard.js';
import { allows } from '../../model/guard.js';
import { highestVoteBelow } from '../../model/history.js';
import type { ProposalContext } from '../../model/leader.js';
import { lenientLeader } from '../../model/leader.js';
import { setOf } from '../../model/quorum.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import type { AcceptEvent, PrepareEvent } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptLines, isComplete, proposedIn, require } from './bench.js';
import { found } from './judge-foundation.js';
import type { AcceptorRecord } from './state.js';

/** A prepare that is told later than it came: by whom it was then, for the leader may have restarted since. */
export interface ToldLater {
  readonly leader?: string;
}

export function onPrepare(bench: Bench, event: PrepareEvent & ToldLater, line: number): void {
  const ballot = bench.compiled.rankOf(event.ballot);
  ownership(bench, event, ballot, { line, at: event.at, got: () => `prepare(${bench.compiled.names.ballot(ballot)})` });
  bench.state.open(ballot);
}

function ownership(bench: Bench, { at, ballot: token, leader }: (PrepareEvent | AcceptEvent) & ToldLater, ballot: number, where: Where): void {
  const { compiled, state } = bench;
  const node = leader ?? state.nodes.nameOf(at);
  const declared = compiled.header.ballots.kind === 'pair' && Array.isArray(token) ? token[1] : undefined;
  // A ballot bears the name of a node, and that is the same after a restart.
  const owner = state.ownerOf(ballot) ?? (declared === at ? node : declared);
  require(bench, 'ballot-owned', ballotOwned, { ballot, node, owner }, owner !== undefined, where.line, () => ({
    at, got: `${where.got()} from ${node}`, expected: `messages of this ballot only from ${owner ?? node}`, because: [state.lineOf('owner', ballot)],
  }));
  state.own(ballot, node, where.line);
}

export function onAccept(bench: Bench, event: AcceptEvent, line: number): void {
  const { compiled } = bench;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  const where: Where = { line, at: event.at, got: () => `accept(${compiled.names.ballot(vote.ballot)}, ${compiled.names.value(vote.value)})` };
  ownership(bench, event, vote.ballot, where);
  proposal(bench, vote, where, event.quorum?.map((id) => compiled.acceptors.indexOf(id)));
}

/** Each conjunct as a guard of its own: each is a rule. */
const RULE: Readonly<Record<string, Guard<ProposalContext>>> = Object.fromEntries(Object.entries(lenientLeader.mayAccept).map(([id, conjunct]) => [id, { [id]: conjunct }]));

/** The rules of a leader, for a proposal that was logged, or that a vote proves to have been made. */
export function proposal(bench: Bench, vote: Vote, where: Where, used?: readonly number[]): void {
  const { state } = bench;
  const context = proposalContextOf(bench, vote, used);
  for (const { id, tempted } of accountable(bench, context, used !== undefined)) {
    require(bench, id, RULE[id]!, context, tempted, where.line, () => {
      const promises = state.acceptors.map((_, acceptor) => state.lineOf('promise', acceptor, vote.ballot));
      const because = id === 'one-value-per-ballot' ? acceptLines(bench, vote.ballot) : id === 'ballot-opened' ? [] : promises;
      return { at: where.at, got: where.got(), expected: expectedProposal(bench, id, context), because };
    });
  }
  found(bench, vote, context, used === undefined ? (1 << state.quorums.acceptors) - 1 : setOf(used), where);
  state.propose(vote, where.line);
}

/** Waiting for more messages would not make the proposal any better founded. `matters`: the rules that are asked. */
export function isExplained(bench: Bench, vote: Vote, used: readonly number[] | undefined, matters: (rule: string) => boolean): boolean {
  const context = proposalContextOf(bench, vote, used);
  return accountable(bench, context, used !== undefined).every(({ id }) => id === 'one-value-per-ballot' || !matters(id) || allows(RULE[id]!, context));
}

/**
 * What the leader can have heard. Where promises may be missing, the best that it can hope for: a promise from every
 * acceptor that it may have used, each with the highest vote that is known to be cast below the ballot, or one above.
 */
function proposalContextOf(bench: Bench, vote: Vote, used: readonly number[] | undefined): ProposalContext {
  const { state } = bench;
  const logged = isComplete(bench, 'promise');
  const heardFrom = (record: AcceptorRecord): readonly PromiseMessage[] =>
    logged ? lenientLeader.hears(record.history, vote.ballot) : [...lenientLeader.hears(record.history, vote.ballot), ...hiddenPromises(record, vote)];
  return {
    ballot: vote.ballot,
    value: vote.value,
    opened: state.prepares.includes(vote.ballot),
    proposed: proposedIn(bench, vote.ballot),
    heard: bench.compiled.needsPhase1(vote.ballot) ? state.acceptors.map((acceptor, index) => (used === undefined || used.includes(index) ? heardFrom(acceptor) : [])) : [],
    quorums: state.quorums,
  };
}

/** Those that report the highest vote below, one above, or one that a crash may have swallowed. */
function hiddenPromises({ history, swallowed }: AcceptorRecord, { ballot, value }: Vote): PromiseMessage[] {
  const votes = [...history.votes.filter((cast) => cast.ballot >= ballot), ...swallowed.votes, ...(swallowed.upTo > 0 ? [{ ballot: Math.min(ballot, swallowed.upTo), value }] : [])];
  const highest = highestVoteBelow(history, ballot);
  return [highest, ...votes.filter((vote) => vote.ballot > (highest?.ballot ?? 0))].map((vote) => ({ kind: 'promise', ballot, vote }));
}

/** A rule, and whether anything before could make it fail. */
interface Asked {
  readonly id: string;
  readonly tempted: boolean;
}

/** The leader's rules that this log can answer for. */
function accountable(bench: Bench, { ballot, proposed, heard }: ProposalContext, names: boolean): Asked[] {
  const asked = [{ id: 'one-value-per-ballot', tempted: proposed.length > 0 }];
  if (!bench.compiled.needsPhase1(ballot)) return asked;
  const [promises, votes] = [isComplete(bench, 'promise'), isComplete(bench, 'accepted')];
  const reported = heard.some((messages) => messages.some(({ vote }) => vote !== null));
  if (isComplete(bench, 'prepare')) asked.unshift({ id: 'ballot-opened', tempted: true });
  if (promises || names) asked.push({ id: 'accept-has-quorum', tempted: true });
  if (promises || votes) asked.push({ id: 'accept-takes-highest-vote', tempted: reported });
  return asked;
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
