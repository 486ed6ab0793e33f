/** What is kept of each slot of a log, in little space: a number that stands for its state, and the values that it is about. */

/** Slots of a page: few, for slots may be far apart. */
const SIZE = 32;

interface Page {
  /** The number of the slot's state; 0: nothing is known of it. */
  readonly states: Int32Array;
  /** How many of the events that are of many slots it has seen. */
  readonly seen: Int32Array;
  readonly first: (string | undefined)[];
}

const NONE: readonly string[] = [];

export class SlotPages {
  private readonly pages = new Map<number, Page>();
  /** Of slots with more than one value: the others. */
  private readonly others = new Map<number, readonly string[]>();
  private last = -1;
  private page: Page | undefined;

  private pageOf(slot: number): Page | undefined {
    const number = Math.floor(slot / SIZE);
    if (number !== this.last) {
      this.page = this.pages.get(number);
      this.last = number;
    }
    return this.page;
  }

  stateOf(slot: number): number {
    return this.pageOf(slot)?.states[slot % SIZE] ?? 0;
  }

  seenBy(slot: number): number {
    return this.pageOf(slot)?.seen[slot % SIZE] ?? 0;
  }

  set(slot: number, state: number, seen: number): void {
    let page = this.pageOf(slot);
    if (page === undefined) {
      page = this.page = { states: new Int32Array(SIZE), seen: new Int32Array(SIZE), first: Array.from({ length: SIZE }, () => undefined) };
      this.pages.set(this.last, page);
    }
    page.states[slot % SIZE] = state;
    page.seen[slot % SIZE] = seen;
  }

  /** The place of this value among those of the slot, which is one more than there are if it is new: then it is kept. */
  placeOf(slot: number, key: string): number {
    const page = this.pageOf(slot)!;
    const first = page.first[slot % SIZE];
    if (first === key) return 0;
    if (first === undefined) {
      page.first[slot % SIZE] = key;
      return 0;
    }
    const others = this.others.get(slot) ?? NONE;
    const place = others.indexOf(key);
    if (place >= 0) return place + 1;
    this.others.set(slot, [...others, key]);
    return others.length + 1;
  }

  valuesOf(slot: number): string[] {
    const first = this.pageOf(slot)?.first[slot % SIZE];
    return first === undefined ? [] : [first, ...(this.others.get(slot) ?? NONE)];
  }

  /** All slots up to this one of which something is known, page by page. */
  *slots(upto = Infinity): Generator<number> {
    for (const [number, page] of this.pages) if (number * SIZE <= upto) for (let index = 0; index < SIZE; index++) if (page.states[index] !== 0) yield number * SIZE + index;
  }

  /** Forgets the slots up to this one; how many that were. */
  forget(upto: number): number {
    let forgotten = 0;
    for (const [number, page] of this.pages) {
      const first = number * SIZE;
      if (first > upto) continue;
      const size = Math.min(SIZE, upto + 1 - first);
      for (let index = 0; index < size; index++) {
        if (page.states[index] !== 0) forgotten += 1;
        page.states[index] = 0;
        page.first[index] = undefined;
        this.others.delete(first + index);
      }
      if (size === SIZE) this.pages.delete(number);
    }
    this.last = -1;
    this.page = undefined;
    return forgotten;
  }
}
