import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { Merger } from './merger.js';
import { readVerdicts } from './verdict-lines.js';

/** Each starts the command many times: seconds that npm test does without. */
const SLOW = process.env.PAXCHECK_SLOW !== undefined;

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REGISTER = new URL('register.mjs', import.meta.url).href;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'merge-test-'));
  mkdirSync(join(folder, 'logs'));
  const stored = storedTraces().filter(({ file }) => file.startsWith('accepted/rule-'));
  for (const [index, each] of stored.slice(0, 9).entries()) writeFileSync(join(folder, `logs/${index}.ndjson`), bytesOf(each));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input?: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', REGISTER, MAIN, ...args], { cwd: folder, encoding: 'utf8', ...(input !== undefined && { input }) });
  return { code: status, stdout, stderr };
}

const sha = (digit: string): string => digit.repeat(64);
const verdict = (fields: object = {}): string => JSON.stringify({ format: 'paxcheck-verdict', version: 1, checker: '1.0.0', sha256: sha('a'), file: 'log', line: 1, verdict: 'conforms', tested: true, warnings: [], ...fields });
const summaryLine = (fields: object = {}): string => JSON.stringify({ format: 'paxcheck-summary', version: 1, checker: '1.0.0', strict: false, lines: 1, of: 1, ...fields });

async function read(merger: Merger, ...lines: readonly string[]): Promise<void> {
  for await (const { number, line } of readVerdicts((async function* () { yield Buffer.from(lines.map((each) => `${each}\n`).join('')); })(), 'v.ndjson')) merger.add(line, { file: 'v.ndjson', line: number });
}

async function merged(strict: boolean, ...lines: readonly string[]): Promise<Merger> {
  const merger = new Merger(strict);
  await read(merger, ...lines);
  return merger;
}

describe.skipIf(!SLOW)('paxcheck merge', () => {
  it('of all shards says what one check of everything says, and of fewer which are missing', () => {
    const whole = run(['check', 'logs']);
    const shards = [1, 2, 3].map((number) => run(['check', '--json', '--shard', `${number}/3`, 'logs', ...(number === 2 ? ['--threads', '2'] : [])]));
    for (const [index, { stdout }] of shards.entries()) writeFileSync(join(folder, `${index}.verdicts`), stdout);
    const all = run(['merge', '0.verdicts', '1.verdicts', '2.verdicts', '0.verdicts']);
    expect([all.code, all.stdout]).toEqual([whole.code, whole.stdout.split('\n').at(-2)!.concat('\n')]);
    const fewer = run(['merge', '--json', '-'], [0, 2].map((index) => readFileSync(join(folder, `${index}.verdicts`), 'utf8')).join(''));
    expect([fewer.code, JSON.parse(fewer.stdout)]).toEqual([2, expect.objectContaining({ format: 'paxcheck-merge', complete: false, missing: ['2/3'] })]);
    expect(fewer.stderr).toContain('no summary of shard 2/3: the job may have died');
  });

  it('a file that is cut, or without its last line, is incomplete: exit code 2', () => {
    const { stdout } = run(['check', '--json', 'logs/0.ndjson']);
    for (const [text, reason] of [[stdout.slice(0, 100), 'ends within a line'], [stdout.split('\n')[0]!, 'has no summary line'], ['', 'has no summary line']] as const) {
      expect(run(['merge', '-'], text)).toMatchObject({ code: 2, stderr: expect.stringContaining(`incomplete: - ${reason}`) as unknown });
    }
    expect(run(['merge', '-'], stdout)).toMatchObject({ code: 0, stderr: '', stdout: '1 trace: 1 conforms\n' });
  });

  it('names both lines of a contradiction, and the line of what is foreign: exit code 3', () => {
    const lines = [verdict(), verdict({ verdict: 'unsafe' }), summaryLine({ lines: 2 })];
    expect(run(['merge', '-'], lines.join('\n'))).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^-:2: .*expected "conforms", as in -:1 .*, got "unsafe"\n {2}hint: /) as unknown });
    expect(run(['merge', 'logs/0.ndjson'])).toMatchObject({ code: 3, stderr: expect.stringMatching(/^logs\/0.ndjson:1: .*UNKNOWN_FORMAT.*got "paxos-trace"\n {2}hint: /) as unknown });
    expect(run(['merge', 'none.ndjson'])).toMatchObject({ code: 3 });
  });

  it('check refuses a shard that there is not, and says what its shard has', () => {
    for (const shard of ['0/4', '5/4', 'a/b']) expect(run(['check', 'logs', '--shard', shard])).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(`--shard ${shard}`) as unknown });
    expect(run(['check', 'logs', '--shard', '1/1']).stdout).toContain('shard 1 of 1: 9 of 9 traces: ');
  });

  it('Ctrl-C ends a check and its threads', async () => {
    const child = spawn(process.execPath, ['--import', REGISTER, MAIN, 'check', '--threads', '2', 'logs', '-'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});

describe('merger', () => {
  it('counts a trace once, though it came twice', async () => {
    const { tally, duplicates } = await merged(false, verdict(), verdict({ file: 'copy' }), verdict({ sha256: sha('b'), verdict: 'deviates' }));
    expect([tally, duplicates]).toEqual([{ verdicts: { conforms: 1, deviates: 1, unsafe: 0, inconclusive: 0 }, badFiles: 0, untested: 0 }, 1]);
  });

  it('of what two versions say the worse counts, whichever came first', async () => {
    const said = ['unsafe', 'inconclusive', 'deviates', 'conforms'];
    for (const [index, worse] of said.entries()) {
      for (const better of said.slice(index + 1)) {
        const lines = [verdict({ verdict: worse }), verdict({ verdict: better, checker: '2.0.0' })];
        for (const order of [lines, [...lines].reverse()]) {
          const { tally, checkers } = await merged(false, ...order);
          expect([tally.verdicts[worse as 'unsafe'], tally.verdicts[better as 'unsafe'], checkers]).toEqual([1, 0, ['1.0.0', '2.0.0']]);
        }
      }
    }
  });

  it('the same error of several shards is one; with an error nothing is said of logs of single nodes', async () => {
    const error = verdict({ error: { code: 'EMPTY_FILE' } });
    const run = verdict({ sha256: sha('b'), parts: [], verdict: 'unsafe' });
    const without = await merged(false, run, verdict());
    expect([without.tally.verdicts.unsafe, without.runsNotChecked]).toEqual([1, false]);
    const { tally, runsNotChecked } = await merged(false, error, run, verdict(), error, verdict({ line: 2, error: { code: 'EMPTY_FILE' } }));
    expect([tally.badFiles, tally.verdicts, runsNotChecked]).toEqual([2, { conforms: 1, deviates: 0, unsafe: 0, inconclusive: 0 }, true]);
  });

  it('under --strict, of this command or of a job, a trace with warnings is not understood', async () => {
    const odd = verdict({ warnings: [{ code: 'UNKNOWN_KIND' }, { code: 'NEWER_VERSION' }] });
    for (const merger of [await merged(true, odd), await merged(false, odd, summaryLine({ strict: true }))]) expect(merger.tally).toMatchObject({ badFiles: 1, verdicts: { conforms: 0 } });
    expect((await merged(false, odd)).tally).toMatchObject({ badFiles: 0, verdicts: { conforms: 1 } });
  });

  it('a trace that puts no rule to the test is counted as such, unless something is wrong in it', async () => {
    const { tally } = await merged(false, verdict({ verdict: 'inconclusive', tested: false }), verdict({ sha256: sha('b'), verdict: 'inconclusive', tested: false, first: { line: 1 } }));
    expect([tally.untested, tally.verdicts.inconclusive]).toEqual([1, 2]);
  });

  it('names missing shards, and shards that saw other files', async () => {
    const shards = async (...told: [string, number][]): Promise<readonly string[]> => (await merged(false, ...told.map(([shard, of]) => summaryLine({ shard, of })))).incomplete;
    expect(await shards(['1/2', 7], ['2/2', 7], ['1/2', 7])).toEqual([]);
    expect(await shards(['1/2', 7], ['2/2', 8])).toEqual(['the shards did not see the same files: 7 traces in 1/2, 8 traces in 2/2']);
    expect(await shards(['3/4', 7], ['1/1', 5])).toEqual(['no summary of shards 1/4, 2/4, 4/4: the jobs may have died']);
    expect(await shards(['2/900000000', 7])).toEqual([expect.stringMatching(/^no summary of shards 1\/900000000, 3\/900000000, .* and 899,999,991 more/)]);
  });

  it('a file has as many lines as its summaries say', () => {
    const gaps = (lines: number, told: number | null, isCut = false): number => {
      const merger = new Merger(false);
      merger.add({ kind: 'summary', checker: '1', shard: null, strict: false, lines: 0, of: 0 }, { file: 'v', line: 1 });
      merger.endFile('v', lines, told, isCut);
      return merger.incomplete.length;
    };
    expect([gaps(3, 3), gaps(2, 3), gaps(4, 3), gaps(0, null), gaps(3, 3, true)]).toEqual([0, 1, 1, 1, 1]);
  });

  it.each([
    ['a list', '[]', 'NOT_AN_OBJECT'],
    ['no JSON', 'nonsense', 'INVALID_JSON'],
    ['another format', '{"format":"x"}', 'UNKNOWN_FORMAT'],
    ['a later version', verdict({ version: 2 }), 'UNKNOWN_VERSION'],
    ['no hash', verdict({ sha256: undefined }), 'MISSING_FIELD'],
    ['a hash that is none', verdict({ sha256: 'abc' }), 'BAD_VALUE'],
    ['no version of paxcheck', verdict({ checker: undefined }), 'MISSING_FIELD'],
    ['a verdict that is none', verdict({ verdict: 'toString' }), 'BAD_VALUE'],
    ['tested: neither true nor false', verdict({ tested: 1 }), 'BAD_VALUE'],
    ['no warnings', verdict({ warnings: undefined }), 'MISSING_FIELD'],
    ['a shard that there is not', summaryLine({ shard: '3/2' }), 'BAD_VALUE'],
    ['a number of lines that is none', summaryLine({ lines: -1 }), 'BAD_VALUE'],
  ])('refuses a line with %s, by file and line', async (_name, line, code) => {
    await expect(merged(false, verdict(), line)).rejects.toMatchObject({ code, location: { file: 'v.ndjson', line: 2 } });
  });
});
