import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe } from './recipe.js';
import { exploreRecipe } from './threads-node.js';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const REGISTER = new URL('../cli/register.mjs', import.meta.url).href;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'paxcheck-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const saving = (threads: number, resume = true): Parameters<typeof exploreRecipe>[1] => ({ threads, checkpoint: { dir, every: 0, resume } });

/** Saves the search and ends it after so many states, as a kill between two levels would. */
const until = (recipe: Recipe, threads: number, maxStates: number): Promise<unknown> => exploreRecipe(recipe, { ...saving(threads), maxStates });

describe('a search that was saved', () => {
  // D2 is not graded: its states are compared with all earlier ones.
  const recipes: Recipe[] = [{ acceptors: 3, ballots: 3, values: 2 }, { mutant: 'D2', acceptors: 3, ballots: 2, values: 2, exhaust: true }, { mutant: 'A1', acceptors: 3, ballots: 3, values: 2, exhaust: true }];
  it.each(recipes)('goes on with another number of threads, and ends with the same (mutant $mutant)', async (recipe) => {
    const { bytes: _, ...expected } = await exploreRecipe(recipe, { threads: 1 });
    await until(recipe, 1, 500);
    await until(recipe, 3, 3000);
    for (const threads of [2, 1]) {
      const { bytes: __, ...resumed } = await exploreRecipe(recipe, { threads, checkpoint: { dir, every: 1e9, resume: true } });
      expect(resumed).toEqual(expected);
    }
  });

  it('leaves one checkpoint behind, nothing else', async () => {
    await until({ acceptors: 3, ballots: 3, values: 2 }, 2, 5000);
    expect(readdirSync(dir).map((file) => file.replace(/-\d+-/, '-n-')).sort()).toEqual(['checkpoint.json', 'states-n-0.bin', 'states-n-1.bin']);
  });

  it('is not taken for another one', async () => {
    await until({ acceptors: 3, ballots: 3, values: 2 }, 1, 5000);
    await expect(exploreRecipe({ acceptors: 3, ballots: 2, values: 2 }, saving(1))).rejects.toMatchObject({ name: 'CheckpointError', code: 'OTHER_SEARCH', message: expect.stringContaining('another search: ballots was 3, and is 2 now') as string });
  });

  const stateFile = (): string => join(dir, readdirSync(dir).find((file) => file.startsWith('states'))!);
  const flip = (file: string): void => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(file, bytes);
  };
  it.each<[string, () => void]>([
    ['a bit of the states flipped', () => flip(stateFile())],
    ['a bit of the manifest flipped', () => flip(join(dir, 'checkpoint.json'))],
    ['the states cut', () => writeFileSync(stateFile(), readFileSync(stateFile()).subarray(8))],
    ['the states longer', () => appendFileSync(stateFile(), 'x')],
    ['the states gone', () => rmSync(stateFile())],
    ['the manifest empty', () => writeFileSync(join(dir, 'checkpoint.json'), '')],
    ['the manifest of something else', () => writeFileSync(join(dir, 'checkpoint.json'), '[1]')],
  ])('is refused when damaged: %s', async (_, damage) => {
    await until({ acceptors: 3, ballots: 3, values: 2 }, 1, 5000);
    damage();
    await expect(exploreRecipe({ acceptors: 3, ballots: 3, values: 2 }, saving(1))).rejects.toMatchObject({ name: 'CheckpointError', code: 'DAMAGED' });
  });
});

/** Runs the program; kills it after so many milliseconds, if it is not at its end before. */
async function run(threads: number, killAfter?: number): Promise<string> {
  const child = spawn(process.execPath, ['--import', REGISTER, MAIN, 'explore', '-b', '3', '--symmetry', 'none', '--json', '-t', String(threads), '--checkpoint', dir, '--checkpoint-seconds', '0', '--resume'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const end = new Promise<void>((resolve) => child.on('close', () => resolve()));
  if (killAfter !== undefined) await Promise.race([end, setTimeout(killAfter).then(() => child.kill('SIGKILL'))]);
  await end;
  return text;
}

describe('a search that is killed at a random moment', () => {
  const times = process.env.PAXCHECK_SLOW ? 20 : 2;
  it(`goes on and ends with the same counts (A=3 B=3 V=2, ${times} times, 1 and 2 threads)`, { timeout: 600_000 }, async () => {
    for (let time = 0; time < times; time++) {
      rmSync(dir, { recursive: true, force: true });
      await run(1 + (time % 2), 400 + Math.random() * 1000);
      await run(2 - (time % 2), 400 + Math.random() * 1000);
      expect(JSON.parse(await run(1 + (time % 2)))).toMatchObject({ verdict: 'conforms', complete: true, distinct: 185369, depth: 25, transitions: 491535 });
    }
  });
});
