/** Values that a log knows of without a slot: what was proposed for whichever, and what does nothing. */
import { LimitError } from '../engine/limit-error.js';
import type { TraceHeader } from '../trace/wire.js';
import { keyOfValue } from './live-terms.js';
import { LOG_LIMITS } from './log-options.js';

export class LogValues {
  /** The key of the value that does nothing, if there is one. */
  readonly noop: string | undefined;
  private readonly proposed = new Set<string>();

  constructor({ noop }: Pick<TraceHeader, 'noop'>) {
    this.noop = noop === undefined ? undefined : keyOfValue(noop);
  }

  /** Somebody proposed it, or nobody has to. */
  readonly wasProposed = (key: string): boolean => key === this.noop || this.proposed.has(key);

  /** Throws LimitError if there are too many. */
  propose(value: unknown): void {
    this.proposed.add(keyOfValue(value));
    if (this.proposed.size > LOG_LIMITS.proposed) throw new LimitError('TOO_MANY_PROPOSED', `more than ${LOG_LIMITS.proposed} different values proposed`, 'give "propose" the slot, or cut the log into traces');
  }
}

/** How far the acceptors have trimmed. */
export class Trims {
  private readonly byNode = new Map<string, number>();

  constructor(private readonly acceptors: readonly string[]) {}

  /** The last slot that all of them have dropped, now that this one dropped all up to `upto`; -1 if there is none. */
  trim(at: string, upto: number): number {
    this.byNode.set(at, Math.max(upto, this.byNode.get(at) ?? -1));
    return Math.min(...this.acceptors.map((acceptor) => this.byNode.get(acceptor) ?? -1));
  }
}
