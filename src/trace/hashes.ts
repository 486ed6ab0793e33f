/** What each trace of an input is, whatever its file is called: the SHA-256 of its bytes, taken while they are read. Needs Node. */
import { createHash } from 'node:crypto';

/** A trace as bytes. The first begins where the input begins, each other with its header; so they share out all of the input. */
export interface Content {
  /** Of the header. */
  readonly line: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Whether it is a part of a run that was logged node by node. */
  readonly isPart: boolean;
  /** As in the header. */
  readonly id: string | undefined;
  /** A reader of so many bytes of the input knows that the trace has ended: up to and with the next header. */
  readonly until: number;
}

const NEWLINE = 0x0a;

/** No header is without one of these: a key may be written with escapes. */
const MARKS = ['"format"', '\\u'].map((text) => Buffer.from(text));

type Header = Pick<Content, 'isPart' | 'id'>;

/** Hashes an input that passes through. It must be one that `readTraces` takes: what a header is, it takes on trust. */
export class Contents {
  /** Traces that have ended, in the order of the input. Whoever is done with one may remove it. */
  readonly ended: Content[] = [];
  private hash = createHash('sha256');
  private open: (Header & { readonly line: number }) | undefined;
  /** The beginning of a line that goes on in the next chunk. */
  private carry: Uint8Array[] = [];
  private line = 1;
  private lineStart = 0;

  /** The input as it is; when it ends, all of its traces have ended. */
  async *through(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      this.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      yield chunk;
    }
    this.takeLine(Buffer.concat(this.carry));
    this.end(this.lineStart);
  }

  private add(chunk: Buffer): void {
    const first = chunk.indexOf(NEWLINE);
    let start = 0;
    if (this.carry.length > 0 && first >= 0) {
      start = first + 1;
      this.takeLine(Buffer.concat([...this.carry, chunk.subarray(0, start)]));
      this.line += 1;
      this.carry = [];
    }
    const end = first < 0 ? 0 : chunk.lastIndexOf(NEWLINE) + 1;
    const lines = chunk.subarray(start, end);
    if (MARKS.some((mark) => lines.includes(mark))) this.addLines(lines);
    else {
      this.hash.update(lines);
      this.line += newlinesIn(lines);
      this.lineStart += lines.length;
    }
    // A copy: a whole chunk must not stay in memory for the sake of its last bytes.
    if (end < chunk.length) this.carry.push(Uint8Array.from(chunk.subarray(end)));
  }

  /** Whole lines, among which there may be a header. */
  private addLines(chunk: Buffer): void {
    const marks = MARKS.map(() => -1);
    let start = 0;
    let hashed = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const next = end + 1;
      if (isMarked(chunk, start, end, marks)) {
        this.hash.update(chunk.subarray(hashed, start));
        hashed = start;
        this.takeHeader(chunk.subarray(start, next));
      }
      this.lineStart += next - start;
      this.line += 1;
      start = next;
    }
    this.hash.update(chunk.subarray(hashed, start));
  }

  private takeLine(line: Buffer): void {
    if (isMarked(line, 0, line.length, MARKS.map(() => -1))) this.takeHeader(line);
    this.hash.update(line);
    this.lineStart += line.length;
  }

  /** Begins a trace, if that is a header. */
  private takeHeader(line: Buffer): void {
    const header = headerIn(this.line === 1 ? line.toString().replace(/^\ufeff/, '') : line.toString());
    if (header === null) return;
    this.end(this.lineStart + line.length);
    this.open = { ...header, line: this.line };
  }

  private end(until: number): void {
    if (this.open === undefined) return;
    this.ended.push({ ...this.open, sha256: this.hash.digest('hex'), until });
    this.hash = createHash('sha256');
    this.open = undefined;
  }
}

function newlinesIn(bytes: Uint8Array): number {
  let found = 0;
  for (const byte of bytes) if (byte === NEWLINE) found += 1;
  return found;
}

/** `places`: of the next of each mark, as far as is known; each is looked for once, so that the time is linear. */
function isMarked(bytes: Buffer, start: number, end: number, places: number[]): boolean {
  let found = false;
  for (const [index, mark] of MARKS.entries()) {
    if (places[index]! < start) {
      const at = bytes.indexOf(mark, start);
      places[index] = at < 0 ? Infinity : at;
    }
    found ||= places[index]! < end;
  }
  return found;
}

function headerIn(line: string): Header | null {
  try {
    const data: unknown = JSON.parse(line);
    if (typeof data !== 'object' || data === null || !('format' in data)) return null;
    const { order, id } = data as { order?: unknown; id?: unknown };
    return { isPart: order === 'per-node', id: typeof id === 'string' ? id : undefined };
  } catch {
    return null;
  }
}

/** Of several parts: of the list of their hashes, sorted, a line each; of one its own. */
export function hashOfParts(parts: readonly Pick<Content, 'sha256'>[]): string {
  const hashes = parts.map(({ sha256 }) => sha256).sort();
  return hashes.length === 1 ? hashes[0]! : createHash('sha256').update(hashes.map((hash) => `${hash}\n`).join('')).digest('hex');
}

export const hashOfText = (text: string): string => createHash('sha256').update(text).digest('hex');
