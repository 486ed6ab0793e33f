import { describe, expect, it } from 'vitest';
import { explore } from '../src/index.js';
import { synodWith } from './mutant.js';
import { mutantNamed } from './mutants.js';
import { majorities } from './quorum.js';
import type { Mapped } from './refinement.js';
import { asConsensus, asVoting, consensusStep, synodStep, votingOf, votingStep } from './refinement.js';
import { safeAt } from './invariants.js';
import { chosenValues } from './learner.js';
import type { Cluster, Synod } from './synod.js';
import { initialCluster, saidIn, successors, synod } from './synod.js';
import type { Voting, VotingState } from './voting.js';
import { initialVoting, isSafeAt, takeVoting, votingSuccessors } from './voting.js';

/** What all steps from all reachable states are on the level above, and the number of states. Stops at an impossible step. */
function mapAll<S>(start: S, next: (state: S) => readonly S[], step: (before: S, after: S) => Mapped<unknown>): { states: number; step: number; stutters: number; impossible: string[] } {
  const open = [start];
  const seen = new Set([JSON.stringify(start)]);
  const counts = { step: 0, stutters: 0 };
  for (const state of open) {
    for (const after of next(state)) {
      const mapped = step(state, after);
      if (mapped.kind === 'impossible') return { states: seen.size, ...counts, impossible: mapped.why.map(({ conjunct }) => conjunct) };
      counts[mapped.kind]++;
      if (seen.size < seen.add(JSON.stringify(after)).size) open.push(after);
    }
  }
  return { states: seen.size, ...counts, impossible: [] };
}

const mapSynod = (protocol: Synod) =>
  mapAll<Cluster>(initialCluster(protocol), (state) => successors(protocol, state).map(({ next }) => next), (before, after) => synodStep(protocol, before, after));

describe('every step of Synod is a step of Voting or changes nothing there', () => {
  it.each([[1, 3, 2, 275], [2, 3, 2, 1501], [3, 2, 2, 3921]])('(A=%i B=%i V=%i: all %i states)', (acceptors, ballots, values, states) => {
    const mapped = mapSynod(synod(acceptors, ballots, values));
    expect(mapped).toMatchObject({ states, impossible: [] });
    expect(mapped.step).toBeGreaterThan(0);
  });

  it.each(['H1', 'H3', 'H4', 'H8', 'H9'])('%s: also of this variant (A=2 B=2 V=2)', (id) => {
    expect(mapSynod(synodWith(mutantNamed(id)!, 2, 2, 2)).impossible).toEqual([]);
  });

  it('H6: not where phase 1 is skipped on the lowest ballot, which is safe: refinement is a proof, not the definition (A=3 B=2 V=2)', () => {
    expect(mapSynod(synodWith(mutantNamed('H6')!, 3, 2, 2)).impossible).toEqual(['some-quorum-shows-it-safe']);
  });
});

describe('every step of Voting is a step of Consensus or changes nothing there', () => {
  it.each([[2, 3, 2, 262], [3, 2, 2, 599], [3, 3, 2, 6752]])('(A=%i B=%i V=%i: all %i states)', (acceptors, ballots, values, states) => {
    const voting: Voting = { ballots, values, quorums: majorities(acceptors) };
    const mapped = mapAll<VotingState>(initialVoting(voting), (state) => votingSuccessors(voting, state).map(({ next }) => next), (before, after) => consensusStep(voting, before, after));
    expect(mapped).toMatchObject({ states, impossible: [] });
    expect(mapped.step).toBeGreaterThan(0);
  });
});

describe('the two levels mean the same by the same word (A=2 B=3 V=2, all states)', () => {
  it('SafeAt and chosen of Synod are those of the state of Voting behind it', () => {
    const protocol = synod(2, 3, 2);
    const voting = votingOf(protocol);
    const proposals = [1, 2, 3].flatMap((ballot) => [0, 1].map((value) => ({ ballot, value })));
    const meanings = (state: Cluster) => {
      const [said, above] = [saidIn(protocol, state), asVoting(state)];
      return {
        here: { chosen: chosenValues(said), safe: proposals.filter((proposal) => safeAt(said, proposal)) },
        above: { chosen: asConsensus(voting, above).chosen, safe: proposals.filter((proposal) => isSafeAt(voting, above, proposal)) },
      };
    };
    const compared = (state: Cluster): Cluster[] => {
      const { here, above } = meanings(state);
      expect(here).toEqual(above);
      return successors(protocol, state).map(({ next }) => next);
    };
    const { states } = mapAll<Cluster>(initialCluster(protocol), compared, () => ({ kind: 'stutters' }));
    expect(states).toBe(1501);
  });
});

/** The conjuncts that are false of the first step on a shortest run to disagreement that the level above does not have. */
function firstImpossible(id: string, ballots: number): { voting: string[]; consensus: string[] } {
  const protocol = synodWith(mutantNamed(id)!, 3, ballots, 2);
  const run = explore(protocol).properties.find(({ name }) => name === 'Agreement')!.run!;
  const states = [run.start, ...run.transitions.map(({ next }) => next)];
  const first = (step: (before: Cluster, after: Cluster) => Mapped<unknown>): string[] => {
    const mapped = states.slice(1).map((after, index) => step(states[index]!, after)).find(({ kind }) => kind === 'impossible');
    return mapped?.kind === 'impossible' ? mapped.why.map(({ conjunct }) => conjunct) : [];
  };
  return {
    voting: first((before, after) => synodStep(protocol, before, after)),
    consensus: first((before, after) => consensusStep(votingOf(protocol), asVoting(before), asVoting(after))),
  };
}

describe('a run to two chosen values has a step that Voting has not', () => {
  it.each([
    ['A1', 3, 'ballot-not-below-max-ballot', 'promise-reports-highest-vote'],
    ['A2', 2, 'ballot-not-below-max-ballot', 'promise-kept'],
    ['A7', 2, 'some-quorum-shows-it-safe', 'promise-reports-highest-vote'],
    ['P1', 2, 'some-quorum-shows-it-safe', 'accept-takes-highest-vote'],
    ['P9', 2, 'some-quorum-shows-it-safe', 'accept-has-quorum'],
    ['D2', 2, 'some-quorum-shows-it-safe', 'restart-remembers'],
  ])('%s (A=3 B=%i V=2): %s is false of it [%s]', (id, ballots, conjunct) => {
    expect(firstImpossible(id, ballots)).toEqual({ voting: [conjunct], consensus: ['nothing-chosen-yet'] });
  });

  it('P10 (A=3 B=1 V=2): two values in a ballot [one-value-per-ballot]', () => {
    expect(firstImpossible('P10', 1).voting.at(-1)).toBe('no-other-value-in-ballot');
  });

  it('Q3 (A=3 B=2 V=2): Voting has all of it, Consensus has not: quorums that do not meet are no bug of a step [quorums-intersect]', () => {
    expect(firstImpossible('Q3', 2)).toEqual({ voting: [], consensus: ['nothing-chosen-yet'] });
  });
});

describe('steps that are no steps of Voting (A=2 B=2 V=2)', () => {
  const voting: Voting = { ballots: 2, values: 2, quorums: majorities(2) };
  const start = initialVoting(voting);
  const both: VotingState = { ...start, maxBal: [1, 1] };
  const voted = takeVoting(both, { kind: 'voteFor', acceptor: 0, ballot: 1, value: 0 });

  it.each<[string, VotingState, VotingState, string]>([
    ['two acceptors at once', start, both, '2 = 1'],
    ['a vote taken back', voted, both, '1 = 0'],
    ['two votes at once', both, { maxBal: [2, 1], votes: [[{ ballot: 1, value: 0 }, { ballot: 2, value: 0 }], []] }, '2 = 1'],
    ['a ballot given up', both, { ...both, maxBal: [0, 1] }, '0 > 1'],
    ['a vote that does not take its acceptor to the ballot', both, { ...voted, maxBal: [2, 1] }, '2 = 1'],
  ])('%s', (_what, before, after, numbers) => {
    const mapped = votingStep(voting, before, after);
    expect(mapped.kind === 'impossible' && mapped.why.map((why) => why.numbers)).toEqual([numbers]);
  });

  it('nothing at all is a stutter', () => {
    expect(votingStep(voting, voted, voted)).toEqual({ kind: 'stutters' });
  });
});
