import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { jsonReporter } from '../report/check-lines.js';
import type { Outcome, Task } from './check-files.js';
import { checkFile } from './check-files.js';
import type { Source } from './check-sources.js';
import { planThreads, sourcesAt } from './check-sources.js';
import { checkInThreads } from './check-threads.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-threads-test-'));
  for (const [index, stored] of storedTraces().filter(({ file }) => file.startsWith('accepted/')).slice(0, 40).entries()) writeFileSync(join(folder, `${index}.ndjson`), bytesOf(stored));
  writeFileSync(join(folder, '11.ndjson'), 'nonsense\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const task: Task = { format: 'json', strict: false, quiet: false, verbose: false, colour: false, width: 80, shard: null };

async function* here(source: Source): AsyncGenerator<Outcome> {
  if ('kind' in source) yield source;
  else yield* checkFile(source, task, jsonReporter(() => undefined));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A thread that does with the file numbers that it is given as this says. */
function workerThat(does: string): URL {
  const path = join(folder, `worker-${does.length}.mjs`);
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\nparentPort.on('message', ({ id, file }) => { if (file.endsWith('/7.ndjson')) { ${does} } else parentPort.postMessage([{ id, outcomes: [], isLast: true }]); });\n`);
  return pathToFileURL(path);
}

describe('threads', () => {
  test('tell what one thread tells, in the order of the files, whatever of them can be read (40 files, 1 to 3 threads)', async () => {
    const paths = [join(folder, '3.ndjson'), join(folder, 'missing.ndjson'), folder, join(folder, '3.ndjson')];
    const expected: Outcome[] = [];
    for await (const source of sourcesAt(paths)) expected.push(...(await all(here(source))));
    expect(expected.filter(({ kind }) => kind === 'misread')).toHaveLength(2);
    expect(expected.filter(({ kind }) => kind === 'judged')).toHaveLength(41);
    for (const threads of [1, 2, 3]) expect(await all(checkInThreads(sourcesAt(paths), task, threads, here))).toEqual(expected);
  });

  test.each([
    ['throws', 'throw new Error("out of luck")', 'out of luck'],
    ['ends', 'process.exit(9)', 'it ended with code 9'],
  ])('a thread that %s is an error with the name of its file, and no thread goes on', async (_name, does, reason) => {
    const checked = all(checkInThreads(sourcesAt([folder]), task, 2, here, workerThat(does)));
    // What it was done with it may not have told yet.
    await expect(checked).rejects.toThrow(/a thread failed while it checked .*\d\.ndjson, or a file after it/);
    await expect(checked).rejects.toThrow(reason);
  });

  test('nobody has to take all that is told', async () => {
    for await (const outcome of checkInThreads(sourcesAt([folder]), task, 2, here)) {
      expect(outcome.kind).toBe('judged');
      break;
    }
  });

  test('as many as pay: one for one file or few, more for many; no file is lost over that', async () => {
    const times = (count: number): string[] => Array.from({ length: count }, () => join(folder, '3.ndjson'));
    expect((await planThreads(sourcesAt(times(1)), 8)).threads).toBe(1);
    expect((await planThreads(sourcesAt([folder]), 8)).threads).toBe(1);
    const { threads, sources } = await planThreads(sourcesAt(times(950)), 4);
    expect([threads, (await all(sources)).length]).toEqual([4, 950]);
    const large = join(folder, 'large.txt');
    writeFileSync(large, '');
    truncateSync(large, 30_000_000);
    expect((await planThreads(sourcesAt([large]), 8)).threads).toBe(1);
    expect((await planThreads(sourcesAt([large, large, large]), 8)).threads).toBe(3);
  });
});
