/**
 * A sweep on several threads, over shared memory. Within a layer nobody writes to a sheet that another one goes over; to
 * the sheets of later layers all write at once, bit by bit.
 */
import { CrewError } from './crew-error.js';
import type { Sheet } from './sheet.js';
import type { Sheets } from './sheets.js';
import type { Met, Team } from './sweep.js';

/** Shared by all threads of a sweep. */
export interface Arena {
  readonly parts: number;
  /** Whether a thread has failed; the shortest run that ends the exploration; then for each layer how many sheets are taken, and how many threads are through. */
  readonly gate: SharedArrayBuffer;
  /** For each thread its states, and the bytes that they take. */
  readonly met: SharedArrayBuffer;
  /** The bits of every sheet, layer by layer. */
  readonly bits: readonly SharedArrayBuffer[];
}

export const arenaFor = (parts: number, { layers }: Sheets): Arena => ({
  parts,
  gate: gateFor(layers.length),
  met: new SharedArrayBuffer(parts * 16),
  bits: layers.flat().map(({ words }) => new SharedArrayBuffer(words * 4)),
});

const [FAILED, BOUND] = [0, 1] as const;
const takenAt = (layer: number): number => 2 + 2 * layer;
const throughAt = (layer: number): number => 3 + 2 * layer;
const UNBOUNDED = 2 ** 31 - 1;

function gateFor(layers: number): SharedArrayBuffer {
  const gate = new SharedArrayBuffer((2 + 2 * layers) * 4);
  new Int32Array(gate)[BOUND] = UNBOUNDED;
  return gate;
}

/** Tells everybody that the sweep cannot go on. */
export function abandon({ gate }: Arena): void {
  const view = new Int32Array(gate);
  Atomics.store(view, FAILED, 1);
  for (let at = 1; at < view.length; at++) Atomics.notify(view, at);
}

/** The thread with this number joins in with its sheets, which use the shared memory from now on. `patience`: milliseconds to wait for the others before control is given back. */
export function join({ parts, gate, met, bits }: Arena, { layers }: Sheets, id: number, patience: number): Team {
  const all = new Float64Array(met);
  const view = new Int32Array(gate);
  for (const [at, sheet] of layers.flat().entries()) sheet.bits = new Uint32Array(bits[at]!);
  let through = -1;
  const check = (): void => {
    if (Atomics.load(view, FAILED) === 1) throw new CrewError();
  };
  return {
    take: (layer) => {
      check();
      return layers[layer]![Atomics.add(view, takenAt(layer), 1)] ?? null;
    },
    meet: (layer) => {
      if (through < layer) {
        through = layer;
        Atomics.add(view, throughAt(layer), 1);
        Atomics.notify(view, throughAt(layer));
      }
      check();
      const count = Atomics.load(view, throughAt(layer));
      if (count < parts) Atomics.wait(view, throughAt(layer), count, patience);
      return Atomics.load(view, throughAt(layer)) === parts;
    },
    total: (states, bytes) => {
      all.set([states, bytes], id * 2);
      const sums: Met = { states: 0, bytes: 0 };
      return all.reduce(({ states: one, bytes: other }, number, at) => (at % 2 === 0 ? { states: one + number, bytes: other } : { states: one, bytes: other + number }), sums);
    },
    bound: (length) => {
      for (let known = Atomics.load(view, BOUND); length < known; known = Atomics.load(view, BOUND)) Atomics.compareExchange(view, BOUND, known, length);
      const known = Atomics.load(view, BOUND);
      return known === UNBOUNDED ? Infinity : known;
    },
    reach,
  };
}

/** Marks a state as reached, while others do the same. */
function reach({ bits }: Sheet, index: number): void {
  const word = index >>> 5;
  const bit = 1 << (index & 31);
  // A bit that is set stays so.
  if ((bits![word]! & bit) === 0) Atomics.or(bits!, word, bit);
}
