/** The lines of some slots of a log, each as the trace of a single decision. */
import type { Trace, TracedEvent } from '../trace/read.js';
import type { BallotToken, TraceEvent, TraceHeader } from '../trace/wire.js';
import { eventIn, slotsNamed, unknownVotes, voteIn } from './project.js';
import { Ranks } from './ranks.js';

/** A slot with its lines. */
export interface SlotTrace {
  readonly slot: number;
  readonly trace: Trace;
  /** Lines of promises for many slots that do not name this one. */
  readonly unnamed: ReadonlySet<number>;
}

interface Collected {
  readonly slot: number;
  readonly events: TracedEvent[];
  readonly unnamed: Set<number>;
  /** What was proposed in which ballot, and who has voted for it by voting for all. */
  readonly proposals: { readonly rank: number; readonly value: unknown; readonly voters: Set<string> }[];
}

export class LogProjector {
  private readonly slots: readonly Collected[];
  private readonly ranks: Ranks;

  constructor(private readonly header: TraceHeader, slots: readonly number[]) {
    this.slots = slots.map((slot) => ({ slot, events: [], unnamed: new Set(), proposals: [] }));
    this.ranks = new Ranks(header);
  }

  feed(event: TraceEvent, line: number): void {
    const { slot } = event as { slot?: number | string };
    for (const collected of this.slots) {
      if (slot !== undefined && Number(slot) !== collected.slot) continue;
      if (slot === undefined && event.kind === 'accepted') this.voteUpto(collected, event, line);
      else this.add(collected, event, line);
    }
  }

  private add(collected: Collected, event: TraceEvent, line: number): void {
    const seen = eventIn(event, collected.slot);
    if (seen === null) return;
    collected.events.push({ event: seen, line });
    if (event.kind === 'promise' && event.slot === undefined && !slotsNamed(event).includes(collected.slot)) collected.unnamed.add(line);
    if (event.kind === 'accept') this.proposed(collected, event.ballot, event.value);
  }

  private proposed({ proposals }: Collected, ballot: BallotToken, value: unknown): void {
    proposals.push({ rank: this.ranks.of(ballot), value, voters: new Set() });
  }

  private voteUpto(collected: Collected, event: TraceEvent & { kind: 'accepted' }, line: number): void {
    if (!this.header.complete.includes('accept')) collected.events.push({ event: unknownVotes(event), line });
    if (Number(event.upto) < collected.slot) return;
    const rank = this.ranks.of(event.ballot);
    for (const proposal of collected.proposals) {
      if (proposal.rank !== rank || proposal.voters.has(event.at)) continue;
      proposal.voters.add(event.at);
      collected.events.push({ event: voteIn(event, proposal.value), line });
    }
  }

  /** `file`, `headerLine`: where the log is. */
  traces({ file, headerLine }: Pick<Trace, 'file' | 'headerLine'>): SlotTrace[] {
    return this.slots.map(({ slot, events, unnamed }) => ({ slot, unnamed, trace: { file, header: this.header, headerLine, events, warnings: [] } }));
  }
}
