/**
 * One event against the rules of the model: which rules does it exercise, and which does it break? The event is then
 * taken for a fact. Kinds of event that the header does not declare complete may be missing from the log, so that
 * their absence proves nothing: rules that would need it are not exercised.
 */
import type { AcceptorState } from '../../model/acceptor.js';
import { mayPromise, mayVote } from '../../model/acceptor.js';
import { agreement, ballotOwned, decisionHasQuorum, decisionStable, promiseHasPrepare, validity } from '../../model/cluster-rules.js';
import type { Guard } from '../../model/guard.js';
import { blockedBy } from '../../model/guard.js';
import { highestPromise, highestVote, highestVoteBelow } from '../../model/history.js';
import type { ProposalContext } from '../../model/leader.js';
import { referenceLeader } from '../../model/leader.js';
import { chosenVotes, votersOf } from '../../model/learner.js';
import { restartRemembers, promiseKept, promiseMonotone, promiseReportsHighestVote, voteHasProposal, voteMonotone, oneVotePerBallot } from '../../model/rules.js';
import { ruleNamed } from '../../model/rule-book.js';
import type { PromiseMessage, Vote } from '../../model/words.js';
import { showVote } from '../../model/words.js';
import type { AcceptEvent, AcceptedEvent, ChosenEvent, DecidedEvent, NackEvent, PrepareEvent, PromiseEvent, RestartEvent, TraceEvent } from '../trace/wire.js';
import type { Compiled } from './compile.js';
import { isNone } from './compile.js';
import type { Finding } from './finding.js';
import type { CheckState } from './state.js';

/** The checker's memory and its output. */
export interface Bench {
  readonly compiled: Compiled;
  readonly state: CheckState;
  readonly findings: Finding[];
  /** How often each rule was exercised. */
  readonly exercised: Map<string, number>;
}

interface Circumstances {
  readonly line: number;
  readonly at: string;
  readonly got: string;
  readonly expected: string;
  /** Keys of CheckState.lines. */
  readonly because: readonly string[];
}

/** Exercises the rule; notes a finding if its guard is false. */
function require<C>(bench: Bench, id: string, guard: Guard<C>, context: C, where: Circumstances): void {
  bench.exercised.set(id, (bench.exercised.get(id) ?? 0) + 1);
  const blocked = blockedBy(guard, context, bench.compiled.names);
  if (blocked.length === 0) return;
  const { line, at, got, expected } = where;
  const because = bench.state.linesOf(where.because).filter((earlier) => earlier !== line);
  bench.findings.push({ line, rule: id, severity: ruleNamed(id).severity, at, blocked, expected, got, because });
}

const voteKeys = (acceptor: number, vote: Vote | null): string[] => (vote === null ? [] : [`accepted ${acceptor} ${vote.ballot}`]);

function onPrepare(bench: Bench, event: PrepareEvent, line: number): void {
  const { compiled, state } = bench;
  const ballot = compiled.rankOf(event.ballot);
  ownership(bench, event.at, ballot, line, `prepare(${compiled.names.ballot(ballot)})`);
  state.open(ballot, event.at, line);
}

function ownership(bench: Bench, node: string, ballot: number, line: number, got: string): void {
  require(bench, 'ballot-owned', ballotOwned, { ballot, node, owner: bench.state.owners.get(ballot) }, {
    line, at: node, got: `${got} from ${node}`, expected: `messages of this ballot only from ${bench.state.owners.get(ballot) ?? node}`, because: [`owner ${ballot}`],
  });
}

function onPromise(bench: Bench, event: PromiseEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const { history } = state.acceptors[acceptor]!;
  const promise: PromiseMessage = { kind: 'promise', ballot: compiled.rankOf(event.ballot), vote: compiled.highestOf(event.votes) };
  const where = { line, at: event.at, got: `promise of ballot ${names.ballot(promise.ballot)} that reports ${showVote(promise.vote, names)}` };
  if (compiled.isComplete('prepare')) {
    require(bench, 'promise-has-prepare', promiseHasPrepare, { ballot: promise.ballot, prepares: state.prepares }, { ...where, expected: 'a prepare of this ballot before it', because: [] });
  }
  // A hidden vote may have been cast; what is reported and was not logged is then taken for cast.
  if (!compiled.isComplete('accepted') && promise.vote !== null) state.hear(acceptor, { kind: 'accepted', ...promise.vote }, line);
  const known = bench.state.acceptors[acceptor]!.history;
  const highest = highestVoteBelow(known, promise.ballot) ?? highestVote(known);
  require(bench, 'promise-reports-highest-vote', promiseReportsHighestVote, { history: known, promise }, {
    ...where, expected: `a report of ${showVote(highest, names)}`, because: [...voteKeys(acceptor, highest), ...voteKeys(acceptor, promise.vote)],
  });
  require(bench, 'promise-monotone', promiseMonotone, { history, promise }, {
    ...where, expected: `a ballot not below ${names.ballot(highestPromise(history))}`, because: [`promise ${acceptor} ${highestPromise(history)}`],
  });
  state.hear(acceptor, promise, line);
}

/** The lowest ballot of the trace may do without phase 1: nothing can have been chosen below it. */
const needsPhase1 = (ballot: number): boolean => ballot > 1;

function onAccept(bench: Bench, event: AcceptEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  ownership(bench, event.at, vote.ballot, line, `accept(${names.ballot(vote.ballot)}, ${names.value(vote.value)})`);
  const used = event.quorum?.map((id) => compiled.acceptors.indexOf(id));
  const context: ProposalContext = {
    ...vote,
    opened: state.prepares.includes(vote.ballot),
    proposed: state.accepts.filter(({ ballot }) => ballot === vote.ballot).map(({ value }) => value),
    heard: state.acceptors.map(({ history }, acceptor) => (used === undefined || used.includes(acceptor) ? referenceLeader.hears(history, vote.ballot) : [])),
    quorums: state.quorums,
  };
  for (const id of accountable(bench, vote.ballot)) {
    const promises = state.acceptors.map((_, acceptor) => `promise ${acceptor} ${vote.ballot}`);
    const earlier = context.proposed.map((value) => `accept ${vote.ballot} ${value}`);
    const because = id === 'one-value-per-ballot' ? earlier : id === 'ballot-opened' ? [] : promises;
    require(bench, id, { [id]: referenceLeader.mayAccept[id]! }, context, { line, at: event.at, got: `accept(${names.ballot(vote.ballot)}, ${names.value(vote.value)})`, expected: expectedProposal(bench, id, context), because });
  }
  state.propose(vote, event.at, line);
}

/** The leader's rules that this log can answer for. */
function accountable({ compiled }: Bench, ballot: number): string[] {
  const phase1 = compiled.isComplete('promise') && needsPhase1(ballot);
  return [
    ...(compiled.isComplete('prepare') && needsPhase1(ballot) ? ['ballot-opened'] : []),
    'one-value-per-ballot',
    ...(phase1 ? ['accept-has-quorum', 'accept-takes-highest-vote'] : []),
  ];
}

function expectedProposal({ compiled }: Bench, id: string, context: ProposalContext): string {
  const { names } = compiled;
  if (id === 'one-value-per-ballot') return `only ${context.proposed.map(names.value).join(', ')} in this ballot`;
  if (id === 'ballot-opened') return 'a prepare of this ballot before it';
  if (id === 'accept-has-quorum') return `promises of ballot ${names.ballot(context.ballot)} from a quorum before it`;
  const safe = Array.from({ length: compiled.values }, (_, value) => value).filter((value) => blockedBy(referenceLeader.mayAccept, { ...context, value, proposed: [] }).length === 0);
  return safe.length === 0 ? 'no proposal' : `the value ${safe.map(names.value).join(' or ')}`;
}

function onAccepted(bench: Bench, event: AcceptedEvent, line: number): void {
  const { compiled, state } = bench;
  const { names } = compiled;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const { history } = state.acceptors[acceptor]!;
  const vote = { ballot: compiled.rankOf(event.ballot), value: compiled.valueOf(event.value) };
  const where = { line, at: event.at, got: `a vote for ${showVote(vote, names)}` };
  require(bench, 'promise-kept', promiseKept, { history, vote }, { ...where, expected: `no new vote below ballot ${names.ballot(highestPromise(history))}`, because: [`promise ${acceptor} ${highestPromise(history)}`] });
  require(bench, 'one-vote-per-ballot', oneVotePerBallot, { history, vote }, { ...where, expected: 'no other value than before in this ballot', because: [`accepted ${acceptor} ${vote.ballot}`] });
  if (compiled.isComplete('accept')) {
    require(bench, 'vote-has-proposal', voteHasProposal, { accepts: state.accepts, vote }, { ...where, expected: 'an accept of this ballot and value before it', because: state.accepts.filter(({ ballot }) => ballot === vote.ballot).map(({ ballot, value }) => `accept ${ballot} ${value}`) });
  } else inferProposal(bench, vote, event.at, line);
  require(bench, 'vote-monotone', voteMonotone, { history, vote }, { ...where, expected: `a ballot not below ${names.ballot(highestVote(history)?.ballot ?? 0)}`, because: voteKeys(acceptor, highestVote(history)) });
  state.hear(acceptor, { kind: 'accepted', ...vote }, line);
  agree(bench, event.at, line, where.got);
}

/** A vote proves that its proposal was sent, logged or not; two proposals of one ballot contradict each other all the same. */
function inferProposal(bench: Bench, vote: Vote, at: string, line: number): void {
  const proposed = bench.state.accepts.filter(({ ballot }) => ballot === vote.ballot).map(({ value }) => value);
  const context = { ...vote, opened: true, proposed, heard: [], quorums: bench.state.quorums };
  require(bench, 'one-value-per-ballot', { 'one-value-per-ballot': referenceLeader.mayAccept['one-value-per-ballot']! }, context, {
    line, at, got: `a vote for ${showVote(vote, bench.compiled.names)}, so its proposal was sent`, expected: `only ${proposed.map(bench.compiled.names.value).join(', ')} in this ballot`, because: proposed.map((value) => `accept ${vote.ballot} ${value}`),
  });
  bench.state.propose(vote, undefined, line);
}

function agree(bench: Bench, at: string, line: number, got: string): void {
  const { state } = bench;
  const because = chosenVotes(state.said).flatMap((vote) => votersOf(state.said, vote).map((acceptor) => `accepted ${acceptor} ${vote.ballot}`));
  require(bench, 'agreement', agreement, { said: state.said, decided: state.decided }, { line, at, got, expected: 'at most one value chosen or decided', because: [...because, ...[...state.decidedBy.keys()].map((node) => `decided ${node}`)] });
}

function onDecided(bench: Bench, event: ChosenEvent | DecidedEvent, line: number): void {
  const { compiled, state } = bench;
  const value = compiled.valueOf(event.value);
  const where = { line, at: event.at, got: `${event.kind}: ${compiled.names.value(value)}` };
  const voters = state.accepts.filter((vote) => vote.value === value).flatMap((vote) => votersOf(state.said, vote).map((acceptor) => `accepted ${acceptor} ${vote.ballot}`));
  if (compiled.isComplete('accepted')) require(bench, 'decision-has-quorum', decisionHasQuorum, { said: state.said, value }, { ...where, expected: 'votes of a quorum in one ballot before it', because: voters });
  if (compiled.isComplete('propose') || compiled.isComplete('accept')) {
    const proposed = compiled.isComplete('propose') ? state.proposed : state.accepts.map((proposal) => proposal.value);
    require(bench, 'validity', validity, { value, proposed }, { ...where, expected: 'a value that somebody proposed', because: [] });
  }
  require(bench, 'decision-stable', decisionStable, { value, before: state.decidedBy.get(event.at) }, { ...where, expected: 'the value that it decided before', because: [`decided ${event.at}`] });
  if (!state.decidedBy.has(event.at)) state.decidedBy.set(event.at, value);
  state.note(`decided ${event.at}`, line);
  agree(bench, event.at, line, where.got);
}

function onNack(bench: Bench, event: NackEvent, line: number): void {
  const { compiled, state } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  const ballot = compiled.rankOf(event.ballot);
  const guard: Guard<{ state: AcceptorState; ballot: number; value: number }> = event.of === 'prepare' ? mayPromise : mayVote;
  const mustRefuse = blockedBy(guard, { state: state.acceptors[acceptor]!.state, ballot, value: 0 }).length > 0;
  const needless = { 'needless-refusal': { formula: 'the reference would refuse, too', holds: () => mustRefuse, numbers: () => `nothing promised forbids ballot ${compiled.names.ballot(ballot)}` } };
  require(bench, 'needless-refusal', needless, undefined, { line, at: event.at, got: `a refusal of ${event.of}(${compiled.names.ballot(ballot)})`, expected: `a ${event.of === 'prepare' ? 'promise' : 'vote'}, or silence`, because: [] });
}

function onRestart(bench: Bench, event: RestartEvent, line: number): void {
  const { compiled, state } = bench;
  const acceptor = compiled.acceptors.indexOf(event.at);
  if (acceptor < 0) return;
  const record = state.acceptors[acceptor]!;
  record.downSince = undefined;
  const promised = event.promised === undefined ? undefined : isNone(event.promised) ? 0 : compiled.rankOf(event.promised);
  const vote = event.votes === undefined ? undefined : compiled.highestOf(event.votes);
  if (promised === undefined && vote === undefined) return;
  // A vote may have been stored and not announced before the crash; what came back is then taken for cast.
  const isNews = vote != null && vote.ballot > (highestVote(record.history)?.ballot ?? 0);
  if (vote != null && (isNews || !compiled.isComplete('accepted'))) state.hear(acceptor, { kind: 'accepted', ...vote }, line);
  const { history } = record;
  require(bench, 'restart-remembers', restartRemembers, { history, promised, vote }, {
    line, at: event.at, got: `back with promise ${promised === undefined ? 'not logged' : compiled.names.ballot(promised)} and ${vote === undefined ? 'votes not logged' : showVote(vote, compiled.names)}`,
    expected: `promise ${compiled.names.ballot(highestPromise(history))} and ${showVote(highestVote(history), compiled.names)}`,
    because: [`promise ${acceptor} ${highestPromise(history)}`, ...voteKeys(acceptor, highestVote(history))],
  });
  record.state = { promised: promised ?? record.state.promised, vote: vote === undefined ? record.state.vote : vote };
}

/** Judges the event and takes it for a fact. */
export function judge(bench: Bench, event: TraceEvent, line: number): void {
  switch (event.kind) {
    case 'prepare':
      onPrepare(bench, event, line);
      break;
    case 'promise':
      onPromise(bench, event, line);
      break;
    case 'accept':
      onAccept(bench, event, line);
      break;
    case 'accepted':
      onAccepted(bench, event, line);
      break;
    case 'nack':
      onNack(bench, event, line);
      break;
    case 'chosen':
    case 'decided':
      onDecided(bench, event, line);
      break;
    case 'restart':
      onRestart(bench, event, line);
      break;
    case 'propose':
      bench.state.proposed.push(bench.compiled.valueOf(event.value));
      break;
    case 'lost':
      bench.state.lost += Number(event.count ?? 1);
      break;
    default:
      break;
  }
}
