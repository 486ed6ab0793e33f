import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from './history.js';
import { EMPTY_HISTORY, say } from './history.js';
import type { Said } from './learner.js';
import { chosenValues, chosenVotes, referenceLearner, votersOf, votesCast } from './learner.js';
import type { Quorums } from './quorum.js';
import { flexible, majorities } from './quorum.js';
import type { Vote } from './words.js';

const [x, y] = [0, 1];
const inBallot = (ballot: number, value: number): Vote => ({ ballot, value });
const voted = (...votes: readonly Vote[]): History => votes.reduce((history: History, vote) => say(history, { kind: 'accepted', ...vote }), EMPTY_HISTORY);
const said = (histories: readonly History[], quorums: Quorums = majorities(histories.length)): Said => ({ accepts: [], histories, quorums });

describe('chosen (A=3 B=2 V=2)', () => {
  it('a value for which a quorum voted in one ballot is chosen [decision-has-quorum]', () => {
    expect(chosenVotes(said([voted(inBallot(1, x)), voted(inBallot(1, x)), voted()]))).toEqual([inBallot(1, x)]);
  });

  it('votes for the same value in different ballots do not add up [decision-has-quorum]', () => {
    expect(chosenValues(said([voted(inBallot(1, x)), voted(inBallot(2, x)), voted()]))).toEqual([]);
  });

  it('votes for different values in the same ballot do not add up [decision-has-quorum]', () => {
    expect(chosenValues(said([voted(inBallot(1, x)), voted(inBallot(1, y)), voted()]))).toEqual([]);
  });

  it('a vote that is announced twice counts once [decision-has-quorum]', () => {
    expect(chosenValues(said([voted(inBallot(1, x), inBallot(1, x)), voted(), voted()]))).toEqual([]);
    expect(votersOf(said([voted(inBallot(1, x), inBallot(1, x))]), inBallot(1, x))).toEqual([0]);
  });

  it('the same value may be chosen in several ballots, and is one value', () => {
    const both = voted(inBallot(1, x), inBallot(2, x));
    const what = said([both, both, voted()]);
    expect([chosenVotes(what).length, chosenValues(what)]).toEqual([2, [x]]);
  });

  it('two chosen values are both reported: nothing here assumes agreement [agreement]', () => {
    const both = voted(inBallot(1, x), inBallot(2, y));
    expect(chosenValues(said([both, both, voted()]))).toEqual([x, y]);
  });

  it('a quorum of phase 2 decides, not one of phase 1 [decision-has-quorum] [quorums-intersect]', () => {
    const histories = [voted(inBallot(1, x)), voted(), voted()];
    expect(chosenVotes(said(histories, flexible(3, 3, 1)))).toEqual([inBallot(1, x)]);
    expect(chosenVotes(said(histories, flexible(3, 1, 3)))).toEqual([]);
  });
});

describe('learners (A=3 B=3 V=2)', () => {
  const votes = fc.record({ ballot: fc.integer({ min: 1, max: 3 }), value: fc.nat({ max: 1 }) });
  const clusters = fc.array(fc.array(votes, { maxLength: 4 }), { minLength: 3, maxLength: 3 });

  it('what is chosen stays chosen, whoever votes next [decision-stable]', () => {
    fc.assert(
      fc.property(clusters, fc.nat({ max: 2 }), votes, (cluster, acceptor, vote) => {
        const before = said(cluster.map((cast) => voted(...cast)));
        const after = said(cluster.map((cast, a) => voted(...cast, ...(a === acceptor ? [vote] : []))));
        expect(chosenValues(after)).toEqual(expect.arrayContaining(chosenValues(before)));
      }),
    );
  });

  it('the reference believes what is chosen, and only values that somebody voted for [decision-has-quorum] [validity]', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const what = said(cluster.map((cast) => voted(...cast)));
        expect(referenceLearner(what)).toEqual(chosenValues(what));
        for (const value of referenceLearner(what)) expect(votesCast(what).map((vote) => vote.value)).toContain(value);
      }),
    );
  });
});
