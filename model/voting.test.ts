import { describe, expect, it } from 'vitest';
import { choose, CONSENSUS_INVARIANTS, consensusSuccessors, initialConsensus, mayChoose } from './consensus.js';
import { allows, blockedBy } from './guard.js';
import { flexible, majorities } from './quorum.js';
import type { Voting, VotingState } from './voting.js';
import { chosenByVotes, initialVoting, isSafeAt, mayIncreaseMaxBal, mayVoteFor, showsSafeAt, VOTING_INVARIANTS, votingSuccessors } from './voting.js';
import type { Vote } from './words.js';

const [x, y] = [0, 1];
const votingOf = (acceptors: number, ballots: number, values: number): Voting => ({ ballots, values, quorums: majorities(acceptors) });
const at = (maxBal: readonly number[], ...votes: readonly (readonly Vote[])[]): VotingState => ({ maxBal, votes });
const vote = (ballot: number, value: number): Vote => ({ ballot, value });

/** All reachable states, and the depth as TLC counts it. */
function reachable(voting: Voting): { states: VotingState[]; depth: number } {
  const states = [initialVoting(voting)];
  const seen = new Set(states.map((state) => JSON.stringify(state)));
  let depth = 0;
  for (let first = 0; first < states.length; depth++) {
    const end = states.length;
    for (const state of states.slice(first, end)) {
      for (const { next } of votingSuccessors(voting, state)) {
        if (seen.size < seen.add(JSON.stringify(next)).size) states.push(next);
      }
    }
    first = end;
  }
  return { states, depth };
}

describe('Consensus', () => {
  it('chooses once: V + 1 states, none of which has two values', () => {
    const next = consensusSuccessors(3, initialConsensus).map(({ next: state }) => state);
    expect(next).toEqual([{ chosen: [0] }, { chosen: [1] }, { chosen: [2] }]);
    for (const state of next) {
      expect(consensusSuccessors(3, state)).toEqual([]);
      for (const invariant of CONSENSUS_INVARIANTS) expect(invariant.holds(state)).toBe(true);
    }
  });

  it('says why it does not choose again', () => {
    expect(blockedBy(mayChoose, { state: choose(initialConsensus, x), value: y }).map(({ numbers }) => numbers)).toEqual(['{x} = {}']);
  });
});

describe('Voting', () => {
  it.each([[3, 2, 2, 599, 11], [3, 3, 1, 2670, 16], [3, 3, 2, 6752, 16], [4, 2, 2, 3009, 15]])(
    "has TLC's number of states, and its invariants hold in all of them (A=%i B=%i V=%i: %i states, depth %i)",
    (acceptors, ballots, values, distinct, depth) => {
      const voting = votingOf(acceptors, ballots, values);
      const found = reachable(voting);
      expect([found.states.length, found.depth]).toEqual([distinct, depth]);
      for (const { name, holds } of VOTING_INVARIANTS) expect([name, found.states.filter((state) => !holds(voting, state)).length]).toEqual([name, 0]);
    },
  );

  it('loses agreement if quorums do not meet: their meeting is an assumption (A=2 B=2 V=2) [quorums-intersect]', () => {
    const voting = { ...votingOf(2, 2, 2), quorums: flexible(2, 1, 1) };
    expect(reachable(voting).states.some((state) => chosenByVotes(voting, state).length > 1)).toBe(true);
  });
});

describe('IncreaseMaxBal and VoteFor (A=3 B=3 V=2)', () => {
  const voting = votingOf(3, 3, 2);
  const blocked = (state: VotingState, acceptor: number, ballot: number, value: number): string[] =>
    blockedBy(mayVoteFor, { voting, state, acceptor, ballot, value }).map(({ conjunct }) => conjunct);

  it('an acceptor goes up, never down, and not where it is', () => {
    const state = at([2, 0, 0], [], [], []);
    expect([1, 2, 3].map((ballot) => allows(mayIncreaseMaxBal, { state, acceptor: 0, ballot }))).toEqual([false, false, true]);
  });

  it('no vote below the ballot that an acceptor has reached [promise-kept]', () => {
    expect(blocked(at([2, 1, 1], [], [], []), 0, 1, x)).toEqual(['ballot-not-below-max-ballot']);
  });

  it('one vote a ballot, not even the same again [one-vote-per-ballot]', () => {
    expect(blocked(at([1, 1, 0], [vote(1, x)], [], []), 0, 1, x)).toEqual(['no-vote-in-ballot']);
  });

  it('no second value in a ballot, whoever voted for the first [one-value-per-ballot]', () => {
    expect(blocked(at([1, 1, 0], [vote(1, x)], [], []), 1, 1, y)).toEqual(['no-other-value-in-ballot']);
    expect(blocked(at([1, 1, 0], [vote(1, x)], [], []), 1, 1, x)).toEqual([]);
  });

  it('no vote before a quorum has reached the ballot [accept-has-quorum]', () => {
    expect(blocked(at([1, 0, 0], [], [], []), 0, 1, x)).toEqual(['some-quorum-shows-it-safe']);
  });

  it('the highest vote of the quorum decides, not the lower one [accept-takes-highest-vote]', () => {
    const state = at([3, 3, 2], [vote(1, x)], [vote(2, y)], []);
    expect([blocked(state, 0, 3, y), blocked(state, 0, 3, x)]).toEqual([[], ['some-quorum-shows-it-safe']]);
  });

  it('what a quorum shows to be safe is safe, and not only what it shows (all states, A=3 B=3 V=2)', () => {
    let hidden = 0;
    for (const state of reachable(voting).states) {
      for (const proposal of [1, 2, 3].flatMap((ballot) => [vote(ballot, x), vote(ballot, y)])) {
        const shown = voting.quorums.phase1.some((quorum) => showsSafeAt(state, quorum, proposal));
        const safe = isSafeAt(voting, state, proposal);
        if (shown) expect(safe).toBe(true);
        if (safe && !shown) hidden++;
      }
    }
    expect(hidden).toBeGreaterThan(0);
  });
});
