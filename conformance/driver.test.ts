import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Driver } from './driver.js';
import type { DriverOptions } from './driver.js';
import { DriverError } from './driver-error.js';
import { openSubject } from './subject.js';
import { namedDisks } from './temp-folder.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const register = new URL('../src/cli/register.mjs', import.meta.url).href;
const runs = (file: string, ...args: string[]): string[] => [process.execPath, '--import', register, path(file), ...args];

/** The processes that have this text in their command line, zombies not counted. */
function processesWith(text: string): string[] {
  const own = String(process.pid);
  try {
    return readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid) || pid === own) return false;
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
  } catch {
    return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(text));
  }
}

async function until(condition: () => boolean, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}

let marks = 0;
const newMark = (): string => `mark-${process.pid}-${++marks}`;

/** Hello, init, two deliveries. Returns the error that one of them ends with; null if none does. */
async function converse(command: readonly string[], options: DriverOptions = {}): Promise<DriverError | null> {
  const driver = new Driver(command, { timeout: 20_000, startTimeout: 40_000, ...options });
  try {
    const subject = await openSubject(driver, namedDisks(), { ballots: 3, values: 2, seed: 1 });
    await subject.fresh();
    await subject.give({ kind: 'prepare', ballot: 1 });
    await subject.give({ kind: 'accept', ballot: 1, value: 0 });
    return null;
  } catch (error) {
    if (error instanceof DriverError) return error;
    throw error;
  } finally {
    await driver.close();
  }
}

describe('driver: an adapter that misbehaves is told apart from an acceptor that does', () => {
  const cases: [way: string, code: string, message: RegExp, options?: DriverOptions][] = [
    ['silent', 'ADAPTER_TIMEOUT', /no answer to hello within 0.6 s/, { startTimeout: 600 }],
    ['slow', 'ADAPTER_TIMEOUT', /no answer to deliver within 0.5 s$/, { timeout: 500 }],
    ['hang', 'ADAPTER_TIMEOUT', /no answer to deliver/, { timeout: 500 }],
    ['partial-line', 'ADAPTER_TIMEOUT', /half a line/, { timeout: 500 }],
    ['dying', 'ADAPTER_EXITED', /ended with exit code 3/],
    ['closed-output', 'ADAPTER_EXITED', /closed its output/],
    ['garbage', 'ADAPTER_GARBAGE', /not JSON: "\[info\] prepare received"/],
    ['invalid-utf8', 'ADAPTER_GARBAGE', /not UTF-8/],
    ['invalid-answer', 'ADAPTER_INVALID_ANSWER', /\/out\/0 must have required property 'votes'/],
    ['wrong-id', 'ADAPTER_WRONG_ID', /id 10 to command 3/],
    ['flood', 'ADAPTER_FLOOD', /more than 1048576 bytes/],
  ];
  test.concurrent.each(cases)('%s: %s, and no process is left', async (way, code, message, options) => {
    const mark = newMark();
    const error = await converse(runs('subjects/misbehave.ts', '--as', way, '--mark', mark), options);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), command: expect.stringContaining(way === 'silent' ? 'hello' : 'deliver') });
    if (way === 'dying') expect(error!.stderr).toEqual(['out of cheese']);
    await until(() => processesWith(mark).length === 0);
  });

  test.concurrent('fork: what the adapter started is ended with it', async () => {
    const mark = newMark();
    expect(await converse(runs('subjects/misbehave.ts', '--as', 'fork', '--mark', mark))).toBeNull();
    await until(() => processesWith(mark).length === 0);
  });

  test('no such program: ADAPTER_NOT_FOUND', async () => {
    expect(await converse([path('no-such-program')])).toMatchObject({ code: 'ADAPTER_NOT_FOUND', hint: expect.stringContaining('after --') });
  });

  test('an adapter that ends between two commands, and one that closes its input', async () => {
    const hello = JSON.stringify({ id: 1, version: 1, implementation: { name: 'n' }, roles: ['acceptor'] });
    const after = (what: string): string[] => [process.execPath, '-e', `process.stdin.once('data', () => { console.log('${hello}'); ${what} })`];
    expect(await converse(after('process.exit(0)'))).toMatchObject({ code: 'ADAPTER_EXITED', message: expect.stringContaining('exit code 0') });
    expect(await converse(['sh', '-c', `read command; exec 0<&-; echo '${hello}'; exec sleep 60`])).toMatchObject({ code: 'ADAPTER_EXITED', message: expect.stringContaining('closed its input') });
  });

  test('an answer that is an error, and one to another version', async () => {
    const node = (answer: string): string[] => [process.execPath, '-e', `process.stdin.once('data', () => console.log('${answer}')); process.stdin.resume()`];
    expect(await converse(node('{"id":1,"error":{"message":"no licence"}}'))).toMatchObject({ code: 'ADAPTER_ERROR', message: expect.stringContaining('no licence') });
    expect(await converse(node('{"id":1,"version":2,"implementation":{"name":"n"},"roles":["acceptor"]}'))).toMatchObject({ code: 'ADAPTER_INVALID_ANSWER', message: expect.stringContaining('version 2') });
    expect(await converse(node('[1]'))).toMatchObject({ code: 'ADAPTER_GARBAGE' });
  });
});

describe('driver: nothing is left behind', () => {
  const paxcheck = (args: readonly string[], temp: string) =>
    spawn(process.execPath, ['--import', register, path('../src/cli/main.ts'), 'drive', ...args], { env: { ...process.env, TMPDIR: temp }, stdio: ['ignore', 'pipe', 'pipe'] });
  const leftIn = (temp: string): string[] => readdirSync(temp).filter((name) => name.startsWith('paxcheck-'));

  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of a run: neither processes, forked ones included, nor folders', async (signal) => {
    const [mark, temp] = [newMark(), mkdtempSync(join(tmpdir(), 'driver-test-'))];
    const kit = paxcheck(['--length', '8', '--', ...runs('subjects/misbehave.ts', '--as', 'fork', '--mark', mark)], temp);
    const ended = new Promise<NodeJS.Signals | null>((resolve) => kit.once('exit', (_code, by) => resolve(by)));
    // The kit itself, whose command line has the mark too; the adapter; and what that forked.
    await until(() => processesWith(mark).length === 3 && leftIn(temp).length === 1);
    kit.kill(signal);
    expect(await ended).toBe(signal);
    await until(() => processesWith(mark).length === 0);
    expect(leftIn(temp)).toEqual([]);
    rmSync(temp, { recursive: true });
  });

  test.concurrent('an adapter that hangs: exit code 4, one message, nothing left', async () => {
    const [mark, temp] = [newMark(), mkdtempSync(join(tmpdir(), 'driver-test-'))];
    const kit = paxcheck(['--timeout', '0.5', '--', ...runs('subjects/misbehave.ts', '--as', 'hang', '--mark', mark)], temp);
    let stderr = '';
    kit.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await new Promise((resolve) => kit.once('close', resolve))).toBe(4);
    expect(stderr).toMatch(/ADAPTER_TIMEOUT: the adapter does not work yet.*\n {2}hint: /);
    expect(stderr).toContain('last command  {"id":3,"command":"deliver"');
    expect(processesWith(mark)).toEqual([]);
    expect(leftIn(temp)).toEqual([]);
    rmSync(temp, { recursive: true });
  });
});
