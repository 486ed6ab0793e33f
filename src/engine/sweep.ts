/**
 * Exploration without a search: sheet by sheet (see sheet.ts), each in one pass from its lowest state to its highest.
 * A step of an acceptor leads to a higher state of the same sheet, a message of a leader to a later sheet; so when the pass
 * comes to a state it is known whether it can be reached, and nothing waits anywhere. The breadth-first search is the
 * twin: `sweep.test.ts` wants the same states, steps, levels and findings from both.
 */
import { firstEntry } from './blocks.js';
import { bitsIn } from './inputs.js';
import { unpack } from './layout.js';
import { Lifts } from './lifts.js';
import type { LevelTally, PassMeans } from './pass.js';
import { Pass } from './pass.js';
import { MAX_DEGREE } from './part.js';
import type { Explored, Finding, Progress, SearchGoal } from './search.js';
import { added } from './search.js';
import type { Sheet } from './sheet.js';
import { messagesOf } from './sheet.js';
import type { Sheets } from './sheets.js';
import type { Space } from './space.js';
import { Watch, isAfter } from './watch.js';

/** How those who sweep together share the work: every sheet is taken once, and a layer begins when all are through with the one before it. */
export interface Team {
  /** The next sheet of the layer that nobody has taken. */
  readonly take: (layer: number) => Sheet | null;
  /** Tells that this one is through with the layer; true if everybody is. To be called again while it is false. */
  readonly meet: (layer: number) => boolean;
  /** What all of them together have met so far, if this one has met so many states, and they take so much memory. */
  readonly total: (states: number, bytes: number) => Met;
  /** The shortest run that ends the exploration, as far as anybody knows; this one knows of one of this length, or of none: Infinity. */
  readonly bound: (length: number) => number;
  /** Marks a state of a later layer as reached. */
  readonly reach: PassMeans['reach'];
}

export type Met = Pick<Progress, 'states' | 'bytes'>;

function alone({ layers }: Sheets): Team {
  const sheets = layers.map((layer) => layer.values());
  return { take: (layer) => sheets[layer]!.next().value ?? null, meet: () => true, total: (states, bytes) => ({ states, bytes }), bound: (length) => length, reach };
}

/** What one of the team has counted and found. */
export interface SweepPart extends LevelTally {
  readonly found: ReadonlyMap<number, { readonly length: number; readonly key: Uint32Array }>;
  readonly bytes: number;
}

/** How long a pass takes, more or less: the larger the sheet, the fewer of its states are reached. */
const workOf = ({ size }: Sheet): number => Math.sqrt(size);

/** The work that comes before each sheet, and all of it. */
function planned({ layers }: Sheets): { readonly before: ReadonlyMap<Sheet, number>; readonly work: number } {
  const before = new Map<Sheet, number>();
  let work = 0;
  for (const sheet of layers.flat()) {
    before.set(sheet, work);
    work += workOf(sheet);
  }
  return { before, work };
}

/** Marks a state as reached; a sheet gets its words when the first state of it is. */
function reach(sheet: Sheet, index: number): void {
  sheet.bits ??= new Uint32Array(sheet.words);
  sheet.bits[index >>> 5]! |= 1 << (index & 31);
}

export class Sweep {
  private bytes = 0;
  private states = 0;
  private readonly watch: Watch;
  private readonly said: readonly Int32Array[];
  private readonly tally: LevelTally;
  private readonly startLength: number;

  constructor(private readonly space: Space, private readonly goal: SearchGoal, private readonly sheets: Sheets) {
    this.watch = new Watch(space, goal.properties);
    this.said = messagesOf(space);
    this.startLength = this.lengthOf(sheets.first, sheets.start);
    const levels = sheets.longest - this.startLength + 2;
    this.tally = { states: new Float64Array(levels), counts: new Float64Array(levels * this.width), degrees: new Float64Array(levels * (MAX_DEGREE + 1)) };
  }

  private get width(): number {
    return this.space.inputs.actions.length + 2;
  }

  /** Goes over the sheets that nobody else takes; yields how far it is, now and then. */
  *run(team: Team = alone(this.sheets)): Generator<Progress, SweepPart> {
    const { space, sheets, said, watch, tally } = this;
    const means = { space, sheets, said, watch, tally, reach: team.reach, lifts: new Lifts(space.blocks, space.inputs, space.canonical) };
    team.reach(sheets.first, this.indexOf(sheets.first, sheets.start));
    const { before, work } = planned(sheets);
    for (const number of sheets.layers.keys()) {
      for (let sheet = team.take(number); sheet !== null; sheet = team.take(number)) {
        if (sheet.bits === null) continue;
        const pass = new Pass(means, sheet, this.startLength);
        const goOn = (): number => pass.goOn(team.bound(this.stopAt));
        for (let met = goOn(); met >= 0; met = goOn()) {
          this.states += met;
          yield { ...team.total(this.states, this.bytes + pass.bytes), done: (before.get(sheet)! + pass.done * workOf(sheet)) / work };
        }
        this.bytes += pass.bytes;
      }
      const next = sheets.layers[number + 1]?.[0];
      while (!team.meet(number)) yield { ...team.total(this.states, this.bytes), done: next === undefined ? 1 : before.get(next)! / work };
    }
    const found = new Map([...watch.found].map(([index, key]) => [index, { length: watch.lengths[index]!, key }]));
    return { ...tally, found, bytes: this.bytes };
  }

  /** What came of it all: if consensus is broken, what a search that ends there would have seen. */
  sum(parts: readonly SweepPart[]): Explored {
    const found = shortest(parts);
    const { properties, stopAt } = this.goal;
    const last = Math.min(...[...found].map(([index, { length }]) => (stopAt?.(properties[index]!.name) ? length : Infinity)));
    const all = addUp(parts);
    // Every level up to the last has a state.
    const levels = [...all.states.subarray(0, Math.min(all.states.length, last + 1))].filter((states) => states > 0);
    const findings = [...found]
      .filter(([, { length }]) => length <= last)
      .sort(([one, { length }], [other, { length: otherLength }]) => length - otherLength || one - other)
      .map(([index, { length, key }]): Finding => ({ property: properties[index]!.name, length, key }));
    const complete = last === Infinity;
    const upTo = (numbers: Float64Array, width: number): Float64Array => perColumn(numbers.subarray(0, Math.min(numbers.length, last * width)), width);
    return {
      result: {
        distinct: levels.reduce((sum, states) => sum + states, 0),
        levels,
        findings,
        complete,
        limit: null,
        exploredLength: levels.length - 1,
        frontier: complete ? 0 : levels.at(-1)!,
        bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      tallies: [{ counts: upTo(all.counts, this.width), degrees: upTo(all.degrees, MAX_DEGREE + 1) }],
      among: (keys, level) => this.among(keys, level),
    };
  }

  /** The shortest run that ends the exploration, as far as is known here. */
  private get stopAt(): number {
    const { properties, stopAt } = this.goal;
    return properties.reduce((least, { name }, index) => (stopAt?.(name) ? Math.min(least, this.watch.lengths[index]!) : least), Infinity);
  }

  /** The number of the state with these rows, by acceptor. */
  private indexOf({ terms, widest }: Sheet, rows: Int32Array): number {
    const sorted = rows.slice();
    this.space.canonical.sort(sorted);
    return Array.from(this.sheets.seats.acceptor, (acceptor, seat) => terms[seat * widest + sorted[acceptor]!]!).reduce((sum, term) => sum + term, 0);
  }

  /** Messages sent and said in the state with these rows, by acceptor. */
  private lengthOf({ sent, block, places }: Sheet, rows: Int32Array): number {
    const { blocks } = this.space;
    return rows.reduce((sum, row, acceptor) => {
      const kind = blocks.kindOf[acceptor]!;
      return sum + this.said[kind]![blocks.row[firstEntry(blocks, acceptor, block) + places[kind]![row]!]!]!;
    }, bitsIn(sent));
  }

  private among(keys: readonly Uint32Array[], level: number): Uint32Array[] {
    const { blocks, layout } = this.space;
    const places = new Int32Array(blocks.kindOf.length);
    return keys.filter((key) => {
      const sheet = this.sheets.bySent.get(unpack(layout, key, 0, places));
      if (sheet === undefined) return false;
      const rows = places.map((place, acceptor) => sheet.numbers[blocks.kindOf[acceptor]!]![place]!);
      return !rows.includes(-1) && sheet.has(this.indexOf(sheet, rows)) && this.lengthOf(sheet, rows) - this.startLength === level;
    });
  }
}

/** For each property the finding with the shortest runs; of several the largest state. */
function shortest(parts: readonly SweepPart[]): SweepPart['found'] {
  const best = new Map<number, { readonly length: number; readonly key: Uint32Array }>();
  for (const [index, finding] of parts.flatMap(({ found }) => [...found])) {
    const known = best.get(index);
    if (known === undefined || finding.length < known.length || (finding.length === known.length && isAfter(finding.key, 0, known.key))) best.set(index, finding);
  }
  return best;
}

function addUp(parts: readonly LevelTally[]): LevelTally {
  const all = (of: (tally: LevelTally) => Float64Array): Float64Array => added(parts.map(of));
  return { states: all(({ states }) => states), counts: all(({ counts }) => counts), degrees: all(({ degrees }) => degrees) };
}

function perColumn(numbers: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  numbers.forEach((number, at) => (sums[at % width]! += number));
  return sums;
}
