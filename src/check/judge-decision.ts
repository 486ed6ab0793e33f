/** What learners, leaders and clients believe to be decided, and whether it agrees with what is chosen. */
import { agreement, countedIsQuorum, decisionHasQuorum, decisionStable, decisionWasPossible, validity } from '../../model/cluster-rules.js';
import { appliedIsDecided } from '../../model/log-rules.js';
import type { AcceptorSet } from '../../model/quorum.js';
import { includesQuorum, membersOf, setOf } from '../../model/quorum.js';
import { voteHasProposal } from '../../model/rules.js';
import type { Ballot, Value } from '../../model/words.js';
import type { AppliedEvent, BallotToken } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptLines, exercise, isComplete, proposedIn, require } from './bench.js';
import { proposal } from './judge-leader.js';
import { possibleQuorums } from './judge-hidden.js';
import type { Terms } from './terms.js';

/** Agreement of all that is chosen and decided; the guard is asked only where there is more than one value. */
export function agree(bench: Bench, where: Where): void {
  const { state } = bench;
  if (state.settled.length === 1) exercise(bench, 'agreement');
  if (state.settled.length < 2) return;
  require(bench, 'agreement', agreement, { chosen: state.chosen, decided: state.decided }, true, where.line, () => {
    const choosing = state.tallies.filter(({ voters }) => includesQuorum(state.quorums.phase2, voters));
    const votes = choosing.flatMap(({ vote, voters }) => membersOf(voters).map((acceptor) => state.lineOf('accepted', acceptor, vote.ballot)));
    return { at: where.at, got: where.got(), expected: 'at most one value chosen or decided', because: [...votes, ...state.decidedBy.map(({ node }) => state.lineOf('decided', node))] };
  });
}

/** After a vote: what it may have made chosen was proposed, and agrees with the rest. `before`: what was chosen until then. */
export function afterVote(bench: Bench, before: readonly Value[], where: Where): void {
  const { state, compiled } = bench;
  for (const value of state.chosen.slice(before.length)) {
    if (compiled.isProposedLater?.(value) !== true) proposedSomewhere(bench, value, { ...where, got: () => `${where.got()}, so that ${compiled.names.value(value)} is chosen` });
  }
  agree(bench, where);
}

/** What an event says that was decided, perhaps in which ballot and by whose votes. */
export interface DecisionEvent {
  readonly value?: unknown;
  readonly ballot?: BallotToken;
  readonly quorum?: readonly string[];
}

/** The same in the words of the model. */
export const decisionIn = ({ valueOf, rankOf, acceptors }: Terms, { value, ballot, quorum }: DecisionEvent): { readonly value: Value; readonly ballot: Ballot | undefined; readonly counted: AcceptorSet | undefined } => ({
  value: valueOf(value),
  ballot: ballot === undefined ? undefined : rankOf(ballot),
  counted: quorum === undefined ? undefined : setOf(quorum.map((id) => acceptors.indexOf(id))),
});

export function onDecided(bench: Bench, event: DecisionEvent & { readonly at: string; readonly kind: string }, line: number): void {
  const { compiled, state } = bench;
  const { at } = event;
  const { value, ballot, counted } = decisionIn(compiled, event);
  const where: Where = { line, at, got: () => `${event.kind}: ${compiled.names.value(value)}${ballot === undefined ? '' : ` in ballot ${compiled.names.ballot(ballot)}`}` };
  const { tallies, quorums } = state;
  if (isComplete(bench, 'accepted')) {
    require(bench, 'decision-has-quorum', decisionHasQuorum, { tallies, quorums, value, ballot, counted }, true, line, () => {
      const voters = tallies.filter(({ vote }) => vote.value === value).flatMap((tally) => membersOf(tally.voters).map((acceptor) => state.lineOf('accepted', acceptor, tally.vote.ballot)));
      return { at, got: where.got(), expected: 'votes of a quorum in one ballot before it', because: voters };
    });
  } else if (counted !== undefined) require(bench, 'decision-has-quorum', countedIsQuorum, { counted, quorums }, true, line, () => ({ at, got: where.got(), expected: 'a quorum of phase 2' }));
  wasPossible(bench, { value, ballot, counted }, where);
  if (isComplete(bench, 'accept') && ballot !== undefined) {
    require(bench, 'vote-has-proposal', voteHasProposal, { accepts: state.accepts, vote: { ballot, value } }, true, line, () => ({ at, got: where.got(), expected: 'an accept of this ballot and value before it', because: acceptLines(bench, ballot) }));
  } else if (ballot !== undefined && compiled.isInOrder && !proposedIn(bench, ballot).includes(value)) {
    // Votes in this ballot, of which this speaks, prove a proposal.
    proposal(bench, { ballot, value }, { ...where, got: () => `${where.got()}, so that accept(${compiled.names.ballot(ballot)}, ${compiled.names.value(value)}) was sent` });
  }
  believe(bench, value, where);
}

/** Where votes may be missing, and proposals are not: those that the decision needs can have been cast. */
function wasPossible(bench: Bench, { value, ballot, counted }: ReturnType<typeof decisionIn>, { at, line, got }: Where): void {
  const { state, compiled } = bench;
  if (isComplete(bench, 'accepted') || !isComplete(bench, 'accept') || !compiled.isInOrder) return;
  const proposals = state.accepts.filter((made) => made.value === value && (ballot === undefined || made.ballot === ballot));
  require(bench, 'decision-has-quorum', decisionWasPossible, { value, ...possibleQuorums(bench, proposals, counted) }, true, line, () => {
    const promises = state.acceptors.flatMap(({ history }, acceptor) => history.promises.map((promise) => state.lineOf('promise', acceptor, promise.ballot)));
    return { at, got: got(), expected: 'votes of a quorum that their promises allow', because: [...promises, ...proposals.map((made) => state.lineOf('accept', made.ballot, made.value))] };
  });
}

/** The state machine of this node goes by this value: what is not chosen must not be applied. */
export function onApplied(bench: Bench, event: AppliedEvent, line: number): void {
  const { compiled, state } = bench;
  const value = compiled.valueOf(event.value);
  const where: Where = { line, at: event.at, got: () => `applied: ${compiled.names.value(value)}` };
  const [votes, beliefs] = [isComplete(bench, 'accepted'), isComplete(bench, 'decided')];
  if (votes || beliefs) {
    const decided = votes ? state.chosen : state.settled;
    require(bench, 'applied-is-decided', appliedIsDecided, { value, decided }, true, line, () => ({ at: event.at, got: where.got(), expected: 'only what is chosen', because: state.decidedBy.map(({ node }) => state.lineOf('decided', node)) }));
  }
  believe(bench, value, where);
}

/** Whoever goes by a value holds it for chosen. */
function believe(bench: Bench, value: number, where: Where): void {
  const { state } = bench;
  const { at, line } = where;
  proposedSomewhere(bench, value, where);
  const before = state.decisionOf(at);
  require(bench, 'decision-stable', decisionStable, { value, before }, before !== undefined, line, () => ({ at, got: where.got(), expected: 'the value that it decided before', because: [state.lineOf('decided', at)] }));
  state.decide(at, value, line);
  agree(bench, where);
}

function proposedSomewhere(bench: Bench, value: number, { at, line, got }: Where): void {
  const { state } = bench;
  if (!isComplete(bench, 'propose') && !isComplete(bench, 'accept')) return;
  const proposed = isComplete(bench, 'propose') ? [...state.proposed, ...(bench.compiled.proposed?.(value) ?? [])] : state.accepts.map((made) => made.value);
  require(bench, 'validity', validity, { value, proposed }, true, line, () => ({ at, got: got(), expected: 'a value that somebody proposed' }));
}
