import { describe, expect, it } from 'vitest';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import { synod } from '../../model/synod.js';
import { graphOf } from '../engine/graph.js';
import { spaceOf } from '../engine/space.js';
import { graphNdjson } from './graph-ndjson.js';

const parsed = (lines: Iterable<string>): Record<string, unknown>[] => [...lines].map((line) => JSON.parse(line));

describe('graphs as NDJSON', () => {
  it('header, states, edges: each a line that parses, as many as the header says (A=2 B=2 V=2)', () => {
    const graph = graphOf(spaceOf(synod(2, 2, 2), 'none', []));
    const lines = [...graphNdjson(graph)];
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    const [header, ...rest] = parsed(lines);
    expect(header).toMatchObject({ format: 'paxcheck-graph', version: 1, bounds: { acceptors: 2, ballots: 2, values: 2, quorums: 'majorities' }, merged: { acceptors: false, values: false }, states: 145 });
    expect(header).not.toHaveProperty('mutant');
    expect(rest.filter((line) => 'state' in line)).toEqual(graph.states.map(({ id, level, cluster }) => ({ state: id, level, cluster })));
    expect(rest.filter((line) => 'from' in line)).toEqual(graph.edges);
    expect(rest).toHaveLength(graph.states.length + graph.edges.length);
    expect(header!.edges).toBe(graph.edges.length);
  });

  it('names the mutant, what was merged, and what a state breaks; says whose names an action bears (A7 A=1 B=2 V=2)', () => {
    const [header, ...rest] = parsed(graphNdjson(graphOf(spaceOf(synodWith(mutantNamed('A7')!, 1, 2, 2), 'full', [])), { mutant: 'A7' }));
    expect(header).toMatchObject({ mutant: 'A7', merged: { acceptors: false, values: true } });
    expect(header!.note).toContain('up to renaming');
    expect(rest.some(({ broken }) => Array.isArray(broken) && broken.includes('Agreement'))).toBe(true);
  });
});
