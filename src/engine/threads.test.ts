import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { KNOWN_LENGTHS } from '../../model/known-lengths.js';
import { explore } from './explore.js';
import type { Exploration } from './explore.js';
import { optionsOf, protocolOf } from './recipe.js';
import type { Recipe } from './recipe.js';
import { SharedCrew, meetingFor } from './shared-crew.js';
import { exploreRecipe } from './threads-node.js';

/** What must not depend on the number of threads; memory does. */
const facts = ({ bytes: _, ...exploration }: Exploration): unknown => exploration;

describe('threads that search: the same counts, findings and runs as one', () => {
  const recipes: (Recipe & { mutant?: string })[] = [
    { acceptors: 3, ballots: 3, values: 2, reduce: true },
    { acceptors: 3, ballots: 3, values: 2, symmetry: 'none', exhaust: true },
    { acceptors: 3, ballots: 3, values: 2 },
    { acceptors: 4, ballots: 2, values: 2, symmetry: 'acceptors' },
    // Not graded: a crash changes nothing that was said.
    ...['A1', 'A7', 'P9', 'L6', 'D2', 'Q1'].map((mutant) => ({ mutant, acceptors: 3, ballots: mutant === 'A1' ? 3 : 2, values: 2, exhaust: true })),
  ];
  it.each(recipes)('$mutant (A=$acceptors B=$ballots V=$values), 2 and 3 threads', async (recipe) => {
    const alone = facts(explore(protocolOf(recipe), { ...optionsOf(recipe), sweep: false }));
    for (const threads of [2, 3]) expect(facts(await exploreRecipe(recipe, { threads, sweep: false }))).toEqual(alone);
  });

  it('a shortest run that breaks agreement is as long as is known (2 threads)', async () => {
    for (const { id, acceptors, ballots, values, length } of KNOWN_LENGTHS.filter(({ id: known, property }) => ['A1', 'A2', 'L7'].includes(known) && property === undefined)) {
      const { properties } = await exploreRecipe({ mutant: id, acceptors, ballots, values, properties: ['Agreement'] }, { threads: 2, sweep: false });
      expect([id, properties.find(({ name }) => name === 'Agreement')?.run?.transitions.length ?? null]).toEqual([id, length]);
    }
  });
});

describe('limits end in inconclusive, with what was covered', () => {
  const recipe: Recipe = { acceptors: 3, ballots: 3, values: 2, symmetry: 'none' };
  it.each([1, 2])('states, memory, time (%i threads)', async (threads) => {
    for (const [limit, options] of [['states', { maxStates: 10_000 }], ['memory', { maxBytes: 1_000_000 }], ['time', { interrupted: () => 'time' as const }]] as const) {
      const result = await exploreRecipe(recipe, { threads, sweep: false, ...options });
      expect([result.verdict, result.limit, result.complete]).toEqual(['inconclusive', limit, false]);
      expect(result.frontier).toBeGreaterThan(0);
      expect(result.properties.filter(({ kind, holds }) => kind !== 'possibility' && holds === true)).toEqual([]);
    }
  });
});

describe('the crew', () => {
  it('delivers every state once, also those that do not fit into a box (2 parts, 30,000 states in one round)', () => {
    const meeting = meetingFor(2, 2, 0);
    const [one, other] = [new SharedCrew(meeting, 0, 0), new SharedCrew(meeting, 1, 0)];
    const standing = { open: 0, waiting: 0, stored: 0, bytes: 0, stop: 0, save: false, found: new Map() };
    const seen: number[] = [];
    let rounds = 0;
    for (let open = 1; open > 0; rounds++) {
      one.collect(() => expect.unreachable());
      other.collect((keys, at) => seen.push(keys[at]!));
      let posted = 0;
      if (rounds === 0) for (; posted < 30_000; posted++) one.post(1, Uint32Array.of(posted + 1, 7), 0);
      expect(one.meet({ ...standing, open: posted })).toBe(false);
      expect(other.meet(standing)).toBe(true);
      expect(one.meet(standing)).toBe(true);
      open = one.all().reduce((sum, each) => sum + each.open, 0);
      expect(other.all()).toEqual(one.all());
    }
    expect(rounds).toBeGreaterThan(3);
    expect(seen).toEqual(Array.from({ length: 30_000 }, (_, index) => index + 1));
  });

  it('is not let through by a call that was meant for an earlier round: a thread may be held up before it wakes the others', async () => {
    const meeting = meetingFor(2, 2, 0);
    const caller = new Worker('const { workerData: gate, parentPort } = require("node:worker_threads"); parentPort.postMessage(0); for (;;) Atomics.notify(new Int32Array(gate), 1);', { eval: true, workerData: meeting.gate });
    try {
      await new Promise((resolve) => caller.once('message', resolve));
      const crew = new SharedCrew(meeting, 0, 50);
      const standing = { open: 0, waiting: 0, stored: 0, bytes: 0, stop: 0, save: false, found: new Map() };
      for (let time = 0; time < 5; time++) expect(crew.meet(standing)).toBe(false);
    } finally {
      await caller.terminate();
    }
  });
});
