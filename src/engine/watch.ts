/** What is watched during a search: which properties are still open, and where in this level each was first seen to fail (or, a possibility, to hold). */
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

export class Watch {
  /** For each property found in this level, by its number, the largest state: whoever searches finds the same one, and its run is told in the order of ballots more often. */
  readonly found = new Map<number, Uint32Array>();
  /** Those that `together` answers for, and those that are asked one by one. */
  private joint: Watched[];
  private single: Watched[];
  private readonly together: ReturnType<typeof allHold>;
  private readonly rows: Int32Array;
  /** Step invariant k of the space -> number of the property. */
  private readonly openSteps: Map<number, number>;

  constructor(private readonly space: Space, readonly properties: readonly Property[]) {
    const watched = properties.flatMap((property, index) => (property.kind === 'step' ? [] : [{ index, property, check: checkOf(space, property) }]));
    this.joint = watched.filter(({ property }) => isAnsweredTogether(space, property));
    this.single = watched.filter((one) => !this.joint.includes(one) && one.check !== ALWAYS);
    this.together = allHold(space);
    this.rows = new Int32Array(space.tables.length);
    this.openSteps = new Map(space.steps.flatMap(({ name }, k) => properties.flatMap((property, index) => (property.name === name ? [[k, index] as const] : []))));
  }

  /** Looks at a new state: its entries, and its words at `at`. */
  look(sent: number, entries: Int32Array, keys: Uint32Array, at: number): void {
    const isFine = this.joint.length === 0 || this.together(sent, entries);
    if (isFine && this.single.length === 0) return;
    const { row } = this.space.blocks;
    for (let a = 0; a < entries.length; a++) this.rows[a] = row[entries[a]!]!;
    if (!isFine) this.ask(this.joint, sent, this.rows, keys, at);
    this.ask(this.single, sent, this.rows, keys, at);
  }

  private ask(watched: readonly Watched[], sent: number, rows: Int32Array, keys: Uint32Array, at: number): void {
    for (const { index, property, check } of watched) if (check(sent, rows) === (property.kind === 'possibility')) this.note(index, keys, at);
  }

  /** Looks at the steps of a row that break some step invariant. */
  lookAtSteps(acceptor: number, row: number, inputs: number, keys: Uint32Array, at: number): void {
    const { tables, inputs: { actions } } = this.space;
    for (; inputs !== 0; inputs &= inputs - 1) {
      const broken = tables[acceptor]!.breaks[row * actions.length + lowestBit(inputs)]!;
      for (const [k, index] of this.openSteps) if (((broken >>> k) & 1) === 1) this.note(index, keys, at);
    }
  }

  private note(index: number, keys: Uint32Array, at: number): void {
    const known = this.found.get(index);
    const { words } = this.space.layout;
    if (known === undefined || isAfter(keys, at, known)) this.found.set(index, keys.slice(at, at + words));
  }

  /** These are not watched any more. */
  settle(indices: Iterable<number>): void {
    const settled = new Set(indices);
    this.joint = this.joint.filter(({ index }) => !settled.has(index));
    this.single = this.single.filter(({ index }) => !settled.has(index));
    for (const [k, index] of this.openSteps) if (settled.has(index)) this.openSteps.delete(k);
    this.found.clear();
  }
}

/** The words at `at` come after these. */
export function isAfter(keys: Uint32Array, at: number, other: Uint32Array): boolean {
  for (let word = 0; word < other.length; word++) if (keys[at + word] !== other[word]) return keys[at + word]! > other[word]!;
  return false;
}
