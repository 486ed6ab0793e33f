/** Whether an event of a log without an order between nodes may come now, slot by slot. */
import type { TraceEvent } from '../trace/wire.js';
import { noneExercised } from './bench.js';
import type { LiveTerms } from './live-terms.js';
import type { CheckState } from './state.js';
import { everyRule, isReady, rulesOfSafety } from './ready.js';

/** How much is asked for: what every rule asks for, of the lowest ballot too; not of the lowest ballot known; what matters for safety. */
export const DEMANDS = ['all', 'most', 'safety'] as const;
export type Demand = (typeof DEMANDS)[number];

/** A decision as it stands. */
export interface Standing {
  readonly state: CheckState;
  readonly values: string[];
  readonly lowest: number;
}

export function isReadyIn(terms: LiveTerms, { state, values, lowest }: Standing, event: TraceEvent, demand: Demand): boolean {
  terms.keys = values;
  terms.lowest = lowest;
  terms.assumed = 0;
  terms.isStrict = demand === 'all';
  return isReady({ compiled: terms, state, findings: [], exercised: noneExercised() }, event, demand === 'safety' ? rulesOfSafety : everyRule);
}
