/** What is watched during an exploration: which properties are still open, and where each was first seen to fail (or, a possibility, to hold). */
import type { Property } from '../../model/property.js';
import type { Check } from './checks.js';
import { ALWAYS, allHold, checkOf, isAnsweredTogether } from './checks.js';
import { lowestBit } from './inputs.js';
import type { Space } from './space.js';

interface Watched {
  readonly index: number;
  readonly property: Property;
  readonly check: Check;
}

/** The state that is looked at, if anybody wants its words. */
export interface Seen {
  /** A copy. */
  readonly key: () => Uint32Array;
}

export class Watch {
  /**
   * For each property found since the last settling, by its number, the state with the shortest runs to it; of several
   * the largest: whoever searches finds the same one, and its run is told in the order of ballots more often.
   */
  readonly found = new Map<number, Uint32Array>();
  /** For each property the actions from the first state to what was found. */
  readonly lengths: Float64Array;
  /** Those that `together` answers for, and those that are asked one by one. */
  private joint: Watched[];
  private single: Watched[];
  /** The longest run that may still show something about one of them. */
  private jointUpTo = Infinity;
  private singleUpTo = Infinity;
  private readonly together: ReturnType<typeof allHold>;
  private readonly rows: Int32Array;
  /** Step invariant k of the space -> number of the property. */
  private readonly openSteps: Map<number, number>;

  constructor(private readonly space: Space, readonly properties: readonly Property[]) {
    const watched = properties.flatMap((property, index) => (property.kind === 'step' ? [] : [{ index, property, check: checkOf(space, property) }]));
    this.lengths = new Float64Array(properties.length).fill(Infinity);
    this.joint = watched.filter(({ property }) => isAnsweredTogether(space, property));
    this.single = watched.filter((one) => !this.joint.includes(one) && one.check !== ALWAYS);
    this.together = allHold(space);
    this.rows = new Int32Array(space.tables.length);
    this.openSteps = new Map(space.steps.flatMap(({ name }, k) => properties.flatMap((property, index) => (property.name === name ? [[k, index] as const] : []))));
    this.limit();
  }

  /** Looks at a new state, to which runs of this length lead: what was sent, and its entries. */
  look(sent: number, entries: Int32Array, length: number, seen: Seen): void {
    const isFine = length > this.jointUpTo || this.together(sent, entries);
    if (isFine && length > this.singleUpTo) return;
    const { row } = this.space.blocks;
    for (let a = 0; a < entries.length; a++) this.rows[a] = row[entries[a]!]!;
    if (!isFine) this.ask(this.joint, sent, length, seen);
    this.ask(this.single, sent, length, seen);
  }

  private ask(watched: readonly Watched[], sent: number, length: number, seen: Seen): void {
    for (const { index, property, check } of watched) {
      if (length <= this.lengths[index]! && check(sent, this.rows) === (property.kind === 'possibility')) this.note(index, length, seen);
    }
  }

  /** Looks at the steps of a row that break some step invariant, the last of runs of this length. */
  lookAtSteps(acceptor: number, row: number, inputs: number, length: number, seen: Seen): void {
    const { tables, inputs: { actions } } = this.space;
    for (; inputs !== 0; inputs &= inputs - 1) {
      const broken = tables[acceptor]!.breaks[row * actions.length + lowestBit(inputs)]!;
      for (const [k, index] of this.openSteps) if (((broken >>> k) & 1) === 1) this.note(index, length, seen);
    }
  }

  private note(index: number, length: number, seen: Seen): void {
    if (length > this.lengths[index]!) return;
    const known = this.found.get(index);
    const key = seen.key();
    if (known !== undefined && length === this.lengths[index] && !isAfter(key, 0, known)) return;
    this.found.set(index, key);
    this.lengths[index] = length;
    this.limit();
  }

  private limit(): void {
    this.jointUpTo = this.longest(this.joint);
    this.singleUpTo = this.longest(this.single);
  }

  private longest(watched: readonly Watched[]): number {
    return watched.reduce((length, { index }) => Math.max(length, this.lengths[index]!), -1);
  }

  /** These are not watched any more. */
  settle(indices: Iterable<number>): void {
    const settled = new Set(indices);
    this.joint = this.joint.filter(({ index }) => !settled.has(index));
    this.single = this.single.filter(({ index }) => !settled.has(index));
    for (const [k, index] of this.openSteps) if (settled.has(index)) this.openSteps.delete(k);
    this.found.clear();
    this.lengths.fill(Infinity);
    this.limit();
  }
}

/** The words at `at` come after these. */
export function isAfter(keys: Uint32Array, at: number, other: Uint32Array): boolean {
  for (let word = 0; word < other.length; word++) if (keys[at + word] !== other[word]) return keys[at + word]! > other[word]!;
  return false;
}
