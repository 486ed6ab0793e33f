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

interface Head {
  readonly part: number;
  readonly traced: TracedEvent;
}

export class LogMerge {
  /** For each node, how many of its events have come. */
  private readonly next: Map<string, number>;
  private readonly nodes: readonly string[];
  private turn = 0;

  constructor(private readonly parts: readonly PartReader[], nodes: readonly string[], private readonly taker: MergeTaker) {
    this.nodes = nodes;
    this.next = new Map(nodes.map((node) => [node, 0]));
  }

  /** Throws TraceError for what is wrong in a file, INDEX_TWICE and INDEX_GAP; LimitError if too much must be held. */
  async run(): Promise<void> {
    for (;;) {
      await this.fill();
      if (this.advance('all')) continue;
      if (await this.readOn()) continue;
      if (DEMANDS.slice(1).some((demand) => this.advance(demand))) continue;
      const heads = this.nodes.flatMap((node) => this.head(node) ?? []);
      if (heads.length === 0) break;
      this.take(this.lowest(heads));
    }
    for (const node of this.nodes) this.refuseLeft(node);
  }

  private head(node: string): Head | undefined {
    const next = this.next.get(node)!;
    for (const [part, reader] of this.parts.entries()) {
      const traced = reader.head(node);
      if (traced === undefined) continue;
      const index = Number(traced.event.i);
      if (index === next) return { part, traced };
      if (index < next) throw this.twice(node, part, traced);
    }
    return undefined;
  }

  /** Reads on where the next event of a node is likely to be: in the parts that had its events before. */
  private async fill(): Promise<void> {
    for (const node of this.nodes) {
      while (this.head(node) === undefined) {
        const part = this.parts.find((reader) => !reader.isEnded && reader.queues.has(node) && reader.size < MAX_HELD / this.parts.length);
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
      const ready = this.nodes.flatMap((node) => this.head(node) ?? []).filter(({ traced }) => this.isReady(traced.event, demand));
      if (ready.length === 0) return false;
      this.take(this.lowest(ready));
      return true;
    }
    for (let tried = 0; tried < this.nodes.length; tried++) {
      const node = this.nodes[this.turn++ % this.nodes.length]!;
      if (this.runNode(node, demand)) return true;
    }
    return false;
  }

  /** Takes the events of one node as far as they may come. */
  private runNode(node: string, demand: Demand): boolean {
    let taken = 0;
    for (let head = this.head(node); head !== undefined && taken < TURN && this.isReady(head.traced.event, demand); head = this.head(node)) {
      this.take(head);
      taken++;
    }
    return taken > 0;
  }

  private isReady(event: TraceEvent, demand: Demand): boolean {
    const { cause } = event;
    if (cause !== undefined && Number(cause.i) >= this.next.get(cause.at)!) return false;
    return this.taker.isReady(event, demand);
  }

  private lowest(heads: readonly Head[]): Head {
    const rankOf = this.taker.rankOf ?? (() => 0);
    return heads.reduce((lowest, head) => (rankOf(head.traced.event) < rankOf(lowest.traced.event) ? head : lowest));
  }

  private take({ part, traced: { event, line } }: Head): void {
    this.parts[part]!.take(event.at);
    this.next.set(event.at, this.next.get(event.at)! + 1);
    this.taker.feed(event, part, line);
  }

  private twice(node: string, part: number, { event, line }: TracedEvent): Error {
    return traceError('INDEX_TWICE', { file: this.parts[part]!.file, line, field: 'i' }, {
      expected: `event ${this.next.get(node)!} of ${show(node)} or a later one`, got: show(event.i),
      hint: 'give each event of a node its own index, ascending in each file; name each file once; if these are logs of two runs, check them separately or give them different "id"s',
    });
  }

  private refuseLeft(node: string): void {
    for (const reader of this.parts) {
      const left = reader.head(node);
      if (left === undefined) continue;
      throw traceError('INDEX_GAP', { file: reader.file, line: left.line, field: 'i' }, {
        expected: `the event ${this.next.get(node)!} of ${show(node)}`, got: `event ${show(left.event.i)}`,
        hint: 'count the events of each node from 0 without gaps; if a file of this node was not given, give it; if lines are lost, write an event of the kind "lost"',
      });
    }
  }
}
