import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTraces } from '../trace/read.js';
import type { Trace } from '../trace/read.js';
import { tlaText } from './to-tla.js';
import { TRACE_CONFIG, traceSpec } from './trace-spec.js';

/** Anything that was JSON. */
type Json = ReturnType<typeof JSON.parse>;

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
const traceOf = (events: readonly object[], change: object = {}): Promise<Trace> => read([{ ...header, ...change }, ...events].map((line) => JSON.stringify(line)).join('\n'));
const recordsOf = (trace: Trace): Json[] => [...tlaText(trace)].map((line) => JSON.parse(line));
const corpus = (id: string): Promise<Trace> => read(readFileSync(new URL(`../../traces/${id}.ndjson`, import.meta.url), 'utf8'));

describe('records for TLA+', () => {
  it('the example of the format', async () => {
    const rows = recordsOf(await read(EXAMPLE)).map(({ kind, at, bal, val, mbal, mval, quorum, named }) => [kind, at, bal, val, mbal, mval, named ? quorum : null]);
    expect(rows.slice(0, 7)).toEqual([
      ['propose', 'p1', -1, 1, -1, -1, null],
      ['prepare', 'p1', 1, -1, -1, -1, null],
      ['promise', 'a1', 1, -1, 0, 0, null],
      ['promise', 'a2', 1, -1, 0, 0, null],
      ['promise', 'a3', 1, -1, 0, 0, null],
      ['accept', 'p1', 1, 1, -1, -1, ['a1', 'a2']],
      ['accepted', 'a1', 1, 1, -1, -1, null],
    ]);
  });

  it('ballots are dense ranks in their order, values numbers from 1, of several votes the highest counts', async () => {
    const vote = (counter: number, value: unknown): object => ({ ballot: [counter, 'p1'], value });
    const trace = await traceOf(
      [
        { at: 'a1', kind: 'promise', ballot: [70, 'a1'], votes: [vote(9, 'x'), vote(30, { y: null })] },
        { at: 'a1', kind: 'restart', promised: [70, 'p1'], votes: [] },
        { at: 'a1', kind: 'restart', promised: [] },
        { at: 'l1', kind: 'decided', value: 'x', quorum: [] },
      ],
      { ballots: { kind: 'pair' } },
    );
    expect(recordsOf(trace)).toMatchObject([
      { bal: 3, mbal: 2, mval: 2, val: -1 },
      { bal: 4, mbal: 0, mval: 0 },
      { bal: 0, mbal: -1, mval: -1 },
      { bal: -1, val: 1, quorum: [], named: true },
    ]);
    expect(recordsOf(await traceOf([{ at: 'a1', kind: 'restart' }], { durable: 'none' }))).toMatchObject([{ bal: 0, mbal: 0, mval: 0 }]);
  });

  it('every record of the corpus has the same fields, of the same types, and none is null: TLC can compare them', async () => {
    for (const folder of ['accepted', 'rejected']) {
      for (const file of readdirSync(new URL(`../../traces/${folder}/`, import.meta.url))) {
        const trace = await corpus(`${folder}/${file.replace('.ndjson', '')}`);
        const records = recordsOf(trace);
        expect(records).toHaveLength(trace.events.length);
        for (const record of records) {
          expect(Object.keys(record)).toEqual(['kind', 'at', 'bal', 'val', 'mbal', 'mval', 'quorum', 'named']);
          expect([record.bal, record.val, record.mbal, record.mval].every((number) => Number.isInteger(number) && number >= -1)).toBe(true);
        }
      }
    }
  });
});

/** The module without comments; strings become "". Throws if a comment or a string is not closed. */
function bare(module: string): string {
  const rest = module.replace(/\(\*[^]*?\*\)|\\\*[^\n]*|"[^"\\\n]*"/g, (part) => (part.startsWith('"') ? '""' : ' '));
  expect(rest.replaceAll('""', '')).not.toMatch(/"|\(\*|\*\)/);
  return rest;
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [bracket] of text.matchAll(/<<|>>|[()[\]{}]/g)) {
    const opening = { ')': '(', ']': '[', '}': '{', '>>': '<<' }[bracket];
    if (opening === undefined) open.push(bracket);
    else if (open.pop() !== opening) return false;
  }
  return open.length === 0;
}

describe('the specification of a trace', () => {
  it('is a module of that name in which whatever is opened is closed, whatever the ids are', async () => {
    const ids = ['a"1', 'x\\y', '*)', '\n====\n', 'é', 'node1'];
    const trace = await traceOf([{ at: '*)', kind: 'crash' }], { nodes: ids.map((id) => ({ id, roles: ['acceptor'] })), complete: [], quorums: { kind: 'sets', phase1: [ids.slice(0, 5)], phase2: [[ids[0], ids[5]], [ids[1]]] } });
    const module = traceSpec(trace, 'MyTrace', 'my trace.ndjson');
    const text = bare(module);
    expect(isBalanced(text)).toBe(true);
    expect(module).toMatch(/^---- MODULE MyTrace ----\n[^]*\n====\n$/);
    expect(text.match(/^====/gm)).toHaveLength(1);
    expect(module).toContain('Acceptor == {"node2", "node3", "node4", "node5", "node6", "node1"}');
    expect(module).toContain('Quorum2 == {\n  {"node2", "node1"}, \n  {"node3"}}');
    expect(recordsOf(trace)).toMatchObject([{ at: 'node4' }]);
    // Non-ASCII is not for every parser of TLA+.
    expect(module).toMatch(/^[\n -~]*$/);
  });

  it('knows which kinds are complete; those of a node that lost lines are not', async () => {
    const logged = async (events: readonly object[]): Promise<string> => /Logged == (.*)/.exec(traceSpec(await traceOf(events), 'T', 'f'))![1]!;
    expect(await logged([])).toBe('{"prepare", "promise", "accept", "accepted"}');
    expect(await logged([{ at: 'a1', kind: 'lost' }])).toBe('{"prepare", "accept"}');
  });

  it('majorities are given by their size', async () => {
    expect(traceSpec(await read(EXAMPLE), 'T', 'f')).toContain('Quorum1 == {Q \\in SUBSET Acceptor : Cardinality(Q) = 2}');
  });
});

// TLC with its community modules, as a class path; it is not ours to bring along.
const { TLC_CLASSPATH, JAVA = 'java' } = process.env;

describe.skipIf(TLC_CLASSPATH === undefined)('TLC', () => {
  function tlc(trace: Trace): string {
    const folder = mkdtempSync(join(tmpdir(), 'paxcheck-tlc-'));
    try {
      writeFileSync(join(folder, 'trace.ndjson'), [...tlaText(trace)].join(''));
      writeFileSync(join(folder, 'TraceSpec.tla'), traceSpec(trace, 'TraceSpec', 'trace.ndjson'));
      writeFileSync(join(folder, 'TraceSpec.cfg'), TRACE_CONFIG);
      return spawnSync(JAVA, ['-XX:+UseSerialGC', '-cp', TLC_CLASSPATH!, 'tlc2.TLC', '-nowarning', 'TraceSpec.tla'], { cwd: folder, encoding: 'utf8' }).stdout;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('accepts what conforms', async () => {
    for (const id of ['accepted/run-05', 'accepted/rule-restart-remembers-kept']) expect(tlc(await corpus(id))).toContain('No error has been found');
    expect(tlc(await read(EXAMPLE))).toContain('No error has been found');
  });

  it('stops at the record that is wrong', async () => {
    const { traces } = JSON.parse(readFileSync(new URL('../../traces/manifest.json', import.meta.url), 'utf8'));
    for (const rule of ['promise-kept', 'promise-reports-highest-vote', 'accept-takes-highest-vote', 'decision-has-quorum', 'restart-remembers']) {
      const { file, line } = traces.find(({ id }: Json) => id === `rule-${rule}-broken`);
      const output = tlc(await corpus(file.replace('.ndjson', '')));
      expect(output).toContain('Deadlock reached');
      expect([rule, Number([...output.matchAll(/\/\\ line = (\d+)/g)].at(-1)![1])]).toEqual([rule, line - 1]);
    }
  });
});
