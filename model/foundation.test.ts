import { describe, expect, it } from 'vitest';
import type { Foundation } from './foundation.js';
import { hasFoundation, withoutPromise, withVote } from './foundation.js';
import { blockedBy } from './guard.js';
import { majorities } from './quorum.js';

const quorums = majorities(3);
const ALL = 0b111;
const [y, a1, a2] = [1, 0, 1];

/** y proposed in ballot 3 by a leader that may have heard anybody: no votes, or the vote for y in 1. */
const foundation: Foundation = { vote: { ballot: 3, value: y }, able: ALL, ways: [{ highest: 0, quiet: ALL, reporters: ALL }, { highest: 1, quiet: ALL, reporters: 0b100 }] };
const broken = (left: Foundation): string[] => blockedBy(hasFoundation, { foundation: left, quorums }).map(({ conjunct }) => conjunct);

describe('a proposal on promises that nobody saw (A=3)', () => {
  it('has a foundation as long as a quorum can have promised its ballot', () => {
    expect(broken(foundation)).toEqual([]);
    expect(broken(withoutPromise(foundation, a1))).toEqual([]);
    expect(broken(withoutPromise(withoutPromise(foundation, a1), a2))).toEqual(['accept-has-quorum']);
  });

  it('has none if every quorum includes an acceptor that must have reported another vote', () => {
    const other = { ballot: 2, value: 0 };
    expect(broken(withVote(foundation, a1, other))).toEqual([]);
    expect(broken(withVote(withVote(foundation, a1, other), a2, other))).toEqual(['accept-takes-highest-vote']);
  });

  it('may rest on the report of a vote for its value: lower votes do not count then, as long as its voter can be heard', () => {
    const lower = { ballot: 1, value: y };
    const reported = withVote(withVote(foundation, a1, lower), a2, lower);
    expect(broken(reported)).toEqual([]);
    expect(broken(withoutPromise(reported, 2))).toEqual(['accept-takes-highest-vote']);
  });

  it('loses nothing by votes in its own ballot or above', () => {
    expect(withVote(foundation, a1, { ballot: 3, value: y })).toEqual(foundation);
  });

  it('says who is left', () => {
    const [blocked] = blockedBy(hasFoundation, { foundation: withoutPromise(withoutPromise(foundation, a1), a2), quorums });
    expect(blocked!.numbers).toBe('only {a3} can have promised ballot 3 before y was proposed in it');
  });
});
