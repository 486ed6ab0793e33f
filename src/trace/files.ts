/** Opens what a command line names: files, folders, standard input; compressed or not. Needs Node. */
import { createReadStream, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { TraceError, traceError } from './errors.js';
import { showText } from './show.js';
import { Spool } from './spool.js';
import { unpack } from './unpack.js';

export interface TraceSourceFile {
  /** The name for messages; `-` for standard input. */
  readonly file: string;
  readonly input: AsyncIterable<Uint8Array>;
  /** The same once more. Of a pipe: what has been read of it so far. */
  readonly again: () => AsyncIterable<Uint8Array>;
  /** Nobody else can open it. */
  readonly isPipe?: true;
}

/** Large chunks: a third fewer awaits than with the default of 64 KiB. */
const CHUNK_BYTES = 256 * 1024;
const PAGE_BYTES = 4096;

/** Small for small files: with many of them, most of the time would go into giving back what was hardly used. */
const chunkFor = (file: string): number => {
  const { size } = statSync(file);
  return size === 0 ? CHUNK_BYTES : Math.min(CHUNK_BYTES, Math.max(PAGE_BYTES, size));
};

/**
 * The files of a path: itself, standard input for `-`, or all *.ndjson, *.ndjson.gz and *.ndjson.zst within a folder, sorted by path. Symbolic links in
 * a folder are not followed: what they point to within it is found anyway.
 * Throws TraceError FILE_NOT_READABLE, also while the input is read, and NO_FILES for a folder without traces.
 */
export async function* openTraces(path: string, stdin: AsyncIterable<Uint8Array> = process.stdin): AsyncGenerator<TraceSourceFile> {
  const open = path === '-' ? () => stdin : isPipe(path) ? () => createReadStream(path) : null;
  if (open !== null) {
    const copy = new Spool();
    try {
      yield { file: path, input: copy.through(readable(open, path)), again: () => readable(() => copy.read(), path), isPipe: true };
    } finally {
      copy.remove();
    }
    return;
  }
  for (const file of await tracesAt(path)) yield openTrace(file);
}

/** What gives its bytes once: a named pipe, what a shell puts in place of `<(command)`. */
function isPipe(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** One file; throws when it is read. */
export function openTrace(file: string): TraceSourceFile {
  const again = (): AsyncGenerator<Uint8Array> => readable(() => createReadStream(file, { highWaterMark: chunkFor(file) }), file);
  return { file, input: again(), again };
}

async function tracesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
  } catch (error) {
    throw notReadable(path, error);
  }
  const files = await tracesIn(path);
  if (files.length > 0) return files.sort();
  throw traceError('NO_FILES', { file: path }, { expected: 'a folder with files *.ndjson', got: 'none in it', hint: 'name the file itself if its name ends differently' });
}

async function tracesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    // One by one: a call with a million arguments fails.
    if (entry.isDirectory()) for (const inner of await tracesIn(path)) found.push(inner);
    else if (entry.isFile() && /\.ndjson(\.gz|\.zst)?$/.test(entry.name)) found.push(path);
  }
  return found;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw notReadable(folder, error);
  }
}

/** Opens when it is read: a stream that fails while nobody listens would end the process. */
async function* readable(open: () => AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* unpack(open(), file);
  } catch (error) {
    throw error instanceof TraceError ? error : notReadable(file, error);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'check the path; it is relative to the current folder',
  EACCES: 'give yourself the right to read it',
  EPERM: 'give yourself the right to read it',
};

function notReadable(file: string, error: unknown): TraceError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const hint = HINTS[code] ?? 'check that it is a file or a folder on a disk that works';
  return traceError('FILE_NOT_READABLE', { file }, { expected: 'a readable file or folder', got: showText(message), hint });
}
