import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTraces } from '../trace/read.js';
import type { Trace } from '../trace/read.js';
import { mermaidText } from './to-mermaid.js';

async function read(text: string): Promise<Trace> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  for await (const trace of readTraces(stream(), 'log.ndjson')) return trace;
  throw new Error('no trace');
}

const SPEC = readFileSync(new URL('../../spec/trace-format.md', import.meta.url), 'utf8');
const EXAMPLE = /```ndjson\n([^`]*)```/.exec(SPEC)![1]!;
const header = { ...JSON.parse(EXAMPLE.split('\n')[0]!), events: undefined };
const diagram = (trace: Trace): string => [...mermaidText(trace)].join('');

// Words that begin something else than an actor, in any version of Mermaid.
const WORDS = /^(?:participant|actor|create|destroy|box|end|loop|rect|opt|alt|else|par|and|critical|option|break|note|left|right|over|links?|properties|details|autonumber|activate|deactivate|title|acctitle|accdescr|as|wrap|nowrap|style|classdef)$/i;

interface Drawn {
  readonly labels: ReadonlyMap<string, string>;
  readonly lines: readonly (readonly [string, string, string] | readonly [string, string])[];
}

/** The text after its entities are put back, which must be the only use of # and ;. */
function decoded(text: string): string {
  expect(text.replace(/#[0-9]+;/g, '')).not.toMatch(/[#;:<>&%{}\n\r\u2028\u2029\\`@]/);
  expect(text.trim()).not.toBe('');
  return text.replace(/#([0-9]+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

/** The part of the grammar that is needed: participants first, then arrows and notes between them. */
function parsed(text: string): Drawn {
  const [first, ...rest] = text.trimEnd().split('\n');
  expect(first).toBe('sequenceDiagram');
  const labels = new Map<string, string>();
  const lines: Drawn['lines'][number][] = [];
  for (const line of rest) {
    const participant = /^ {2}participant (\w+) as (.+)$/.exec(line);
    const arrow = /^ {2}(\w+)(?:->>|-->>)(\w+): (.+)$/.exec(line);
    const note = /^ {2}Note over (\w+): (.+)$/.exec(line);
    const actors = (participant?.slice(1, 2) ?? arrow?.slice(1, 3) ?? note?.slice(1, 2))!;
    expect([line, actors]).toEqual([line, expect.any(Array)]);
    for (const actor of actors) expect(actor).not.toMatch(WORDS);
    if (participant !== null) {
      expect([labels.has(actors[0]!), lines.length]).toEqual([false, 0]);
      labels.set(actors[0]!, decoded(participant[2]!));
      continue;
    }
    for (const actor of actors) expect(labels.has(actor)).toBe(true);
    lines.push(arrow !== null ? [arrow[1]!, arrow[2]!, decoded(arrow[3]!)] : [note![1]!, decoded(note![2]!)]);
  }
  return { labels, lines };
}

describe('export for Mermaid', () => {
  it('the example of the format, line by line', async () => {
    const { labels, lines } = parsed(diagram(await read(EXAMPLE)));
    expect([...labels.keys()]).toEqual(['a1', 'a2', 'a3', 'p1', 'l1']);
    expect(lines).toEqual([
      ['p1', 'propose "x"'],
      ['p1', 'prepare 1'],
      ...['a1', 'a2', 'a3'].flatMap((id) => [['p1', id, 'prepare 1'], [id, 'p1', 'promise 1, no vote']]),
      ['p1', 'accept 1 "x"'],
      ...['a1', 'a2'].flatMap((id) => [['p1', id, 'accept 1 "x"'], [id, 'p1', 'accepted 1 "x"']]),
      ['p1', 'chosen 1 "x"'],
      ['p1', 'a3', 'accept 1 "x"'],
      ['a3', 'p1', 'accepted 1 "x"'],
      ['l1', 'decided 1 "x"'],
    ]);
  });

  it('an answer to a request that is not in the log, a crash and a restart are notes', async () => {
    const events = [{ at: 'a1', kind: 'promise', ballot: 2, votes: [] }, { at: 'a1', kind: 'crash' }, { at: 'a1', kind: 'restart', promised: 2, votes: [{ ballot: 1, value: 'x' }] }];
    const { lines } = parsed(diagram(await read([header, ...events].map((line) => JSON.stringify(line)).join('\n'))));
    expect(lines).toEqual([['a1', 'promise 2, no vote'], ['a1', 'crash'], ['a1', 'restart, promised 2, "x" in ballot 1']]);
  });

  it('every trace of the corpus fits the grammar, each event in one note or after one arrow', async () => {
    for (const folder of ['accepted', 'rejected']) {
      const url = new URL(`../../traces/${folder}/`, import.meta.url);
      for (const file of readdirSync(url)) {
        const trace = await read(readFileSync(new URL(file, url), 'utf8'));
        const { lines } = parsed(diagram(trace));
        const arrows = lines.filter((line) => line.length === 3).length;
        expect(lines.length - arrows / 2).toBe(trace.events.length);
      }
    }
  });

  it('no id, ballot or value gets out of its place', async () => {
    const hostile = ['end', 'note', 'x;y', 'x#y', 'a:b', 'a->>b: c', '%%{init: {}}%%', '<script>', '\n  end', ' ', '\u2028', 'style a:b#c;', ':wrap:x', '&amp;', 'as', '\ud800', 'node1', '`', '@{"type":"actor"}'];
    const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 2, maxLength: 6 }), text, text, async (ids, name, value) => {
        const nodes = ids.map((id) => ({ id, roles: ['acceptor', 'leader', 'learner'] }));
        const events = [{ at: ids[0], kind: 'prepare', ballot: name }, { at: ids[1], kind: 'promise', ballot: name, votes: [{ ballot: name, value }] }, { at: ids[0], kind: 'accept', ballot: name, value }, { at: ids[1], kind: 'decided', value: { [`k${value}`]: value } }];
        const trace = await read([{ ...header, nodes, ballots: { kind: 'list', order: [name] } }, ...events].map((line) => JSON.stringify(line)).join('\n'));
        const { labels, lines } = parsed(diagram(trace));
        expect([labels.size, lines.length]).toEqual([ids.length, 5]);
      }),
      { numRuns: 200 },
    );
  });
});
