import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedBy } from './guard.js';
import { EMPTY_HISTORY, say } from './history.js';
import type { ProposalContext } from './leader.js';
import { adoptsHighest, hearsOwnBallot, proposable, quorumOfPhase1, referenceLeader, oneQuorumAdopts, anyPromisesAdopt, someQuorumAdopts } from './leader.js';
import { flexible, grid, majorities, setOf } from './quorum.js';
import type { PromiseMessage, Vote } from './words.js';

const [x, y] = [0, 1];
const promise = (ballot: number, vote: Vote | null = null): PromiseMessage => ({ kind: 'promise', ballot, vote });
const inBallot = (ballot: number, value: number): Vote => ({ ballot, value });

/** A leader of ballot 3 with three acceptors that has opened its ballot; `heard` are the promises, by acceptor. */
const context = (heard: readonly (readonly PromiseMessage[])[], parts: Partial<ProposalContext> = {}): ProposalContext => ({
  ballot: 3,
  value: x,
  opened: true,
  proposed: [],
  heard,
  quorums: majorities(3),
  ...parts,
});
const blocked = (what: ProposalContext): string[] => blockedBy(referenceLeader.mayAccept, what).map(({ conjunct }) => conjunct);
const values = (what: ProposalContext): number[] => proposable(referenceLeader, what, 2);

describe('the leader of ballot 3 (A=3 B=3 V=2)', () => {
  it('may propose anything if a quorum reports no vote [accept-takes-highest-vote]', () => {
    expect(values(context([[promise(3)], [promise(3)], []]))).toEqual([x, y]);
  });

  it('may propose nothing on the promises of less than a quorum [accept-has-quorum]', () => {
    expect(blocked(context([[promise(3)], [], []]))).toEqual(['accept-has-quorum']);
  });

  it('two promises of the same acceptor are not a quorum [accept-has-quorum]', () => {
    const twice = [promise(3), promise(3, inBallot(1, x))];
    expect(blocked(context([twice, [], []]))).toEqual(['accept-has-quorum']);
  });

  it('must take the value of the only vote reported [accept-takes-highest-vote]', () => {
    expect(values(context([[promise(3, inBallot(1, y))], [promise(3)], []]))).toEqual([y]);
  });

  it('must take the highest vote reported, not the other one, whoever answers first [accept-takes-highest-vote]', () => {
    const reports = [[promise(3, inBallot(1, x))], [promise(3, inBallot(2, y))], []];
    expect(values(context(reports))).toEqual([y]);
    expect(values(context([...reports].reverse()))).toEqual([y]);
  });

  it('says which votes were reported when the value is not among the highest [accept-takes-highest-vote]', () => {
    const [why] = blockedBy(referenceLeader.mayAccept, context([[promise(3, inBallot(1, x))], [promise(3, inBallot(2, y))], []]));
    expect(why?.numbers).toBe('x is proposed, reported are: a1: x in ballot 1; a2: y in ballot 2');
  });

  it('may go by any quorum of the promises that it has: a third promise takes no freedom away [accept-takes-highest-vote]', () => {
    expect(values(context([[promise(3, inBallot(1, y))], [promise(3)], [promise(3)]]))).toEqual([x, y]);
  });

  it('proposes one value in its ballot, and may propose that one again [one-value-per-ballot]', () => {
    const heard = [[promise(3)], [promise(3)], []];
    expect(values(context(heard, { proposed: [y] }))).toEqual([y]);
  });

  it('must have opened its ballot', () => {
    expect(blocked(context([[promise(3)], [promise(3)], []], { opened: false }))).toEqual(['ballot-opened']);
  });

  it('needs a quorum of phase 1: the one of phase 2 may be larger or smaller [accept-has-quorum] [quorums-intersect]', () => {
    expect(blocked(context([[promise(3)], [], []], { quorums: flexible(3, 1, 3) }))).toEqual([]);
    expect(blocked(context([[promise(3)], [promise(3)], []], { quorums: flexible(3, 3, 1) }))).toEqual(['accept-has-quorum']);
  });

  it('hears the promises of its own ballot and no other, lower or higher [accept-has-quorum]', () => {
    const said = [promise(2), promise(3), promise(4)].reduce(say, EMPTY_HISTORY);
    expect(hearsOwnBallot(said, 3)).toEqual([promise(3)]);
  });
});

describe('adoption', () => {
  const votes = fc.option(fc.record({ ballot: fc.integer({ min: 1, max: 4 }), value: fc.nat({ max: 2 }) }));
  const promises = fc.array(votes.map((vote) => promise(5, vote)), { maxLength: 5 });

  it('allows a value exactly if no report forbids it: every reported vote is below some reported vote for the value (B=5 V=3) [accept-takes-highest-vote]', () => {
    fc.assert(
      fc.property(promises, fc.nat({ max: 2 }), (heard, value) => {
        const reported = heard.flatMap(({ vote }) => vote ?? []);
        const supported = reported.every((vote) => reported.some((other) => other.value === value && other.ballot >= vote.ballot));
        expect(adoptsHighest(heard, value, 5)).toBe(supported);
      }),
    );
  });

  it('some value may always be proposed: a leader with a quorum is never stuck (B=5 V=3)', () => {
    fc.assert(
      fc.property(promises, (heard) => {
        expect([0, 1, 2].some((value) => adoptsHighest(heard, value, 5))).toBe(true);
      }),
    );
  });

  it('the order of the promises does not matter (B=5 V=3)', () => {
    fc.assert(
      fc.property(promises, fc.nat({ max: 2 }), (heard, value) => {
        expect(adoptsHighest([...heard].reverse(), value, 5)).toBe(adoptsHighest(heard, value, 5));
      }),
    );
  });
});

describe('the quick way to find a quorum that adopts the value', () => {
  it('equals trying every quorum with one promise of each (4 acceptors, majorities, sizes and a grid, random promises)', () => {
    const vote = fc.option(fc.record({ ballot: fc.integer({ min: 1, max: 4 }), value: fc.nat(1) }), { nil: null });
    const heard = fc.array(fc.array(vote.map((reported) => promise(3, reported)), { maxLength: 3 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(heard, fc.constantFrom(majorities(4), flexible(4, 1, 4), flexible(4, 2, 3), grid(2, 2)), fc.nat(1), (messages, quorums, value) => {
        const what = context(messages, { quorums, value });
        expect(anyPromisesAdopt(what)).toBe(someQuorumAdopts(what, quorumOfPhase1, adoptsHighest));
        expect(oneQuorumAdopts(what)).toBe(someQuorumAdopts(what, (acceptors) => quorums.phase1.includes(setOf(acceptors)), adoptsHighest));
      }),
      { numRuns: 500 },
    );
  });
});
