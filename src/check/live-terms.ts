/** The words of the model for a log that is read as it comes: of one slot at a time, and without knowing what else it will say. */
import type { Quorums } from '../../model/quorum.js';
import type { Ballot, Names, Value } from '../../model/words.js';
import { PLAIN_NAMES } from '../../model/words.js';
import { canonicalJson } from '../trace/values.js';
import type { BallotToken, TraceEvent, TraceHeader } from '../trace/wire.js';
import { acceptorsOf, quorumsOf } from './compile.js';
import { Ranks } from './ranks.js';
import type { Terms } from './terms.js';

/** Begins the keys of values that are no plain strings. */
const OTHER = '\0';

/** Equal for equal values, and for these only. Most values are plain strings, and keys of themselves. */
export const keyOfValue = (value: unknown): string => (typeof value === 'string' && !value.startsWith(OTHER) ? value : OTHER + canonicalJson(value));

/** The value with this key. */
export const valueOfKey = (key: string): unknown => (key.startsWith(OTHER) ? (JSON.parse(key.slice(1)) as unknown) : key);

export class LiveTerms implements Terms {
  readonly acceptors: readonly string[];
  readonly quorums: Quorums;
  readonly names: Names = PLAIN_NAMES;
  /** Of the slot that is judged: its values, the lowest ballot that was mentioned (Infinity: none), and the highest that was held for the lowest (0: none). */
  keys: string[] = [];
  lowest: Ballot = Infinity;
  assumed: Ballot = 0;
  readonly ranks: Ranks;
  private readonly complete: ReadonlySet<string>;

  /** `wasProposed`: whether a value with this key was proposed for whichever slot. */
  constructor(readonly header: TraceHeader, private readonly wasProposed: (key: string) => boolean, readonly isInOrder: boolean) {
    this.acceptors = acceptorsOf(header);
    this.quorums = quorumsOf(header.quorums, this.acceptors);
    this.ranks = new Ranks(header);
    this.complete = new Set(header.complete);
  }

  get values(): number {
    return this.keys.length;
  }

  readonly rankOf = (token: BallotToken): Ballot => {
    const rank = this.ranks.of(token);
    if (rank < this.lowest) this.lowest = rank;
    return rank;
  };

  readonly valueOf = (value: unknown): Value => {
    const key = keyOfValue(value);
    const known = this.keys.indexOf(key);
    return known >= 0 ? known : this.keys.push(key) - 1;
  };

  readonly proposed = (value: Value): readonly Value[] => (this.wasProposed(this.keys[value]!) ? [value] : []);


  readonly isComplete = (kind: TraceEvent['kind']): boolean => this.complete.has(kind);

  /** False: the lowest ballot so far is taken for the lowest of all, which may turn out to be wrong. */
  isStrict = true;

  readonly needsPhase1 = (ballot: Ballot): boolean => {
    if (this.isStrict || ballot > this.lowest) return true;
    this.assumed = Math.max(this.assumed, ballot);
    return false;
  };
}
