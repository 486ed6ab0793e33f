/** What promises that are not in the log forbid: a proposal proves that a quorum gave them. */
import type { Foundation, Way } from '../../model/foundation.js';
import { afterVote, hasFoundation, withoutPromise } from '../../model/foundation.js';
import type { Guard } from '../../model/guard.js';
import { allows } from '../../model/guard.js';
import type { ProposalContext } from '../../model/leader.js';
import { waysToAdopt } from '../../model/leader.js';
import type { Ballot, Vote } from '../../model/words.js';
import { sameVote } from '../../model/words.js';
import type { Bench, Where } from './bench.js';
import { isComplete, require } from './bench.js';
import type { PlacedFoundation } from './state.js';

/** Each conjunct as a guard of its own: each is a rule. */
const RULES: readonly (readonly [id: string, guard: Guard<{ readonly foundation: Foundation; readonly quorums: Bench['state']['quorums'] }>])[] = Object.entries(hasFoundation).map(([id, conjunct]) => [id, { [id]: conjunct }]);

/** Where the order of lines is one of several, what was seen after a proposal may have been before it. */
const isAsked = (bench: Bench): boolean => bench.compiled.isInOrder && !isComplete(bench, 'promise');

/** Before the proposal is taken for a fact. `used`: the acceptors whose promises the leader can have used. */
export function found(bench: Bench, vote: Vote, context: ProposalContext, used: number, where: Where): void {
  const { state, compiled } = bench;
  if (!isAsked(bench) || !compiled.needsPhase1(vote.ballot)) return;
  const isNew = !state.foundations.some((other) => sameVote(other.vote, vote));
  const foundation = { vote, able: used, ways: isComplete(bench, 'accepted') ? [...waysToAdopt(context)] : hiddenWays(bench, vote, used), proposed: state.accepts.length };
  if (isNew && isLeft(bench, foundation, state.tallies.length > 0 && !isComplete(bench, 'accepted'), where)) state.foundations = [...state.foundations, foundation];
}

/** Where votes may be hidden: whatever reports the proposals before allow, or any, if they may be hidden too. */
function hiddenWays(bench: Bench, { ballot, value }: Vote, used: number): Way[] {
  const { state } = bench;
  if (!isComplete(bench, 'accept')) return [{ highest: ballot, quiet: used, reporters: used }];
  const isQuiet = (acceptor: number, highest: Ballot): boolean => state.acceptors[acceptor]!.history.votes.every((cast) => cast.ballot <= highest || cast.ballot >= ballot);
  const quietAt = (highest: Ballot): number => state.acceptors.reduce((set, _, acceptor) => (isQuiet(acceptor, highest) ? set | (1 << acceptor) : set), 0) & used;
  return [0, ...state.accepts.filter((made) => made.value === value).map((made) => made.ballot)].map((highest) => ({ highest, quiet: quietAt(highest), reporters: used }));
}

/** A vote that came to light. `isNew`: it was cast in this line, and not before. */
export function voteSeen(bench: Bench, acceptor: number, vote: Vote, isNew: boolean, where: Where): void {
  const place = isComplete(bench, 'accept') ? bench.state.accepts.findIndex((made) => sameVote(made, vote)) : -1;
  narrow(bench, where, (foundation) => afterVote(foundation, acceptor, vote, isNew || place >= foundation.proposed));
}

/** An acceptor says that it has promised no higher ballot. */
export function promiseSeen(bench: Bench, acceptor: number, promised: Ballot, where: Where): void {
  narrow(bench, where, (foundation) => (foundation.vote.ballot > promised ? withoutPromise(foundation, acceptor) : foundation));
}

function narrow(bench: Bench, where: Where, change: (foundation: PlacedFoundation) => Foundation): void {
  const { state } = bench;
  if (state.foundations.length === 0 || !isAsked(bench)) return;
  state.foundations = state.foundations.flatMap((before) => {
    const after = { ...before, ...change(before) };
    const isSame = after.able === before.able && after.ways.every(({ quiet }, at) => quiet === before.ways[at]!.quiet);
    return isSame || isLeft(bench, after, true, where) ? [isSame ? before : after] : [];
  });
}

/** False if nothing is left that the proposal can have been founded on. */
function isLeft(bench: Bench, foundation: Foundation, tempted: boolean, { at, line, got }: Where): boolean {
  const { state, compiled } = bench;
  const { vote } = foundation;
  const context = { foundation, quorums: state.quorums };
  for (const [id, guard] of RULES) {
    require(bench, id, guard, context, tempted, line, () => ({
      at, got: got(), expected: `what leaves a quorum that can have promised ballot ${compiled.names.ballot(vote.ballot)}`, because: [state.lineOf('accept', vote.ballot, vote.value)],
    }));
  }
  return allows(hasFoundation, context);
}
