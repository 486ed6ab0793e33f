/** Cuts a stream of bytes into lines, and knows how much of it nobody has taken yet. */
const NEWLINE = 10;

export class LineBuffer {
  private readonly complete: Buffer[] = [];
  private readonly parts: Buffer[] = [];
  /** Bytes received and not yet taken. */
  bytes = 0;

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.parts.push(chunk.subarray(from, at));
      this.complete.push(Buffer.concat(this.parts.splice(0)));
      from = at + 1;
    }
    if (from < chunk.length) this.parts.push(chunk.subarray(from));
  }

  /** The next line without its newline; undefined if there is none yet. */
  shift(): Buffer | undefined {
    const line = this.complete.shift();
    if (line !== undefined) this.bytes -= line.length + 1;
    return line;
  }

  /** True if something was received that no newline has ended. */
  get unfinished(): boolean {
    return this.parts.length > 0;
  }
}
