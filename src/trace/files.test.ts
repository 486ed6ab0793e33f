import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTraces } from './files.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-test-'));
  for (const path of ['logs/b/deep', 'logs/empty', 'elsewhere']) mkdirSync(join(folder, path), { recursive: true });
  for (const path of ['logs/b.ndjson', 'logs/a.ndjson', 'logs/b/deep/c.ndjson', 'logs/notes.txt', 'elsewhere/d.ndjson']) writeFileSync(join(folder, path), path);
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'logs/outside'));
  symlinkSync(join(folder, 'elsewhere/d.ndjson'), join(folder, 'logs/outside.ndjson'));
  symlinkSync(join(folder, 'logs'), join(folder, 'logs/b/loop'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function textOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function contentsOf(path: string, stdin?: AsyncIterable<Uint8Array>): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { file, input } of openTraces(path, stdin)) found.push([file, await textOf(input)]);
  return found;
}

describe('files', () => {
  test('a folder gives its *.ndjson at any depth, sorted; links in it are not followed', async () => {
    const expected = ['logs/a.ndjson', 'logs/b.ndjson', 'logs/b/deep/c.ndjson'].map((path) => [join(folder, path), path]);
    expect(await contentsOf(join(folder, 'logs'))).toEqual(expected);
  });

  test('a file that is named is opened, whatever its name, through a link too', async () => {
    expect(await contentsOf(join(folder, 'logs/notes.txt'))).toEqual([[join(folder, 'logs/notes.txt'), 'logs/notes.txt']]);
    expect(await contentsOf(join(folder, 'logs/outside.ndjson'))).toEqual([[join(folder, 'logs/outside.ndjson'), 'elsewhere/d.ndjson']]);
  });

  test('"-" is standard input', async () => {
    expect(await contentsOf('-', bytesOf('from stdin'))).toEqual([['-', 'from stdin']]);
  });

  test.skipIf(process.platform === 'win32')('a named pipe, which gives its bytes once, can be read again', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const writer = writeFile(pipe, 'from a pipe');
    const texts: string[] = [];
    for await (const { input, again } of openTraces(pipe)) texts.push(await textOf(input), await textOf(again()), await textOf(again()));
    await writer;
    expect(texts).toEqual(['from a pipe', 'from a pipe', 'from a pipe']);
  });

  test.skipIf(process.platform === 'win32')('what is copied from standard input has no name that could be left behind', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = mkdtempSync(join(folder, 'tmp-'));
    try {
      for await (const { input, again } of openTraces('-', bytesOf('from stdin'))) {
        await textOf(input);
        expect(readdirSync(tmpdir())).toEqual([]);
        expect(await textOf(again())).toBe('from stdin');
      }
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  test('a missing file is FILE_NOT_READABLE', async () => {
    const file = join(folder, 'no.ndjson');
    await expect(contentsOf(file)).rejects.toMatchObject({ name: 'TraceError', code: 'FILE_NOT_READABLE', location: { file }, got: expect.stringContaining('ENOENT') });
  });

  test('a file that disappears before it is read is FILE_NOT_READABLE, and ends nothing else', async () => {
    const file = join(folder, 'gone.ndjson');
    writeFileSync(file, '');
    for await (const { input } of openTraces(file)) {
      rmSync(file);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await expect(textOf(input)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE', location: { file } });
    }
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission is FILE_NOT_READABLE', async () => {
    const file = join(folder, 'secret.ndjson');
    writeFileSync(file, '');
    chmodSync(file, 0);
    await expect(contentsOf(file)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE', hint: expect.stringContaining('right') });
  });

  test('a folder without traces is NO_FILES', async () => {
    await expect(contentsOf(join(folder, 'logs/empty'))).rejects.toMatchObject({ name: 'TraceError', code: 'NO_FILES' });
  });
});
