/**
 * Reads the logs of single nodes side by side, in an order in which every message comes before it is used. Messages that were sent
 * stay sent, so there is no need to search: what may come may come at once (linearize.ts does the same for one decision).
 */
import { LimitError } from '../engine/limit-error.js';
import { traceError } from '../trace/errors.js';
import type { PartReader } from '../trace/part-reader.js';
import type { TracedEvent } from '../trace/read.js';
import { show } from '../trace/show.js';
import type { TraceEvent } from '../trace/wire.js';
import type { Demand } from './log-ready.js';
import { DEMANDS } from './log-ready.js';

/** What is done with the events in their order. */
export interface MergeTaker {
  readonly isReady: (event: TraceEvent, demand: Demand) => boolean;
  readonly feed: (event: TraceEvent, part: number, line: number) => void;
  /** The ballots of proposals matter for the order, for what their leaders heard of was not logged: low ballots first. */
  readonly rankOf: ((event: TraceEvent) => number) | null;
}

/** Events that may be held because lines that come before them are still to be read. */
const MAX_HELD = 1_000_000;
/** A node whose events may come goes on for so many, then another one. */
const TURN = 4096;

/** A node, and where its next event is. */
interface Source {
  readonly node: string;
  /** How many of its events have come. */
  next: number;
  /** The part that had its last event: most often the next one is there, too. */
  part: number;
}

export class LogMerge {
  private readonly sources: readonly Source[];
  private readonly byNode: ReadonlyMap<string, Source>;
  private turn = 0;

  constructor(private readonly parts: readonly PartReader[], nodes: readonly string[], private readonly taker: MergeTaker) {
    this.sources = nodes.map((node) => ({ node, next: 0, part: 0 }));
    this.byNode = new Map(this.sources.map((source) => [source.node, source]));
  }

  /** Throws TraceError for what is wrong in a file, INDEX_TWICE and INDEX_GAP; LimitError if too much must be held. */
  async run(): Promise<void> {
    for (;;) {
      await this.fill();
      if (this.advance('all')) continue;
      if (await this.readOn()) continue;
      if (DEMANDS.slice(1).some((demand) => this.advance(demand))) continue;
      const open = this.sources.filter((source) => this.head(source) !== undefined);
      if (open.length === 0) break;
      this.take(this.lowest(open));
    }
    for (const source of this.sources) this.refuseLeft(source);
  }

  /** The next event of the node, if it has been read. */
  private head(source: Source): TracedEvent | undefined {
    const here = this.parts[source.part]!.head(source.node);
    if (here !== undefined && Number(here.event.i) === source.next) return here;
    for (let part = 0; part < this.parts.length; part++) {
      const traced = this.parts[part]!.head(source.node);
      if (traced === undefined) continue;
      const index = Number(traced.event.i);
      if (index < source.next) throw this.twice(source, part, traced);
      if (index !== source.next) continue;
      source.part = part;
      return traced;
    }
    return undefined;
  }

  /** Reads on where the next event of a node is likely to be: in the parts that had its events before. */
  private async fill(): Promise<void> {
    for (const source of this.sources) {
      while (this.head(source) === undefined) {
        const part = this.parts.find((reader) => !reader.isEnded && reader.queues.has(source.node) && reader.size < MAX_HELD / this.parts.length);
        if (part === undefined) break;
        await part.pull();
      }
    }
  }

  /** Reads on wherever there is more; false if there is none. */
  private async readOn(): Promise<boolean> {
    const open = this.parts.filter(({ isEnded }) => !isEnded);
    if (open.length === 0) return false;
    if (this.parts.reduce((sum, { size }) => sum + size, 0) > MAX_HELD) throw new LimitError('TOO_MUCH_HELD', `more than ${MAX_HELD} events that wait for others`, 'write the events of each node in the order of their indices, and each node into a file of its own');
    for (const part of open) await part.pull();
    return true;
  }

  /** Takes events that may come; false if there are none. */
  private advance(demand: Demand): boolean {
    if (this.taker.rankOf !== null) {
      const ready = this.sources.filter((source) => this.isReady(source, demand));
      if (ready.length === 0) return false;
      this.take(this.lowest(ready));
      return true;
    }
    for (let tried = 0; tried < this.sources.length; tried++) {
      if (this.runNode(this.sources[this.turn++ % this.sources.length]!, demand)) return true;
    }
    return false;
  }

  /** Takes the events of one node as far as they may come. */
  private runNode(source: Source, demand: Demand): boolean {
    let taken = 0;
    while (taken < TURN && this.isReady(source, demand)) {
      this.take(source);
      taken++;
    }
    return taken > 0;
  }

  private isReady(source: Source, demand: Demand): boolean {
    const event = this.head(source)?.event;
    if (event === undefined) return false;
    const { cause } = event;
    if (cause !== undefined && Number(cause.i) >= this.byNode.get(cause.at)!.next) return false;
    return this.taker.isReady(event, demand);
  }

  private lowest(open: readonly Source[]): Source {
    const rankOf = this.taker.rankOf ?? (() => 0);
    const rank = (source: Source): number => rankOf(this.head(source)!.event);
    return open.reduce((lowest, source) => (rank(source) < rank(lowest) ? source : lowest));
  }

  private take(source: Source): void {
    const { event, line } = this.head(source)!;
    this.parts[source.part]!.take(source.node);
    source.next += 1;
    this.taker.feed(event, source.part, line);
  }

  private twice({ node, next }: Source, part: number, { event, line }: TracedEvent): Error {
    return traceError('INDEX_TWICE', { file: this.parts[part]!.file, line, field: 'i' }, {
      expected: `event ${next} of ${show(node)} or a later one`, got: show(event.i),
      hint: 'give each event of a node its own index, ascending in each file; name each file once; if these are logs of two runs, check them separately or give them different "id"s',
    });
  }

  private refuseLeft({ node, next }: Source): void {
    for (const reader of this.parts) {
      const left = reader.head(node);
      if (left === undefined) continue;
      throw traceError('INDEX_GAP', { file: reader.file, line: left.line, field: 'i' }, {
        expected: `the event ${next} of ${show(node)}`, got: `event ${show(left.event.i)}`,
        hint: 'count the events of each node from 0 without gaps; if a file of this node was not given, give it; if lines are lost, write an event of the kind "lost"',
      });
    }
  }
}
