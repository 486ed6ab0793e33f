import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '../check/check.js';
import { readTraces } from '../trace/read.js';
import type { Trace } from '../trace/read.js';
import { readDocument } from './document.js';
import { fromItf } from './from-itf.js';
import { itfText } from './to-itf.js';

const SPEC = readFileSync(new URL('../../spec/trace-format.md', import.meta.url), 'utf8');
const EXAMPLE = /```ndjson\n([^`]*)```/.exec(SPEC)![1]!;

/** Anything that was JSON. */
type Json = ReturnType<typeof JSON.parse>;

async function* stream(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function read(text: string): Promise<Trace> {
  for await (const trace of readTraces(stream(text), 'log.ndjson')) return trace;
  throw new Error('no trace');
}

const corpusOf = (folder: string): Promise<Trace[]> => {
  const url = new URL(`../../traces/${folder}/`, import.meta.url);
  return Promise.all(readdirSync(url).map((file) => read(readFileSync(new URL(file, url), 'utf8'))));
};

/** An expression of ADR-015, rule by rule; the path to what is none. */
function wrongIn(expression: Json, path: string): string | null {
  if (typeof expression === 'string' || typeof expression === 'boolean') return null;
  if (typeof expression === 'number') return Number.isSafeInteger(expression) ? null : path;
  if (typeof expression !== 'object' || expression === null) return path;
  const all = (parts: Json): string | null => (Array.isArray(parts) ? parts.reduce((wrong: string | null, part: unknown, index: number) => wrong ?? wrongIn(part, `${path}[${index}]`), null) : path);
  if (Array.isArray(expression)) return all(expression);
  const keys = Object.keys(expression);
  const special = keys.find((key) => key.startsWith('#'));
  if (special === undefined) return keys.reduce((wrong: string | null, key) => wrong ?? wrongIn(expression[key], `${path}.${key}`), null);
  if (keys.length > 1) return path;
  const inner = expression[special];
  if (special === '#bigint') return typeof inner === 'string' && /^-?[0-9]+$/.test(inner) ? null : path;
  if (special === '#tup') return all(inner);
  if (special === '#set') return Array.isArray(inner) && new Set(inner.map((member) => JSON.stringify(member))).size === inner.length ? all(inner) : path;
  if (special === '#map') return Array.isArray(inner) && inner.every((pair) => Array.isArray(pair) && pair.length === 2) && new Set(inner.map(([key]) => JSON.stringify(key))).size === inner.length ? all(inner) : path;
  return path;
}

/** What of a document is not as ADR-015 has it. */
function itfProblem(document: Json): string | null {
  const { vars, states, ...others } = document;
  if (Object.keys(others).some((key) => !['#meta', 'params', 'loop'].includes(key))) return 'unknown field';
  if (!Array.isArray(vars) || !vars.every((name) => typeof name === 'string')) return 'vars';
  if (!Array.isArray(states) || states.length === 0) return 'states';
  for (const [index, { '#meta': meta, ...variables }] of states.entries()) {
    if (typeof meta !== 'object') return `states[${index}].#meta`;
    if (Object.keys(variables).sort().join() !== [...vars].sort().join()) return `states[${index}]: other variables than vars`;
    const wrong = wrongIn(Object.values(variables), `states[${index}]`);
    if (wrong !== null) return wrong;
  }
  return null;
}

const exported = (trace: Trace): Json => JSON.parse([...itfText(trace)].join(''));
const backFrom = async (trace: Trace): Promise<Trace> => fromItf(await readDocument(stream([...itfText(trace)].join('')), 'run.itf.json'), 'run.itf.json');

let accepted: Trace[] = [];
let rejected: Trace[] = [];
beforeAll(async () => {
  accepted = await corpusOf('accepted');
  rejected = await corpusOf('rejected');
});

describe('export of ITF', () => {
  it('the validator of these tests finds what is wrong', () => {
    const state = { '#meta': {}, x: 1 };
    expect(itfProblem({ vars: ['x'], states: [state] })).toBeNull();
    expect(itfProblem({ vars: ['x', 'y'], states: [state] })).toContain('other variables');
    for (const x of [null, 1.5, { '#bigint': 1 }, { '#set': [1, 1] }, { '#map': [[1]] }, { '#other': [] }, [{ a: { '#set': [null] } }]]) {
      expect(itfProblem({ vars: ['x'], states: [{ '#meta': {}, x }] })).toMatch(/^states\[0\]/);
    }
  });

  it('conforms to ADR-015 for every trace of the corpus, with a state more than events', () => {
    expect([accepted.length, rejected.length].every((number) => number > 50)).toBe(true);
    for (const trace of [...accepted, ...rejected]) {
      const document = exported(trace);
      expect([trace.header.id, itfProblem(document)]).toEqual([trace.header.id, null]);
      expect(document.states).toHaveLength(trace.events.length + 1);
    }
  });

  it('the example of the format: who promised, who voted, and when x is chosen and decided', async () => {
    const { states, vars } = exported(await read(EXAMPLE));
    expect(vars).toEqual(['action', 'prepares', 'accepts', 'promises', 'votes', 'maxBal', 'maxVBal', 'maxVal', 'chosen', 'decided']);
    const one = { '#bigint': '1' };
    const zero = { '#bigint': '0' };
    const map = (...values: unknown[]): object => ({ '#map': ['a1', 'a2', 'a3'].map((id, index) => [id, values[index]]) });
    // Line 8 of the events is the second vote.
    expect(states.map(({ chosen }: Json) => chosen['#set'].length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(states[8]).toMatchObject({
      action: { kind: 'accepted', at: 'a2', ballot: one, value: 'x' },
      prepares: { '#set': [one] },
      accepts: { '#set': [{ ballot: one, value: 'x' }] },
      votes: map({ '#set': [{ ballot: one, value: 'x' }] }, { '#set': [{ ballot: one, value: 'x' }] }, { '#set': [] }),
      maxBal: map(one, one, one),
      maxVBal: map(one, one, zero),
      maxVal: map('x', 'x', 'none'),
      chosen: { '#set': ['x'] },
      decided: { '#map': [] },
    });
    expect(states[5].promises).toEqual(map(...[1, 2, 3].map(() => ({ '#set': [{ ballot: one, maxVBal: zero, maxVal: 'none' }] }))));
    expect(states.at(-1).decided).toEqual({ '#map': [['p1', 'x'], ['l1', 'x']] });
    expect(states[0]).toMatchObject({ action: { kind: 'init' }, prepares: { '#set': [] }, maxBal: map(zero, zero, zero) });
  });

  it('ballots are ranks, different values are different texts, and what they stand for is told', async () => {
    const [header] = EXAMPLE.split('\n') as [string];
    const values = ['1', 1, { b: 2, a: [null, 0.5] }, '__proto__'];
    const lines = values.map((value, index) => JSON.stringify({ at: 'p1', kind: 'accept', ballot: [10 * index + 5, 'p1'], value }));
    const trace = await read([JSON.stringify({ ...JSON.parse(header), events: undefined, ballots: { kind: 'pair' } }), ...lines].join('\n'));
    const document = exported(trace);
    expect(itfProblem(document)).toBeNull();
    expect(document['#meta'].ballots).toEqual([[1, [5, 'p1']], [2, [15, 'p1']], [3, [25, 'p1']], [4, [35, 'p1']]]);
    expect(document['#meta'].values).toEqual([['"1"', '1'], ['1', 1], ['{"a":[null,0.5],"b":2}', values[2]], ['"__proto__"', '__proto__']]);
    expect(document.states.at(-1).accepts['#set'].map(({ ballot, value }: Json) => [ballot['#bigint'], value])).toEqual([['1', '"1"'], ['2', '1'], ['3', '{"a":[null,0.5],"b":2}'], ['4', '"__proto__"']]);
    expect((await backFrom(trace)).events.map(({ event }) => event)).toEqual(trace.events.map(({ event }) => event));
  });
});

it('a trace that would fill the disk is refused', () => {
  expect(() => [...itfText(accepted[0]!, 1000)]).toThrow(expect.objectContaining({ code: 'LIMIT' }));
});

describe('import of what was exported', () => {
  it('gives every trace of the corpus back: the same header, events and verdict', async () => {
    for (const trace of [...accepted, ...rejected]) {
      const back = await backFrom(trace);
      expect(back.header).toEqual(trace.header);
      expect(back.events).toEqual(trace.events);
      expect([trace.header.id, check(back).verdict]).toEqual([trace.header.id, check(trace).verdict]);
    }
  });
});
