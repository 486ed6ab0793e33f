/** Events that are of many slots. */
import type { TraceEvent } from '../trace/wire.js';

/** An event that is of many slots, and how far it reaches. */
export interface Broad {
  readonly event: TraceEvent;
  readonly line: number;
  /** It says nothing of slots below `from`; of those below `floor` something else than of the others. */
  readonly from: number;
  readonly floor: number;
}

/** For each of these the lowest slot that it or a later one is of. */
export function reachOf(broad: readonly Broad[]): number[] {
  const reach: number[] = [];
  for (let at = broad.length - 1, lowest = Infinity; at >= 0; at--) reach[at] = lowest = Math.min(lowest, broad[at]!.from);
  return reach;
}
