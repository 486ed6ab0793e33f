/** The inner loops of the engine, each beside its slow twin where it has one, and in turn. */
import { synod } from '../../model/synod.js';
import { PROPERTIES } from '../../model/invariants.js';
import { allHold, checkOf, isAnsweredTogether } from '../engine/checks.js';
import { successorsOf } from '../engine/expand.js';
import { Search, toItsEnd } from '../engine/search.js';
import { sheetsOf } from '../engine/sheets.js';
import type { Place, Space } from '../engine/space.js';
import { spaceOf } from '../engine/space.js';
import { Sweep } from '../engine/sweep.js';
import { StateTable } from '../engine/table.js';
import { Lots } from './lots.js';
import { entriesOf, successorSample } from './sample.js';

export interface MicroResult {
  /** The same in every version. */
  readonly id: string;
  readonly per: string;
  /** Nanoseconds. */
  readonly samples: readonly number[];
}

interface Loop {
  readonly id: string;
  readonly per: string;
  /** Does it all once; returns how many units that were. Throws if what came out is not right. */
  readonly run: () => number;
}

const BATCH = 256;
const KEYS = 1 << 19;
const STATES = 20_000;

function tableLoops(): Loop[] {
  const lots = new Lots(1);
  // As in the table: the upper eight bits of the last word are its own.
  const keys = Uint32Array.from({ length: KEYS * 2 }, (_, at) => (at % 2 === 0 ? lots.word() : lots.word() >>> 8));
  const fresh = new Int32Array(BATCH);
  const fill = (add: 'addAll' | 'addAnyWidth') => (): number => {
    const table = new StateTable(2, false);
    for (let at = 0; at < KEYS; at += BATCH) table[add](keys.subarray(at * 2, (at + BATCH) * 2), BATCH, 1, fresh);
    return mustBe(KEYS, table.size);
  };
  return [
    { id: 'table insert', per: 'random state', run: fill('addAll') },
    { id: 'table insert, any width', per: 'random state', run: fill('addAnyWidth') },
  ];
}

function canonicalLoop(space: Space, places: readonly Place[]): Loop {
  const rows = new Int32Array(space.tables.length);
  return {
    id: 'canonical form',
    per: 'successor, A5 B3 V2 full',
    run: () => {
      for (const place of places) {
        rows.set(place.rows);
        space.canonical.apply(place.sent, rows);
      }
      return places.length;
    },
  };
}

const SEARCHED = 185_369;

function successorLoops(): Loop[] {
  const space = spaceOf(synod(3, 3, 2), 'none', []);
  const places = successorSample(space, STATES);
  return [
    {
      id: 'search',
      per: 'state, A3 B3 V2 none',
      run: () => mustBe(SEARCHED, toItsEnd(new Search({ space, goal: { properties: [] } }).run()).distinct),
    },
    { id: 'sweep', per: 'state, A3 B3 V2 none', run: () => mustBe(SEARCHED, swept(space)) },
    {
      id: 'successorsOf',
      per: 'state, A3 B3 V2 none',
      run: () => {
        for (const { sent, rows } of places) successorsOf(space, sent, rows);
        return places.length;
      },
    },
  ];
}

function swept(space: Space): number {
  const sweep = new Sweep(space, { properties: [] }, sheetsOf(space, Infinity)!);
  return sweep.sum([toItsEnd(sweep.run())]).result.distinct;
}

function checkLoops(space: Space, places: readonly Place[]): Loop[] {
  const together = allHold(space);
  const checks = PROPERTIES.filter((property) => property.kind === 'state' && isAnsweredTogether(space, property)).map((property) => checkOf(space, property));
  const states = places.map((place) => ({ place, ...entriesOf(space, place) }));
  const per = 'state, A5 B3 V2 full';
  return [
    { id: 'all invariants', per, run: () => mustBe(states.length, states.filter(({ sent, entries }) => together(sent, entries)).length) },
    { id: 'all invariants, one by one', per, run: () => mustBe(states.length, states.filter(({ place: { sent, rows } }) => checks.every((check) => check(sent, rows))).length) },
  ];
}

function mustBe(expected: number, count: number): number {
  if (count !== expected) throw new Error(`an inner loop came to ${count} where ${expected} is right`);
  return count;
}

/** Short loops are repeated until the clock can tell. */
const LEAST_MS = 50;

function timeOf({ run }: Loop): number {
  const started = performance.now();
  let units = 0;
  while (performance.now() - started < LEAST_MS) units += run();
  return ((performance.now() - started) * 1e6) / units;
}

/** So many samples of each, in turn, after one that warms up. */
export function microTimes(samples: number, say: (line: string) => void): MicroResult[] {
  say('inner loops ...');
  const space = spaceOf(synod(5, 3, 2), 'full', []);
  const places = successorSample(space, STATES);
  const loops = [...tableLoops(), canonicalLoop(space, places), ...successorLoops(), ...checkLoops(space, places)];
  const times = loops.map((): number[] => []);
  for (const loop of loops) timeOf(loop);
  for (let round = 0; round < samples; round++) loops.forEach((loop, index) => times[index]!.push(timeOf(loop)));
  return loops.map(({ id, per }, index) => ({ id, per, samples: times[index]! }));
}
