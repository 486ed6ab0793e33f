import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Each starts the command many times: seconds that npm test does without. */
const SLOW = process.env.PAXCHECK_SLOW !== undefined;

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REGISTER = new URL('register.mjs', import.meta.url).href;
const TRACE = fileURLToPath(new URL('../../traces/rejected/rule-promise-reports-highest-vote-broken.ndjson', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', REGISTER, MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}
const written = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe.skipIf(!SLOW)('paxcheck convert', () => {
  it('there and back through ITF, also compressed, gives the same bytes', () => {
    expect(run('convert', '--to', 'itf', '-o', 'run.itf.json', TRACE)).toEqual({ code: 0, stdout: '', stderr: '' });
    writeFileSync(join(folder, 'run.itf.json.gz'), gzipSync(written('run.itf.json')));
    expect(run('convert', '--to', 'paxos-trace', 'run.itf.json.gz')).toEqual({ code: 0, stdout: readFileSync(TRACE, 'utf8'), stderr: '' });
  });

  it('records for TLA+, and a specification that reads them', () => {
    expect(run('convert', '--to', 'tla', '--spec', 'TraceSpec.tla', '-o', 'records.ndjson', TRACE).code).toBe(0);
    expect(written('TraceSpec.tla')).toMatch(/^---- MODULE TraceSpec ----\n[^]*ELSE "records.ndjson"/);
    expect(written('TraceSpec.cfg')).toContain('NEXT Next');
    expect(written('records.ndjson').split('\n')[0]).toContain('"kind":"prepare"');
  });

  it('logs of single nodes come in an order that explains them', () => {
    const header = {
      format: 'paxos-trace', version: '1.0', profile: 'synod', quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'per-node', durable: 'before-send', source: { implementation: 'by hand' }, complete: ['prepare', 'promise'],
      nodes: [{ id: 'a1', roles: ['acceptor'] }, { id: 'p1', roles: ['leader'] }],
    };
    const events = { a1: { kind: 'promise', ballot: 1, votes: [] }, p1: { kind: 'prepare', ballot: 1 } };
    for (const [at, event] of Object.entries(events)) writeFileSync(join(folder, `${at}.ndjson`), [header, { at, i: 0, ...event }].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { code, stdout } = run('convert', '--to', 'mermaid', 'a1.ndjson', 'p1.ndjson');
    expect([code, stdout.split('\n').slice(3)]).toEqual([0, ['  Note over p1: prepare 1', '  p1->>a1: prepare 1', '  a1-->>p1: promise 1, no vote', '']]);
  });

  it('a run of TLC is a trace that can be checked, or whatever is asked for', () => {
    const state = { maxBal: { a1: -1, a2: -1, a3: -1 }, msgs: [{ type: '2b', acc: 'a1', bal: 0, val: 'v' }] };
    writeFileSync(join(folder, 'dump.json'), JSON.stringify({ counterexample: { state: [[1, state]], action: [] }, vars: [] }));
    const { code, stdout } = run('convert', '--to', 'paxos-trace', '--quorums', '{a1,a2},{a2,a3}', 'dump.json');
    expect([code, stdout.split('\n')[1]]).toEqual([0, '{"at":"a1","kind":"accepted","ballot":0,"value":"v"}']);
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ quorums: { kind: 'sets', phase1: [['a1', 'a2'], ['a2', 'a3']] } });
    expect(run('convert', '--from', 'tlc', '--to', 'shiviz', 'dump.json').stdout).toContain('accepted 0 "v"\na1 {"a1":1}\n');
    expect(run('convert', '--to', 'paxos-trace', '--acceptors', 'n1', 'dump.json')).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('field "state 1.msgs.acc": expected an acceptor: "n1", got "a1"') as unknown });
  });

  it('bad input: exit code 3, where it is and what to do', () => {
    writeFileSync(join(folder, 'bad.json'), '{"states":[{"maxBal":{},\n"msgs":[}]}');
    expect(run('convert', '--to', 'itf', 'bad.json')).toMatchObject({ code: 3, stderr: expect.stringContaining('bad.json:2:9: TraceSyntaxError INVALID_JSON') as unknown });
    expect(run('convert', '--from', 'itf', '--to', 'itf', TRACE)).toMatchObject({ code: 3, stderr: expect.stringContaining('--from paxos-trace') as unknown });
    expect(run('convert', '--to', 'itf', 'none.ndjson')).toMatchObject({ code: 3 });
  });

  it('wrong usage: exit code 64, and nothing is written', () => {
    writeFileSync(join(folder, 'two.ndjson'), readFileSync(TRACE, 'utf8').repeat(2));
    writeFileSync(join(folder, 'log.ndjson'), written('two.ndjson').split('\n')[0]!.replace('"synod"', '"multi"').replace(/,"events":\d+/, ''));
    const cases: [string[], string][] = [
      [['--to', 'itf', 'log.ndjson'], '--slot'],
      [['--to', 'itf', '--spec', 'x.tla', TRACE], '--to tla'],
      [['--to', 'tla', '--spec', '1.tla', TRACE], 'TraceSpec.tla'],
      [['--to', 'itf', '--acceptors', 'a', TRACE], 'are for runs in itf or tlc'],
      [['--to', 'itf', '--quorums', '{}', '--from', 'itf', 'x.json'], 'expected majority'],
      [['--to', 'itf', '-o', 'out.itf.json', 'two.ndjson'], '--line'],
      [['--to', 'itf', '--line', '3', 'two.ndjson'], 'in that line'],
    ];
    for (const [args, message] of cases) expect([args, run('convert', ...args)]).toEqual([args, { code: 64, stdout: '', stderr: expect.stringContaining(message) as unknown }]);
    expect(['out.itf.json', 'x.tla', '1.tla'].some((file) => existsSync(join(folder, file)))).toBe(false);
  });
});
