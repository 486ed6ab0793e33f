import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { logEntries } from '../corpus/log-examples.js';
import { ruleEntries } from '../corpus/rule-entries.js';
import { writeTrace } from '../trace/write.js';

const folder = mkdtempSync(join(tmpdir(), 'paxcheck-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const register = fileURLToPath(new URL('register.mjs', import.meta.url));

const textOf = (id: string): string => {
  const [header, ...events] = [...ruleEntries(), ...logEntries()].find((entry) => entry.id === id)!.lines;
  return writeTrace(header, events);
};

interface Running {
  /** Resolves when stdout has this. */
  readonly said: (text: string) => Promise<string>;
  readonly end: (signal?: NodeJS.Signals) => Promise<{ code: number | null; stdout: string }>;
  readonly write: (text: string) => void;
}

function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--import', register, main, 'check', ...args], { cwd: folder, env: { ...process.env, INIT_CWD: folder, NO_COLOR: '1', TMPDIR: folder } });
  let stdout = '';
  let wake: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake();
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    write: (text) => void child.stdin.write(text),
    async said(text) {
      while (!stdout.includes(text)) await new Promise<void>((resolve) => (wake = resolve));
      return stdout;
    },
    async end(signal) {
      if (signal === undefined) child.stdin.end();
      else child.kill(signal);
      return { code: await closed, stdout };
    },
  };
}

describe('a log that is being written', () => {
  it.each(['rule-promise-kept-broken', 'rule-promise-covers-slots-broken'])('%s: is told to be wrong while it is, a line that is not whole is waited for, Ctrl-C ends it', async (id) => {
    const file = join(folder, `${id}.ndjson`);
    const text = textOf(id);
    const half = text.length - 20;
    writeFileSync(file, text.slice(0, 100));
    const running = start(['--follow', '--json', file]);
    appendFileSync(file, text.slice(100, half));
    appendFileSync(file, text.slice(half));
    await running.said('"verdict":"unsafe"');
    appendFileSync(file, '{"at":"a1","ki');
    const { code, stdout } = await running.end('SIGINT');
    expect(code).toBe(1);
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { verdict: string; first: { rule: string } };
    expect([last.verdict, last.first.rule]).toEqual(['unsafe', /^rule-(.*)-broken$/.exec(id)![1]]);
  });

  it('of many decisions comes through a pipe, is read twice, and leaves nothing behind', async () => {
    const running = start(['-']);
    running.write(textOf('rule-promise-covers-slots-broken'));
    const { code, stdout } = await running.end();
    expect([code, stdout]).toEqual([1, expect.stringContaining('promise-covers-slots at a2 in slot 1')]);
    expect(readdirSync(folder).filter((name) => name.startsWith('paxcheck-'))).toEqual([]);
  });
});
