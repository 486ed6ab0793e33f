import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const REGISTER = new URL('register.mjs', import.meta.url).href;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function explore(args: readonly string[], interruptAfter?: number): Promise<Outcome> {
  const child = spawn(process.execPath, ['--import', REGISTER, MAIN, 'explore', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const end = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (interruptAfter !== undefined) void setTimeout(interruptAfter).then(() => child.kill('SIGINT'));
  return { code: await end, stdout, stderr };
}

describe('paxcheck explore: options that do not go together are refused, exit code 64', () => {
  it.each([
    [['--resume'], '--resume needs --checkpoint'],
    [['--checkpoint-seconds', '1'], '--checkpoint-seconds needs --checkpoint'],
    [['--depth', '5'], '--depth needs --random'],
    [['--random', '5', '--threads', '2'], '--random does not go together with --threads'],
    [['--graph', 'g', '--trace', './g'], '--graph and --trace name the same file'],
    [['--reduce', '--invariant', 'FreshBallotDecides'], 'FreshBallotDecides cannot be checked with --reduce'],
  ])('%j', async (args, message) => {
    expect(await explore(args)).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(message) as unknown });
  });
});

describe('paxcheck explore: an interruption ends in inconclusive, exit code 2, with what was seen', () => {
  it.each(['1', '2'])('%s threads (A=5 B=4 V=2)', async (threads) => {
    // Larger than any machine can finish in the meantime.
    const { code, stdout } = await explore(['-a', '5', '-b', '4', '-t', threads, '--json'], 3000);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'inconclusive', limit: 'interrupt', complete: false });
  });
});
