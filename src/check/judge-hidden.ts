/** Votes that are not in the log, or not yet: which of them are possible? */
import { voteLeavesFoundation } from '../../model/foundation.js';
import { allows } from '../../model/guard.js';
import { didNotVoteAt, hasVote } from '../../model/history.js';
import type { Tally } from '../../model/learner.js';
import type { AcceptorSet } from '../../model/quorum.js';
import { membersOf } from '../../model/quorum.js';
import type { HiddenVoteContext } from '../../model/rules.js';
import { hiddenVoteWasPossible } from '../../model/rules.js';
import type { Vote } from '../../model/words.js';
import { sameVote } from '../../model/words.js';
import type { Bench } from './bench.js';
import { isComplete } from './bench.js';

/** The vote may have been cast before this line, and not been logged: not announced before a crash, or where votes may be missing. */
export function mayBeOlder(bench: Bench, acceptor: number, vote: Vote): boolean {
  if (!isComplete(bench, 'accepted')) return true;
  const { votes, upTo } = bench.state.acceptors[acceptor]!.swallowed;
  return vote.ballot <= upTo || votes.some((swallowed) => sameVote(swallowed, vote));
}

export const hiddenContext = (bench: Bench, acceptor: number, vote: Vote): HiddenVoteContext => ({
  history: bench.state.acceptors[acceptor]!.history, vote, cameLate: bench.compiled.isInOrder && isComplete(bench, 'accept') && bench.state.cameLate(acceptor, vote),
});

/** The acceptors that have cast this vote, or can have cast it unseen. */
function ableToVote(bench: Bench, vote: Vote): Tally {
  const isAble = (acceptor: number): boolean => {
    const { history } = bench.state.acceptors[acceptor]!;
    return hasVote(history, vote) || (didNotVoteAt(history, vote.ballot) && allows(hiddenVoteWasPossible, hiddenContext(bench, acceptor, vote)));
  };
  return { vote, voters: bench.state.acceptors.reduce((set, _, acceptor) => (isAble(acceptor) ? set | (1 << acceptor) : set), 0) };
}

/** The quorums that can have voted for this in one ballot, as far as their promises allow; those that are given, or any. Proposals are all in the log. */
export function possibleQuorums(bench: Bench, proposals: readonly Vote[], counted: AcceptorSet | undefined): { readonly able: readonly Tally[]; readonly possible: readonly Tally[] } {
  const { quorums, foundations, accepts } = bench.state;
  const able = proposals.map((vote) => ableToVote(bench, vote));
  const sets = counted === undefined ? quorums.phase2 : [counted];
  const isFree = (vote: Vote, voters: AcceptorSet): boolean => {
    const place = accepts.findIndex((made) => sameVote(made, vote));
    return foundations.every((foundation) => voteLeavesFoundation(foundation, membersOf(voters), vote, place >= foundation.proposed, quorums));
  };
  const possible = able.flatMap(({ vote, voters }) => sets.filter((set) => (set & voters) === set && isFree(vote, set)).map((set): Tally => ({ vote, voters: set })));
  return { able, possible };
}
