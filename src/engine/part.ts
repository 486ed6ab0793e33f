/**
 * One thread's part of a search: the states whose hashes are its own. It expands them, adds those successors that are
 * its own to its table, and hands the others over. Here is where the time goes: everything is a number in a typed array,
 * and a successor is made from its predecessor's words. `expand.ts` is the slow twin; `search.test.ts` holds both against the toy.
 */
import { statesAmong } from './among.js';
import { blockOf, entriesOf, placeOf } from './blocks.js';
import { lowestBit } from './inputs.js';
import { LEVEL_SHIFT, STATE_MASK, pack, unpack } from './layout.js';
import { Levels } from './levels.js';
import { Lifts } from './lifts.js';
import { Recent } from './recent.js';
import { hashOf } from './segment.js';
import type { Space } from './space.js';
import type { Allocate } from './table.js';
import { StateTable } from './table.js';
import type { Seen, Watch } from './watch.js';

/** States that go to the table together. */
const BATCH = 512;
/** More steps than this out of one state are counted as so many. */
export const MAX_DEGREE = 255;

export interface Share {
  readonly id: number;
  readonly of: number;
  readonly allocate?: Allocate;
  /** Hands a state over to another part. */
  readonly post?: (owner: number, keys: Uint32Array, at: number) => void;
}

/** The part that keeps a state. */
export const ownerOf = (keys: Uint32Array, at: number, words: number, parts: number): number => Math.imul(hashOf(keys, at, words) & 0xffff, parts) >>> 16;

export class Part {
  readonly table: StateTable;
  readonly levels: Levels;
  /** State-changing steps by input; the last two are prepare and accept. */
  readonly counts: Float64Array;
  /** How many states have so many steps out. */
  readonly degrees = new Float64Array(MAX_DEGREE + 1);
  /** Of the states that are expanded. */
  private level = -1;
  private posted = 0;
  private restored = 0;
  readonly words: number;
  private readonly places: Int32Array;
  private readonly moved: Int32Array;
  private readonly entries: Int32Array;
  private readonly rows: Int32Array;
  /** The same for a new state that is looked at, which may be in the middle of an expansion. */
  private readonly seenPlaces: Int32Array;
  private readonly seenEntries: Int32Array;
  private readonly recent: Recent;
  private readonly lifts: Lifts;
  private readonly before: Int32Array;
  private readonly after: Int32Array;
  private readonly sorts: boolean;
  private readonly one: Uint32Array;
  private readonly batch: Uint32Array;
  private readonly fresh = new Int32Array(BATCH);
  private batched = 0;
  private seenAt = 0;
  /** The state of the batch that is looked at. */
  private readonly seen: Seen = { key: () => this.batch.slice(this.seenAt, this.seenAt + this.words) };

  constructor(private readonly space: Space, private readonly watch: Watch, private readonly share: Share = { id: 0, of: 1 }) {
    const acceptors = space.tables.length;
    this.words = space.layout.words;
    this.table = new StateTable(this.words, space.graded, share.allocate);
    this.levels = new Levels(this.words, space.graded, share.allocate);
    this.counts = new Float64Array(space.inputs.actions.length + 2);
    [this.places, this.moved, this.entries, this.rows] = [new Int32Array(acceptors), new Int32Array(acceptors), new Int32Array(acceptors), new Int32Array(acceptors)];
    [this.seenPlaces, this.seenEntries] = [new Int32Array(acceptors), new Int32Array(acceptors)];
    this.recent = new Recent(this.words);
    this.lifts = new Lifts(space.blocks, space.inputs, space.canonical);
    ({ before: this.before, after: this.after } = space.canonical.neighbours());
    this.sorts = this.before.some((acceptor) => acceptor >= 0);
    this.one = new Uint32Array(this.words);
    this.batch = new Uint32Array(this.words * BATCH);
  }

  get bytes(): number {
    return this.table.bytes + this.levels.bytes;
  }

  /** Takes in the first state, if it is this part's: it waits for the first level. */
  begin(key: Uint32Array): void {
    if (ownerOf(key, 0, this.words, this.share.of) === this.share.id) this.receive(key, 0);
    this.flush();
  }

  /** States found so far. */
  get stored(): number {
    return this.table.size + this.restored;
  }

  get isFirst(): boolean {
    return this.share.id === 0;
  }

  /** Calls back with every state that was kept, and its level, from one on. */
  forEachKept(visit: (keys: Uint32Array, at: number, tag: number) => void): void {
    if (this.levels.keeps) this.levels.forEach((keys, at, level) => visit(keys, at, level + 1));
    else this.table.forEach((keys, at) => visit(keys, at, keys[at + this.words - 1]! >>> LEVEL_SHIFT));
  }

  /** Takes back a saved state if it is its own; `last` is the level to go on with. Where levels are kept, they come in their order. */
  takeBack(keys: Uint32Array, at: number, last: number): void {
    if (ownerOf(keys, at, this.words, this.share.of) !== this.share.id) return;
    const level = (keys[at + this.words - 1]! >>> LEVEL_SHIFT) - 1;
    for (let word = 0; word < this.words; word++) this.one[word] = keys[at + word]!;
    this.one[this.words - 1]! &= STATE_MASK;
    if (this.levels.keeps) this.restored++;
    else this.table.addAll(this.one, 1, level + 1, this.fresh);
    if (this.levels.keeps || level === last) this.levels.push(this.one, 0);
  }

  /** Those of these states that were found in this level. */
  among(keys: readonly Uint32Array[], level: number): Uint32Array[] {
    return statesAmong(this.table, this.levels, keys, level);
  }

  /** What was found, or taken back, is expanded from now on; it is of this level. */
  nextLevel(level = this.level + 1): void {
    this.level = level;
    this.levels.next();
  }

  /** Expands at most so many states, and adds what is its own; returns how many it has handed over. */
  expandSome(most: number): number {
    const { chunk, from, count } = this.levels.take(most);
    this.posted = 0;
    for (let i = 0; i < count; i++) this.expand(chunk, (from + i) * this.words);
    this.flush();
    return this.posted;
  }

  private expand(keys: Uint32Array, at: number): void {
    const { space, places, entries, before, after, counts } = this;
    const { blocks, inputs, leader } = space;
    const { ballots, values, spontaneous } = inputs;
    const { next, changes, broken } = blocks;
    const width = inputs.actions.length;
    const sent = unpack(space.layout, keys, at, places);
    entriesOf(blocks, blockOf(blocks, sent >>> ballots), places, entries);
    let degree = 0;
    for (let unsent = ~sent & inputs.prepares; unsent !== 0; unsent &= unsent - 1) {
      degree++;
      counts[width]!++;
      this.putPrepare(keys, at, unsent & -unsent);
    }
    for (let ballot = 1; ballot <= ballots; ballot++) {
      for (let fresh = leader.fresh(ballot, sent, entries); fresh !== 0; fresh &= fresh - 1) {
        degree++;
        counts[width + 1]!++;
        this.putProposal(sent, (ballot - 1) * values + lowestBit(fresh));
      }
    }
    const available = sent | spontaneous;
    const keepsValues = space.canonical.keepsValues(sent >>> ballots);
    for (let a = 0; a < entries.length; a++) {
      const entry = entries[a]!;
      if (before[a]! >= 0 && entries[before[a]!] === entry) continue;
      // Acceptors in the same row that may be exchanged have the same steps.
      let alike = 1;
      for (let other = after[a]!; other >= 0 && entries[other] === entry; other = after[other]!) alike++;
      if ((broken[entry]! & available) !== 0) this.watch.lookAtSteps(a, blocks.row[entry]!, broken[entry]! & available, this.level + 1, { key: () => keys.slice(at, at + this.words) });
      for (let open = changes[entry]! & available; open !== 0; open &= open - 1) {
        const input = lowestBit(open);
        const place = next[entry * width + input]!;
        degree += alike;
        counts[input]! += alike;
        if (!keepsValues) this.putRenamed(sent, a, blocks.row[entry - places[a]! + place]!);
        else if (this.sorts) this.putSorted(sent, a, place);
        else this.putPlace(keys, at, a, place);
      }
    }
    this.degrees[Math.min(degree, MAX_DEGREE)]!++;
  }

  /** The same state with one more prepare sent. */
  private putPrepare(keys: Uint32Array, at: number, bit: number): void {
    const { batch, words } = this;
    const to = this.batched * words;
    batch[to] = keys[at]! | (bit << 1);
    for (let word = 1; word < words; word++) batch[to + word] = keys[at + word]!;
    this.put();
  }

  /** The same state with an acceptor in another place. */
  private putPlace(keys: Uint32Array, at: number, acceptor: number, place: number): void {
    const { batch, words } = this;
    const { word, shift } = this.space.layout;
    const to = this.batched * words;
    for (let each = 0; each < words; each++) batch[to + each] = keys[at + each]!;
    batch[to + word[acceptor]!]! ^= (place ^ this.places[acceptor]!) << shift[acceptor]!;
    this.put();
  }

  /** The same, its acceptors in order again. */
  private putSorted(sent: number, acceptor: number, place: number): void {
    const { places, moved, before, after } = this;
    for (let a = 0; a < places.length; a++) moved[a] = places[a]!;
    let to = acceptor;
    for (let other = after[to]!; other >= 0 && places[other]! < place; other = after[to]!) {
      moved[to] = places[other]!;
      to = other;
    }
    for (let other = before[to]!; other >= 0 && places[other]! > place; other = before[to]!) {
      moved[to] = places[other]!;
      to = other;
    }
    moved[to] = place;
    pack(this.space.layout, sent, moved, this.batch, this.batched * this.words);
    this.put();
  }

  /** The same state with one more proposal. */
  private putProposal(sent: number, bit: number): void {
    const { ballots, prepares } = this.space.inputs;
    const lift = this.lifts.of(sent >>> ballots, bit);
    if (lift === null) {
      this.putRenamed(sent | (1 << (ballots + bit)), -1, 0);
      return;
    }
    const { places, moved, before } = this;
    for (let a = 0; a < places.length; a++) {
      const place = lift.places[a]![places[a]!]!;
      let to = a;
      for (let other = before[a]!; other >= 0 && moved[other]! > place; other = before[other]!) {
        moved[to] = moved[other]!;
        to = other;
      }
      moved[to] = place;
    }
    pack(this.space.layout, (sent & prepares) | (lift.image << ballots), moved, this.batch, this.batched * this.words);
    this.put();
  }

  /** The canonical form of what was sent and the rows, one of them changed: slow, and always right. */
  private putRenamed(sent: number, acceptor: number, row: number): void {
    const { space, entries, rows, moved } = this;
    const { blocks, canonical, inputs, layout } = space;
    for (let a = 0; a < rows.length; a++) rows[a] = blocks.row[entries[a]!]!;
    if (acceptor >= 0) rows[acceptor] = row;
    const image = canonical.apply(sent, rows);
    const block = blockOf(blocks, image >>> inputs.ballots);
    for (let a = 0; a < rows.length; a++) moved[a] = placeOf(blocks, a, block, rows[a]!);
    pack(layout, image, moved, this.batch, this.batched * this.words);
    this.put();
  }

  /** The state at the end of the batch is complete. */
  private put(): void {
    const at = this.batched * this.words;
    // Then it is in the table, in the batch, or with another part.
    if (this.recent.has(this.batch, at)) return;
    const { id, of, post } = this.share;
    const owner = of === 1 ? id : ownerOf(this.batch, at, this.words, of);
    if (owner !== id) {
      post!(owner, this.batch, at);
      this.posted++;
    } else if (++this.batched === BATCH) this.flush();
  }

  /** Takes in a state that another part has found. */
  receive(keys: Uint32Array, at: number): void {
    const to = this.batched * this.words;
    for (let word = 0; word < this.words; word++) this.batch[to + word] = keys[at + word]!;
    if (++this.batched === BATCH) this.flush();
  }

  /** Adds the batch to the table; those that are new are looked at and expanded later. */
  flush(): void {
    const { table, batch, fresh, words, seenPlaces, seenEntries } = this;
    const { layout, blocks, inputs } = this.space;
    const added = table.addAll(batch, this.batched, this.level + 2, fresh);
    this.batched = 0;
    for (let i = 0; i < added; i++) {
      const at = fresh[i]! * words;
      this.levels.push(batch, at);
      const sent = unpack(layout, batch, at, seenPlaces);
      entriesOf(blocks, blockOf(blocks, sent >>> inputs.ballots), seenPlaces, seenEntries);
      this.seenAt = at;
      this.watch.look(sent, seenEntries, this.level + 1, this.seen);
    }
  }
}
