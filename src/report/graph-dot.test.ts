import { describe, expect, it } from 'vitest';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import { synod } from '../../model/synod.js';
import type { Synod } from '../../model/synod.js';
import type { Graph } from '../engine/graph.js';
import { graphOf } from '../engine/graph.js';
import { spaceOf } from '../engine/space.js';
import { actionText, graphDot } from './graph-dot.js';

const graphFor = (protocol: Synod): Graph => graphOf(spaceOf(protocol, 'none', []));
const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

/** Outside of strings and comments. */
const bare = (dot: string): string => dot.replaceAll(/^\/\/.*$/gm, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');

describe('graphs for Graphviz', () => {
  it('as many nodes and edges as the graph has, balanced braces and quotes, every state in the rank of its level (A=2 B=2 V=2)', () => {
    const graph = graphFor(synod(2, 2, 2));
    const dot = [...graphDot(graph)].join('');
    expect(matches(dot, /^ {2}s\d+ \[label=/gm)).toBe(graph.states.length);
    expect(matches(dot, /^ {2}s\d+ -> s\d+ \[label="[^"]+"\];$/gm)).toBe(graph.edges.length);
    expect(matches(bare(dot), /\{/g)).toBe(matches(bare(dot), /\}/g));
    expect(bare(dot).replaceAll('""', '')).not.toContain('"');
    expect(matches(dot, /rank=same/g)).toBe(Math.max(...graph.states.map(({ level }) => level)) + 1);
    expect(dot.endsWith('}\n')).toBe(true);
  });

  it('labels say what was sent, promised and voted for (A=1 B=2 V=2)', () => {
    const dot = [...graphDot(graphFor(synod(1, 2, 2)))].join('');
    expect(dot).toContain('s0 [label="nothing sent\\na1: -"');
    expect(dot).toContain('"prepare 1, accept 1 x\\na1: promised 1, vote 1 x"');
    expect(dot).toContain('[label="promise 2 at a1"]');
  });

  it('strings are escaped: quotes and backslashes in a name stay in the string', () => {
    const graph = graphFor(synod(1, 1, 1));
    const dot = [...graphDot({ ...graph, protocol: { ...graph.protocol, quorums: { ...graph.protocol.quorums, name: 'a "b" \\' } } })].join('');
    expect(dot).toContain('quorums: a \\"b\\" \\\\; ');
    expect(bare(dot).replaceAll('""', '')).not.toContain('"');
  });

  it('only states that break agreement are red: none of the reference, some of A7 (A=1 B=2 V=2)', () => {
    const red = (protocol: Synod): number => matches([...graphDot(graphFor(protocol))].join(''), /penwidth=3/g);
    const a7 = synodWith(mutantNamed('A7')!, 1, 2, 2);
    expect(red(synod(1, 2, 2))).toBe(0);
    expect(red(a7)).toBe(graphFor(a7).states.filter(({ broken }) => broken.includes('Agreement')).length);
    expect(red(a7)).toBeGreaterThan(0);
  });

  it('names every kind of action', () => {
    expect([
      actionText({ kind: 'prepare', ballot: 2 }), actionText({ kind: 'accept', ballot: 2, value: 1 }), actionText({ kind: 'promise', acceptor: 0, ballot: 2 }),
      actionText({ kind: 'vote', acceptor: 2, ballot: 1, value: 0 }), actionText({ kind: 'crash', acceptor: 1 }), actionText({ kind: 'act', acceptor: 1 }),
    ]).toEqual(['prepare 2', 'accept 2 y', 'promise 2 at a1', 'vote 1 x at a3', 'crash at a2', 'act at a2']);
  });
});
