/** A copy of what comes from a pipe, for it may have to be read again. Needs Node. */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export class Spool {
  private folder: string | undefined;
  private descriptor: number | undefined;
  private readonly remover = (): void => this.remove();

  /** The input as it is. */
  async *through(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      this.write(chunk);
      yield chunk;
    }
  }

  /** What has come so far. */
  read(): AsyncIterable<Uint8Array> {
    return createReadStream(this.path);
  }

  private get path(): string {
    if (this.folder === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), 'paxcheck-'));
      process.once('exit', this.remover);
    }
    return join(this.folder, 'input');
  }

  private write(chunk: Uint8Array): void {
    this.descriptor ??= openSync(this.path, 'wx', 0o600);
    for (let done = 0; done < chunk.length; ) done += writeSync(this.descriptor, chunk, done);
  }

  /** After that there is no copy any more. */
  remove(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.descriptor = this.folder = undefined;
    process.removeListener('exit', this.remover);
  }
}
