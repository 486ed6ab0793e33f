/** Reads one part of a run piece by piece, as its events are asked for. */
import type { TracedEvent, TraceTaker } from './read.js';
import { TraceReader } from './read.js';

/** The events of one node that were read and not taken yet. */
export interface Queue {
  readonly events: TracedEvent[];
  /** So many of them are taken. */
  taken: number;
}

const TIDY = 256;
/** What is read at once is held until it may come: the less, the less there is to move about. */
const PIECE_BYTES = 32 * 1024;

export class PartReader {
  /** By node. */
  readonly queues = new Map<string, Queue>();
  isEnded = false;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly reader: TraceReader;
  private held = 0;
  private rest: Uint8Array = new Uint8Array(0);

  /** `headerLine`: which of the traces of the file. */
  constructor(readonly file: string, headerLine: number, input: AsyncIterable<Uint8Array>) {
    this.chunks = input[Symbol.asyncIterator]();
    const nothing = { event: () => undefined, end: () => undefined };
    const part: TraceTaker = {
      event: (event, line) => this.hold({ event, line }),
      end: () => undefined,
      // It takes a place in the order of its node, and says nothing.
      ignored: (at, i, line) => this.hold({ event: { at, kind: 'unknown', i }, line }),
    };
    this.reader = new TraceReader(file, (_context, place) => (place.line === headerLine ? part : nothing));
  }

  /** Events that are held. */
  get size(): number {
    return this.held;
  }

  private hold(traced: TracedEvent): void {
    const { at } = traced.event;
    const queue = this.queues.get(at);
    if (queue === undefined) this.queues.set(at, { events: [traced], taken: 0 });
    else queue.events.push(traced);
    this.held += 1;
  }

  /** Reads on. */
  async pull(): Promise<void> {
    if (this.rest.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) {
        this.isEnded = true;
        this.reader.end();
        return;
      }
      this.rest = next.value;
    }
    const piece = this.rest.subarray(0, PIECE_BYTES);
    this.rest = this.rest.subarray(PIECE_BYTES);
    this.reader.push(piece);
  }

  /** The next event of the node, if it is held. */
  head(node: string): TracedEvent | undefined {
    const queue = this.queues.get(node);
    return queue?.events[queue.taken];
  }

  take(node: string): void {
    const queue = this.queues.get(node)!;
    queue.taken += 1;
    this.held -= 1;
    if (queue.taken < TIDY || queue.taken * 2 < queue.events.length) return;
    queue.events.splice(0, queue.taken);
    queue.taken = 0;
  }
}
