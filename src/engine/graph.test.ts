import { describe, expect, it } from 'vitest';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import { flexible } from '../../model/quorum.js';
import type { Synod } from '../../model/synod.js';
import { blockers, initialCluster, synod, take } from '../../model/synod.js';
import { explore } from './explore.js';
import type { Graph } from './graph.js';
import { graphOf } from './graph.js';
import { LimitError } from './limit-error.js';
import { spaceOf } from './space.js';
import type { Symmetry } from './symmetry.js';

const graphFor = (protocol: Synod, symmetry: Symmetry): Graph => graphOf(spaceOf(protocol, symmetry, []));
const sizeOf = ({ states, edges }: Graph): object => ({ distinct: states.length, transitions: edges.length });
const counted = (protocol: Synod, symmetry: Symmetry): object => {
  const { distinct, transitions } = explore(protocol, { symmetry, exhaust: true, properties: [] });
  return { distinct, transitions };
};
const mutant = (id: string, acceptors: number, ballots: number, values: number): Synod => synodWith(mutantNamed(id)!, acceptors, ballots, values);

describe('the graph is the one that is explored', () => {
  it.each([[1, 2, 1], [2, 2, 2], [2, 3, 2], [3, 2, 2], [4, 1, 2]])('states and edges are distinct states and transitions, one by one and merged (A=%i B=%i V=%i)', (acceptors, ballots, values) => {
    const protocol = synod(acceptors, ballots, values);
    for (const symmetry of ['none', 'full', 'acceptors', 'values'] as const) expect(sizeOf(graphFor(protocol, symmetry))).toEqual(counted(protocol, symmetry));
  });

  it.each(['A1', 'A7', 'A19', 'A25', 'D2', 'L6', 'P10', 'Q1', 'H1', 'H6'])('the same for %s (A=2 B=2 V=2)', (id) => {
    const protocol = mutant(id, 2, 2, 2);
    for (const symmetry of ['none', 'full'] as const) expect(sizeOf(graphFor(protocol, symmetry))).toEqual(counted(protocol, symmetry));
  });

  it('the same with quorums of one and two (A=2 B=2 V=2)', () => {
    const protocol = synod(2, 2, 2, { quorums: flexible(2, 1, 2) });
    expect(sizeOf(graphFor(protocol, 'none'))).toEqual(counted(protocol, 'none'));
  });

  it('has TLC\'s 3,921 states (A=3 B=2 V=2)', () => expect(graphFor(synod(3, 2, 2), 'none').states).toHaveLength(3921));

  it('every edge is a step of the model between its states (A=2 B=2 V=2, A7)', () => {
    const protocol = mutant('A7', 2, 2, 2);
    const { states, edges } = graphFor(protocol, 'none');
    expect(states[0]!.cluster).toEqual(initialCluster(protocol));
    for (const { from, to, action } of edges) {
      expect(blockers(protocol, states[from]!.cluster, action)).toEqual([]);
      expect(take(protocol, states[from]!.cluster, action).next).toEqual(states[to]!.cluster);
    }
  });

  it.each(['none', 'full'] as const)('numbers and levels are those of breadth first; the last level is the depth (A=2 B=2 V=2, symmetry %s)', (symmetry) => {
    const { states, edges } = graphFor(synod(2, 2, 2), symmetry);
    expect(states.map(({ id }) => id)).toEqual(states.map((_, index) => index));
    expect(states.every(({ level }, id) => id === 0 || level >= states[id - 1]!.level)).toBe(true);
    expect(states.at(-1)!.level + 1).toBe(explore(synod(2, 2, 2), { symmetry }).depth);
    for (const { from, to } of edges) expect(states[to]!.level).toBeLessThanOrEqual(states[from]!.level + 1);
  });

  it('says which invariants a state breaks: none of the reference, Agreement of A7 (A=1 B=2 V=2)', () => {
    expect(graphFor(synod(1, 2, 2), 'none').states.flatMap(({ broken }) => broken)).toEqual([]);
    expect(graphFor(mutant('A7', 1, 2, 2), 'none').states.flatMap(({ broken }) => broken)).toContain('Agreement');
  });

  it('gives up with a LimitError one state above the limit, and not at it (A=3 B=2 V=2: 443 states up to renaming)', () => {
    const space = spaceOf(synod(3, 2, 2), 'full', []);
    expect(() => graphOf(space, { maxStates: 442 })).toThrow(LimitError);
    expect(graphOf(space, { maxStates: 443 }).states).toHaveLength(443);
  });
});
