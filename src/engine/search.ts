/**
 * Breadth-first search over packed states, level by level: a level is finished before it is said what was found in it,
 * so that counts and findings do not depend on the number of threads or on the order of states. No parents are kept; a
 * shortest run is found again from the levels that were kept (see way.ts). `search.test.ts` holds counts, depth and the
 * length of every violation against the toy.
 */
import type { Property } from '../../model/property.js';
import type { Action } from '../../model/synod.js';
import type { Among } from './among.js';
import type { Crew, Standing } from './crew.js';
import { Alone } from './crew.js';
import { MAX_TAG } from './layout.js';
import { Part } from './part.js';
import type { Share } from './part.js';
import type { Space } from './space.js';
import { keyOf } from './space.js';
import { Watch, isAfter } from './watch.js';

/** Where a property was first seen to fail; for a possibility, first seen to hold. */
export interface Finding {
  readonly property: string;
  /** Actions from the first state to the finding. */
  readonly length: number;
  /** The words of the state; for a step invariant, of the state before the step. */
  readonly key: Uint32Array;
}

/** Why a search ended before it had seen everything. */
export type Limit = 'states' | 'memory' | 'time' | 'interrupt' | 'levels';
const LIMITS: readonly Limit[] = ['states', 'memory', 'time', 'interrupt', 'levels'];

export interface SearchLimits {
  readonly maxStates?: number;
  /** Bytes for states, all parts together. */
  readonly maxBytes?: number;
  /** Asked in every round; says why to end, if so. */
  readonly interrupted?: () => Limit | null;
  /** Told in every round. */
  readonly progress?: (progress: Progress) => void;
}

export interface Progress {
  readonly states: number;
  readonly bytes: number;
  /** Of a search. Every run of so many actions was explored. */
  readonly length?: number;
  /** Of a search: states that wait to be expanded, in this level and in the next. */
  readonly queue?: number;
  /** Of a sweep: part of all possible states that it is through with, from 0 to 1. */
  readonly done?: number;
}

export interface SearchGoal {
  readonly properties: readonly Property[];
  /** The search ends with the level in which one of these was found. */
  readonly stopAt?: (property: string) => boolean;
}

export type ActionCounts = Record<Action['kind'], number>;

/** What one part counted. */
export interface Tally {
  readonly counts: Float64Array;
  readonly degrees: Float64Array;
}

export interface SearchResult {
  readonly distinct: number;
  /** New states in each level. */
  readonly levels: readonly number[];
  readonly findings: readonly Finding[];
  /** True if everything was seen. */
  readonly complete: boolean;
  readonly limit: Limit | null;
  /** All runs of at most this many actions were explored. */
  readonly exploredLength: number;
  /** States that were found but not expanded when the search ended. */
  readonly frontier: number;
  readonly bytes: number;
}

/** What came of a search, or of a sweep. */
export interface Explored {
  readonly result: SearchResult;
  readonly tallies: readonly Tally[];
  /** Looks into what was kept. */
  readonly among: Among;
}

/** States expanded between two meetings. */
export const ROUND = 2048;

/** What a saved search goes on from. */
export interface Resumed {
  readonly levels: readonly number[];
  readonly findings: readonly Finding[];
}

export interface SearchOptions {
  readonly space: Space;
  readonly goal: SearchGoal;
  readonly limits?: SearchLimits;
  readonly crew?: Crew;
  readonly share?: Omit<Share, 'id' | 'of'>;
  /** Saves the part at the end of a level, when somebody wishes it. */
  readonly save?: (search: Search) => void;
  readonly wantsToSave?: () => boolean;
}

export class Search {
  readonly part: Part;
  readonly findings: Finding[] = [];
  levels: number[] = [];
  private readonly space: Space;
  private readonly crew: Crew;
  private readonly watch: Watch;
  private readonly limits: SearchLimits;
  private limit: Limit | null = null;
  private ended = false;

  constructor(private readonly options: SearchOptions) {
    this.space = options.space;
    this.crew = options.crew ?? new Alone();
    this.limits = options.limits ?? {};
    this.watch = new Watch(this.space, options.goal.properties);
    this.part = new Part(this.space, this.watch, { ...options.share, id: this.crew.id, of: this.crew.parts });
  }

  /** Searches; yields after every round, and while the others are not ready. The part has its states back if the search is resumed. */
  *run(resumed?: Resumed): Generator<undefined, SearchResult> {
    if (resumed === undefined) this.part.begin(keyOf(this.space, this.space.searchStart)!);
    else this.goOn(resumed);
    for (;;) {
      const standings = yield* this.level();
      this.settle(standings);
      if (this.limit !== null) return this.result(standings);
      const waiting = sum(standings, ({ waiting: states }) => states);
      if (waiting > 0) this.levels.push(waiting);
      if (this.levels.length >= MAX_TAG) this.limit = 'levels';
      if (waiting === 0 || this.ended || this.limit !== null) return this.result(standings);
      this.part.nextLevel();
      if (standings.some(({ save }) => save)) this.options.save?.(this);
    }
  }

  private goOn({ levels, findings }: Resumed): void {
    this.levels = [...levels];
    this.findings.push(...findings);
    const { properties } = this.options.goal;
    this.watch.settle(findings.map(({ property }) => properties.findIndex(({ name }) => name === property)));
  }

  /** Expands the current level, in rounds; returns the last standings. */
  private *level(): Generator<undefined, readonly Standing[]> {
    for (;;) {
      let failed = false;
      let sent = 0;
      try {
        this.crew.collect((keys, at) => this.part.receive(keys, at));
        this.part.flush();
        sent = this.part.expandSome(ROUND);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        failed = true;
      }
      const standing = this.standing(sent, failed);
      while (!this.crew.meet(standing)) yield;
      const standings = this.crew.all();
      this.limit = this.limitOf(standings);
      if (this.crew.id === 0) this.tell(standings);
      if (this.limit !== null || sum(standings, ({ open }) => open) === 0) return standings;
      yield;
    }
  }

  private standing(sent: number, failed: boolean): Standing {
    const { part, watch } = this;
    const wish = this.limits.interrupted?.() ?? null;
    const stop = failed ? 'memory' : wish;
    return {
      open: part.levels.open + sent,
      waiting: part.levels.waiting,
      stored: part.stored,
      bytes: part.bytes,
      stop: stop === null ? 0 : LIMITS.indexOf(stop) + 1,
      save: this.options.wantsToSave?.() === true,
      found: watch.found,
    };
  }

  private limitOf(standings: readonly Standing[]): Limit | null {
    const stop = standings.find((standing) => standing.stop !== 0)?.stop;
    if (stop !== undefined) return LIMITS[stop - 1]!;
    if (sum(standings, ({ stored }) => stored) > (this.limits.maxStates ?? Infinity)) return 'states';
    return sum(standings, ({ bytes }) => bytes) > (this.limits.maxBytes ?? Infinity) ? 'memory' : null;
  }

  private tell(standings: readonly Standing[]): void {
    this.limits.progress?.({
      states: sum(standings, ({ stored }) => stored),
      length: this.length,
      queue: sum(standings, ({ open, waiting }) => open + waiting),
      bytes: sum(standings, ({ bytes }) => bytes),
    });
  }

  /** The length of the runs that lead to the level that is expanded. */
  private get length(): number {
    return Math.max(0, this.levels.length - 1);
  }

  /** Notes what was found in this level, by whichever part: of several states the largest. */
  private settle(standings: readonly Standing[]): void {
    const largest = new Map<number, Uint32Array>();
    for (const { found } of standings) {
      for (const [index, key] of found) {
        const known = largest.get(index);
        if (known === undefined || isAfter(key, 0, known)) largest.set(index, key);
      }
    }
    for (const [index, key] of [...largest].sort(([one], [other]) => one - other)) {
      const property = this.options.goal.properties[index]!.name;
      this.findings.push({ property, length: this.levels.length, key });
      if (this.options.goal.stopAt?.(property)) this.ended = true;
    }
    this.watch.settle(largest.keys());
  }

  private result(standings: readonly Standing[]): SearchResult {
    const { levels, findings, limit, ended } = this;
    const frontier = sum(standings, ({ open, waiting }) => open + waiting);
    return {
      distinct: sum(standings, ({ stored }) => stored),
      levels,
      findings,
      complete: limit === null && !ended,
      limit,
      exploredLength: this.length,
      frontier,
      bytes: sum(standings, ({ bytes }) => bytes),
    };
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

/** Works to the end, without a rest. */
export function toItsEnd<T>(rounds: Generator<unknown, T>): T {
  for (;;) {
    const next = rounds.next();
    if (next.done === true) return next.value;
  }
}

/** The sum of what several parts have counted. */
export const added = ([first, ...others]: readonly Float64Array[]): Float64Array => others.reduce((sum, one) => sum.map((value, at) => value + one[at]!), Float64Array.from(first!));

/** The system has no memory left for an array. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof RangeError && error.message.includes('allocation');
