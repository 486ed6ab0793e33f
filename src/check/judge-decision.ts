/** What learners, leaders and clients believe to be decided, and whether it agrees with what is chosen. */
import { agreement, countedIsQuorum, decisionHasQuorum, decisionStable, validity } from '../../model/cluster-rules.js';
import { chosenVotes, votersOf } from '../../model/learner.js';
import type { AcceptorSet } from '../../model/quorum.js';
import { setOf } from '../../model/quorum.js';
import { voteHasProposal } from '../../model/rules.js';
import type { Ballot, Value } from '../../model/words.js';
import type { BallotToken } from '../trace/wire.js';
import type { Bench, Where } from './bench.js';
import { acceptKeys, exercise, isComplete, require } from './bench.js';
import type { Compiled } from './compile.js';

/** Agreement of all that is chosen and decided; the guard is asked only where there is more than one value. */
export function agree(bench: Bench, where: Where): void {
  const { state } = bench;
  const values = new Set([...state.chosen, ...state.decidedBy.values()]);
  if (values.size < 2) {
    if (values.size === 1) exercise(bench, 'agreement');
    return;
  }
  const because = chosenVotes(state.said).flatMap((vote) => votersOf(state.said, vote).map((acceptor) => `accepted ${acceptor} ${vote.ballot}`));
  require(bench, 'agreement', agreement, { said: state.said, decided: state.decided }, { ...where, expected: 'at most one value chosen or decided', because: [...because, ...[...state.decidedBy.keys()].map((node) => `decided ${node}`)] });
}

/** What an event says that was decided, perhaps in which ballot and by whose votes. */
export interface DecisionEvent {
  readonly value: unknown;
  readonly ballot?: BallotToken;
  readonly quorum?: readonly string[];
}

/** The same in the words of the model. */
export const decisionIn = (compiled: Compiled, { value, ballot, quorum }: DecisionEvent): { readonly value: Value; readonly ballot: Ballot | undefined; readonly counted: AcceptorSet | undefined } => ({
  value: compiled.valueOf(value),
  ballot: ballot === undefined ? undefined : compiled.rankOf(ballot),
  counted: quorum === undefined ? undefined : setOf(quorum.map((id) => compiled.acceptors.indexOf(id))),
});

export function onDecided(bench: Bench, event: DecisionEvent & { readonly at: string; readonly kind: string }, line: number): void {
  const { compiled, state } = bench;
  const { value, ballot, counted } = decisionIn(compiled, event);
  const where = { line, at: event.at, got: `${event.kind}: ${compiled.names.value(value)}${ballot === undefined ? '' : ` in ballot ${compiled.names.ballot(ballot)}`}` };
  const voters = state.accepts.filter((vote) => vote.value === value).flatMap((vote) => votersOf(state.said, vote).map((acceptor) => `accepted ${acceptor} ${vote.ballot}`));
  if (isComplete(bench, 'accepted')) require(bench, 'decision-has-quorum', decisionHasQuorum, { said: state.said, value, ballot, counted }, { ...where, expected: 'votes of a quorum in one ballot before it', because: voters });
  else if (counted !== undefined) require(bench, 'decision-has-quorum', countedIsQuorum, { counted, quorums: state.quorums }, { ...where, expected: 'a quorum of phase 2' });
  if (isComplete(bench, 'accept') && ballot !== undefined) require(bench, 'vote-has-proposal', voteHasProposal, { accepts: state.accepts, vote: { ballot, value } }, { ...where, expected: 'an accept of this ballot and value before it', because: acceptKeys(bench, ballot) });
  proposedSomewhere(bench, value, where);
  require(bench, 'decision-stable', decisionStable, { value, before: state.decidedBy.get(event.at) }, { ...where, expected: 'the value that it decided before', because: [`decided ${event.at}`], tempted: state.decidedBy.has(event.at) });
  if (!state.decidedBy.has(event.at)) state.decidedBy.set(event.at, value);
  state.note(`decided ${event.at}`, line);
  agree(bench, where);
}

function proposedSomewhere(bench: Bench, value: number, where: Where): void {
  const { state } = bench;
  if (!isComplete(bench, 'propose') && !isComplete(bench, 'accept')) return;
  const proposed = isComplete(bench, 'propose') ? state.proposed : state.accepts.map((made) => made.value);
  require(bench, 'validity', validity, { value, proposed }, { ...where, expected: 'a value that somebody proposed' });
}
