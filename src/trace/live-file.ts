/** A file that somebody else is still writing. Needs Node. */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { traceError } from './errors.js';
import { showText } from './show.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * What is in the file and what is added to it, until the signal comes; `idle` is called whenever all of it has been read. Looks again every so many milliseconds.
 * Throws TraceError FILE_NOT_READABLE, also if the file becomes shorter.
 */
export async function* readLive(file: string, stop: AbortSignal, idle: () => Promise<void>, milliseconds = 200): AsyncGenerator<Uint8Array> {
  const handle = await opened(file);
  try {
    for (let at = 0; !stop.aborted; ) {
      const buffer = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, at);
      if (bytesRead > 0) {
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      if ((await handle.stat()).size < at) throw unreadable(file, 'it became shorter', 'follow a file that is only added to; start again if it was written anew');
      await idle();
      await sleep(milliseconds, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw unreadable(file, showText((error as Error).message), 'check the path; the file must be there before it is followed');
  }
}

const unreadable = (file: string, got: string, hint: string): Error => traceError('FILE_NOT_READABLE', { file }, { expected: 'a file that can be read and grows', got, hint });
