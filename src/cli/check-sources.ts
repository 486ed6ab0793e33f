/** The files that a command line names, one after the other, and what keeps a name from being one. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { TraceError } from '../trace/errors.js';
import type { TraceSourceFile } from '../trace/files.js';
import { openTraces } from '../trace/files.js';
import type { Misread } from './check-files.js';
import { misread } from './check-files.js';
import { MAX_THREADS } from './options.js';

export type Source = TraceSourceFile | Misread;

export async function* sourcesAt(paths: readonly string[]): AsyncGenerator<Source> {
  for (const path of paths) {
    try {
      yield* openTraces(path);
    } catch (error) {
      if (!(error instanceof TraceError)) throw error;
      yield misread(error);
    }
  }
}

/** A thread takes about as long to start as this many short files take to be checked. */
const FILES_PER_THREAD = 100;

/** What counts as a short file; a longer one counts as several. */
const SHORT_BYTES = 2 ** 18;

/** As many threads as pay: for one file or little work one. What was taken from the sources to know that is given back with the rest. */
export async function planThreads(sources: AsyncGenerator<Source>, most = Math.min(availableParallelism(), MAX_THREADS)): Promise<{ threads: number; sources: AsyncGenerator<Source> }> {
  const first: Source[] = [];
  let work = 0;
  while (first.length < most || work < most * FILES_PER_THREAD) {
    const next = await sources.next();
    if (next.done === true) break;
    first.push(next.value);
    work += workOf(next.value);
  }
  return { threads: Math.max(1, Math.min(most, first.length, Math.floor(work / FILES_PER_THREAD))), sources: chain(first, sources) };
}

function workOf(source: Source): number {
  if ('kind' in source || source.isPipe === true) return 0;
  // A file that cannot be read is told of when it is its turn.
  return Math.max(1, (statSync(source.file, { throwIfNoEntry: false })?.size ?? 0) / SHORT_BYTES);
}

async function* chain(first: readonly Source[], rest: AsyncGenerator<Source>): AsyncGenerator<Source> {
  yield* first;
  yield* rest;
}
