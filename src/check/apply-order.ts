/** In which order the nodes of a log apply its slots. */
import { appliedInOrder } from '../../model/log-rules.js';
import type { Applied } from '../../model/log-rules.js';
import type { Bench } from './bench.js';
import { isComplete, require } from './bench.js';

const NOTHING: Known = { next: undefined, mayRepeat: false };

interface Known extends Applied {
  /** The line in which it applied its last slot, or loaded a snapshot. */
  readonly line?: number;
}

export class ApplyOrder {
  private readonly byNode = new Map<string, Known>();

  /** `isNothing`: what is decided in the slots from the first to the one before the second is to do nothing. */
  constructor(private readonly bench: Bench, private readonly isNothing: (from: number, to: number) => boolean) {}

  /** What was not logged without exception may have happened in between: a snapshot, a restart. */
  apply(at: string, slot: number, line: number): void {
    const { bench } = this;
    const known = this.byNode.get(at) ?? NOTHING;
    const { next } = known;
    const mayPass = next !== undefined && slot > next && (!isComplete(bench, 'applied') || !isComplete(bench, 'snapshot') || this.isNothing(next, slot));
    const applied = { next, mayRepeat: known.mayRepeat || (next !== undefined && slot < next && !isComplete(bench, 'restart')) };
    require(bench, 'applied-in-order', appliedInOrder, { applied, slot, mayPass }, next !== undefined, line, () => ({ at, got: `applied: slot ${slot}`, expected: `slot ${next ?? 0}`, because: [known.line] }));
    const isAhead = applied.mayRepeat || slot >= (next ?? 0);
    this.byNode.set(at, isAhead ? { next: slot + 1, mayRepeat: false, line } : known);
  }

  /** The state machine may begin anew. */
  restart(at: string): void {
    this.byNode.set(at, { ...(this.byNode.get(at) ?? NOTHING), mayRepeat: true });
  }

  /** The state machine goes on from what a snapshot holds. */
  load(at: string, upto: number, line: number): void {
    const { next = 0, mayRepeat } = this.byNode.get(at) ?? NOTHING;
    this.byNode.set(at, { next: mayRepeat ? upto + 1 : Math.max(next, upto + 1), mayRepeat: false, line });
  }

  /** The lowest slot that a node that applies has yet to apply; Infinity if none does. */
  get lowest(): number {
    return Math.min(Infinity, ...[...this.byNode.values()].map(({ next = 0 }) => next));
  }
}
