/** A copy of what comes from a pipe, for it may have to be read again. Needs Node. */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Spool {
  private descriptor: number | undefined;
  private folder = '';

  /** The input as it is. */
  async *through(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      this.descriptor ??= this.open();
      for (let done = 0; done < chunk.length; ) done += writeSync(this.descriptor, chunk, done);
      yield chunk;
    }
  }

  /** What has come so far. */
  read(): AsyncIterable<Uint8Array> {
    this.descriptor ??= this.open();
    return createReadStream('', { fd: this.descriptor, start: 0, autoClose: false });
  }

  private open(): number {
    this.folder = mkdtempSync(join(tmpdir(), 'paxcheck-'));
    const descriptor = openSync(join(this.folder, 'input'), 'wx+', 0o600);
    // It has no name any more, and is gone when this process is, however it ends. Where that cannot be, it is gone when it is done with.
    this.erase();
    return descriptor;
  }

  private erase(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // It is removed later.
    }
  }

  /** After that there is no copy any more. */
  remove(): void {
    if (this.descriptor === undefined) return;
    closeSync(this.descriptor);
    this.erase();
    this.descriptor = undefined;
  }
}
