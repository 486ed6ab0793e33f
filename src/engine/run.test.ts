import { describe, expect, it } from 'vitest';
import { propertyNamed } from '../../model/invariants.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import { smallestBounds } from '../../model/known-lengths.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { blockers, initialCluster, synod, take } from '../../model/synod.js';
import { explore } from './explore.js';

/** Takes the actions in the model, where each must be possible. */
function replayed(protocol: Synod, actions: Parameters<typeof take>[2][]): Cluster {
  let cluster = initialCluster(protocol);
  for (const action of actions) {
    expect(blockers(protocol, cluster, action)).toEqual([]);
    cluster = take(protocol, cluster, action).next;
  }
  return cluster;
}

describe('counterexamples are runs of the model', () => {
  const broken = MUTANTS.filter(({ breaks, id }) => breaks === 'agreement' && !['D6', 'L2', 'L4'].includes(id));

  it.each(broken.map(({ id }) => id))('%s: every action is possible, and the last one breaks agreement, none before', (id) => {
    const { acceptors, ballots, values } = smallestBounds(id)!;
    const protocol = synodWith(mutantNamed(id)!, acceptors, ballots, values);
    const agreement = propertyNamed('Agreement')!;
    const { run } = explore(protocol, { properties: [agreement] }).properties.find(({ name }) => name === 'Agreement')!;
    const actions = run!.transitions.map(({ action }) => action);
    if (agreement.kind !== 'state') throw new Error('Agreement is a state invariant');
    expect(agreement.holds(protocol, replayed(protocol, actions))).toBe(false);
    expect(agreement.holds(protocol, replayed(protocol, actions.slice(0, -1)))).toBe(true);
  });

  it('a step invariant ends with the step that breaks it (A7 A=3 B=2 V=2)', () => {
    const protocol = synodWith(mutantNamed('A7')!, 3, 2, 2);
    const found = explore(protocol).properties.find(({ name }) => name === 'PromiseReportsHighestVote')!;
    expect(found.run!.transitions.length).toBe(7);
    expect(found.run!.transitions.at(-1)!.action.kind).toBe('promise');
    expect(found.because).toContain('no vote is reported');
  });
});

describe('exploration from a given state', () => {
  it('the reference goes on safely from any state it reached itself', () => {
    const protocol = synod(3, 2, 2);
    const start = replayed(protocol, [{ kind: 'prepare', ballot: 1 }, { kind: 'promise', acceptor: 0, ballot: 1 }, { kind: 'promise', acceptor: 1, ballot: 1 }, { kind: 'accept', ballot: 1, value: 0 }]);
    const result = explore(protocol, { start });
    expect(result.verdict).toBe('conforms');
    expect(result.distinct).toBeGreaterThan(100);
  });

  it('an acceptor that forgot its vote costs agreement, although everybody is correct from here on', () => {
    const protocol = synod(3, 2, 2);
    const chosen = replayed(protocol, [
      { kind: 'prepare', ballot: 1 }, { kind: 'promise', acceptor: 0, ballot: 1 }, { kind: 'promise', acceptor: 1, ballot: 1 }, { kind: 'accept', ballot: 1, value: 0 },
      { kind: 'vote', acceptor: 0, ballot: 1, value: 0 }, { kind: 'vote', acceptor: 1, ballot: 1, value: 0 },
    ]);
    const forgetful = { ...chosen, acceptors: chosen.acceptors.map((acceptor, index) => (index === 1 ? { ...acceptor, state: { promised: 0, vote: null } } : acceptor)) };
    const result = explore(protocol, { start: forgetful });
    expect(result.verdict).toBe('unsafe');
    // prepare(2), two promises, accept(2, y), two votes
    expect(result.properties.find(({ name }) => name === 'Agreement')!.run!.transitions.length).toBe(6);
    expect(explore(protocol, { start: chosen }).verdict).toBe('conforms');
  });
});
