import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from './version.js';

/** Each starts the command many times: seconds that npm test does without. */
const SLOW = process.env.PAXCHECK_SLOW !== undefined;

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REGISTER = new URL('register.mjs', import.meta.url).href;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-test-'));
  const header = {
    format: 'paxos-trace', version: '1.0', profile: 'synod', quorums: { kind: 'majority' }, ballots: { kind: 'integer' }, order: 'per-node', durable: 'before-send', source: { implementation: 'by hand' },
    nodes: [...['a1', 'a2', 'a3'].map((id) => ({ id, roles: ['acceptor'] })), ...['p1', 'p2'].map((id) => ({ id, roles: ['leader'] }))],
    complete: ['prepare', 'promise', 'accept', 'accepted'],
  };
  const logs: Record<string, object[]> = {
    a1: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }, { kind: 'promise', ballot: 2, votes: [] }],
    a2: [{ kind: 'promise', ballot: 1, votes: [] }, { kind: 'accepted', ballot: 1, value: 'x' }],
    p1: [{ kind: 'prepare', ballot: 1 }, { kind: 'accept', ballot: 1, value: 'x' }],
    p2: [{ kind: 'prepare', ballot: 2 }],
  };
  for (const [at, events] of Object.entries(logs)) {
    const text = [header, ...events.map((event, i) => ({ at, i, ...event }))].map((line) => `${JSON.stringify(line)}\n`).join('');
    if (at === 'p1') writeFileSync(join(folder, 'p1.ndjson.gz'), gzipSync(text));
    else writeFileSync(join(folder, `${at}.ndjson`), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input?: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', REGISTER, MAIN, ...args], { cwd: folder, encoding: 'utf8', ...(input !== undefined && { input }), env: { ...process.env, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') } });
  return { code: status, stdout, stderr };
}

describe('paxcheck check: logs of single nodes, one of them compressed', () => {
  it('finds the wrong line in its file, and writes the order', () => {
    const { code, stdout } = run(['check', '.', '--linearize', 'order.txt']);
    expect(code).toBe(1);
    expect(stdout).toContain('a1.ndjson:4: wrong: promise-reports-highest-vote at a1');
    expect(stdout).toContain('see       a1.ndjson:3');
    const again = run(['check', 'order.txt']);
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('wrong: promise-reports-highest-vote at a1')]);
    rmSync(join(folder, 'order.txt'));
  });

  it('in a pipe: 80 columns, but the first lines of traces and findings stay whole', () => {
    const { stdout } = run(['check', '.']);
    const [title, ...rest] = stdout.trimEnd().split('\n');
    expect(title!.length).toBeGreaterThan(80);
    expect(title).toMatch(/^a1\.ndjson:1 and 3 more files: unsafe: .*, and this can cost agreement$/);
    for (const line of rest.filter((each) => each.startsWith(' '))) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).toContain('see       a1.ndjson:3: a1 accepted 1 "x"\n    before    a1.ndjson:2: a1 promise 1, no vote\n');
  });

  it('as JSON, with files', () => {
    const { stdout } = run(['check', '--json', '.']);
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ verdict: 'unsafe', first: { file: 'a1.ndjson', line: 4, rule: 'promise-reports-highest-vote' }, files: ['a1.ndjson', 'a2.ndjson', 'p1.ndjson.gz', 'p2.ndjson'] });
  });

  it('as JSON, with the hashes of the parts, of their content when unpacked, and of the list of those', () => {
    const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
    const files = ['a1.ndjson', 'a2.ndjson', 'p1.ndjson.gz', 'p2.ndjson'];
    const bytesOf = (file: string): Buffer => (file.endsWith('.gz') ? gunzipSync(readFileSync(join(folder, file))) : readFileSync(join(folder, file)));
    const parts = files.map((file) => ({ file, line: 1, sha256: sha256(bytesOf(file)) })).sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
    const whole = sha256(parts.map((part) => `${part.sha256}\n`).join(''));
    const [verdict, last] = run(['check', '--json', '.']).stdout.split('\n');
    expect(JSON.parse(verdict!)).toMatchObject({ sha256: whole, parts, checker: VERSION });
    expect(JSON.parse(last!)).toEqual({ format: 'paxcheck-summary', version: 1, checker: VERSION, strict: false, lines: 1, traces: 1, of: 1, verdicts: { conforms: 0, deviates: 0, unsafe: 1, inconclusive: 0 }, notUnderstood: 0, untested: 0 });
  });

  it.skipIf(!SLOW)('are in one shard of two, as a whole, and in threads too', () => {
    const shards = [1, 2].map((number) => run(['check', '--shard', `${number}/2`, '--threads', '2', '.']));
    expect(shards.map(({ stdout }) => / of 2: (\d) of 1 trace: /.exec(stdout)?.[1]).sort()).toEqual(['0', '1']);
    expect(shards.map(({ code }) => code).sort()).toEqual([0, 1]);
  });

  it.skipIf(!SLOW)('of one trace the hash is that of the file; an unknown kind is an error under --strict, and told as JSON', () => {
    const text = `${readFileSync(join(folder, 'p2.ndjson'), 'utf8')}{"at":"p2","i":1,"kind":"nap"}`;
    const [verdict] = run(['check', '--json', '-'], text).stdout.split('\n');
    expect(JSON.parse(verdict!)).toMatchObject({ sha256: createHash('sha256').update(text).digest('hex') });
    const [error, last] = run(['check', '--json', '--strict', '-'], text).stdout.split('\n');
    expect(JSON.parse(error!)).toMatchObject({ format: 'paxcheck-verdict', file: '-', error: { name: 'TraceWarning', code: 'UNKNOWN_KIND' } });
    expect(JSON.parse(last!)).toMatchObject({ lines: 1, traces: 0, of: 1, notUnderstood: 1, strict: true });
  });

  it.skipIf(!SLOW)('as annotations, and a summary for the page of the run', () => {
    const { code, stdout } = run(['check', '-f', 'github', '.']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^::error file=a1.ndjson,line=4,title=promise-reports-highest-vote::/)]);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('| a1.ndjson:1 | unsafe |');
  });

  it.skipIf(!SLOW)('as a page, with the wrong line in its file', () => {
    const { code, stdout } = run(['check', '-f', 'html', '.']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^<!DOCTYPE html>[^]*a1\.ndjson:4: <span class="wrong-word">wrong<\/span>: promise-reports-highest-vote at a1[^]*<\/html>\n$/)]);
  });

  it.skipIf(!SLOW)('with an unknown kind under --strict: an error of the trace, in the report and not beside it', () => {
    const kind = readFileSync(join(folder, 'p2.ndjson'), 'utf8').replace('"kind":"prepare"', '"kind":"ask"');
    const { code, stdout } = run(['check', '--strict', '--json', '-'], kind);
    expect([code, JSON.parse(stdout.split('\n')[0]!)]).toMatchObject([3, { format: 'paxcheck-verdict', line: 2, error: { code: 'UNKNOWN_KIND' } }]);
    expect(run(['check', '--strict', '-f', 'html', '-'], kind)).toMatchObject({ code: 3, stdout: expect.stringContaining('UNKNOWN_KIND') as unknown });
  });

  it.skipIf(!SLOW)('under --strict: what is not there did not happen, though the header does not say that it is complete', () => {
    const header = readFileSync(join(folder, 'p2.ndjson'), 'utf8').split('\n')[0]!.replace('"per-node"', '"total"').replace(/"complete":\[[^\]]*\]/, '"complete":[]');
    const text = `${header}\n{"at":"a1","kind":"accepted","ballot":1,"value":"x"}\n`;
    expect(run(['check', '--json', '-'], text).stdout).toContain('"verdict":"inconclusive"');
    expect(run(['check', '--json', '--strict', '-'], text).stdout).toContain('"rule":"vote-has-proposal"');
  });

  it.skipIf(!SLOW)('without the file of a leader: votes that nobody asked for', () => {
    const { code, stdout } = run(['check', 'a1.ndjson', 'a2.ndjson', 'p2.ndjson']);
    expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining('what it needs is in none of these logs')]);
  });

  it.skipIf(!SLOW)('with a file that is not understood: nothing is said of the others, exit code 3', () => {
    writeFileSync(join(folder, 'cut.txt'), readFileSync(join(folder, 'a2.ndjson')).subarray(0, -20));
    const { code, stdout, stderr } = run(['check', 'a1.ndjson', 'cut.txt', 'p1.ndjson.gz', 'p2.ndjson']);
    rmSync(join(folder, 'cut.txt'));
    expect([code, stdout]).toEqual([3, expect.stringContaining('0 traces: 1 file not understood')]);
    expect(stderr).toContain('TRACE_CUT');
    expect(stderr).toContain('the logs of single nodes are not checked');
  });

  it.skipIf(!SLOW)('the same file twice, or --linearize without such logs, is refused', () => {
    expect(run(['check', 'a1.ndjson', 'a1.ndjson'])).toMatchObject({ code: 3, stderr: expect.stringContaining('INDEX_TWICE') as unknown });
    const { stdout } = run(['shrink', 'a1.ndjson']);
    expect(run(['check', '-', '--linearize', 'x'], stdout)).toMatchObject({ code: 64, stderr: expect.stringContaining('there is no order to write') as unknown });
  });
});

describe('paxcheck shrink', () => {
  it('writes a trace with the same rule broken, and says how much is left', () => {
    const { code, stdout, stderr } = run(['shrink', '.']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\d events? of 8 are left; a1.ndjson:4 breaks promise-reports-highest-vote/);
    expect(run(['check', '-'], stdout)).toMatchObject({ code: 1 });
  });

  it('says so where there is nothing wrong, or nothing to read', () => {
    expect(run(['shrink', 'p2.ndjson'])).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('there is nothing to shrink') as unknown });
    expect(run(['shrink', 'a1.ndjson', '--line', '7'])).toMatchObject({ code: 64, stderr: expect.stringContaining('no trace of a1.ndjson has its header in line 7') as unknown });
    expect(run(['shrink', 'none.ndjson'])).toMatchObject({ code: 3 });
    expect(run(['shrink', 'a1.ndjson', '--output', 'no/such/folder'])).toMatchObject({ code: 64 });
  });
});
