import { describe, expect, it } from 'vitest';
import { KNOWN_LENGTHS } from '../../model/known-lengths.js';
import { synodWith } from '../../model/mutant.js';
import { MUTANTS, mutantNamed } from '../../model/mutants.js';
import { flexible, grid } from '../../model/quorum.js';
import type { Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import type { Exploration, ExploreOptions } from './explore.js';
import { explorationOf, explore, planOf } from './explore.js';
import type { SearchLimits } from './search.js';
import { toItsEnd } from './search.js';
import { exploreRecipe } from './threads-node.js';
import { sheetsOf } from './sheets.js';
import { Sweep } from './sweep.js';

/** Null where the space cannot be laid out. */
function sweep(protocol: Synod, options: ExploreOptions): Exploration | null {
  const plan = planOf(protocol, options);
  const sheets = sheetsOf(plan.space, Infinity);
  if (sheets === null) return null;
  const whole = new Sweep(plan.space, plan.goal, sheets);
  return explorationOf(plan, whole.sum([toItsEnd(whole.run())]));
}

/** All but the memory. */
const facts = ({ bytes: _, ...exploration }: Exploration): unknown => exploration;
const SYMMETRIES = ['none', 'acceptors', 'values', 'full'] as const;

const canBeSwept = (id: string): boolean => sheetsOf(planOf(synodWith(mutantNamed(id)!, 2, 2, 2), {}).space, Infinity) !== null;
const SWEPT = MUTANTS.map(({ id }) => id).filter(canBeSwept);
/** Those of which a shortest run that breaks agreement is known. */
const BROKEN = KNOWN_LENGTHS.filter(({ id, property, length, acceptors, ballots }) => property === undefined && length !== null && acceptors * ballots <= 9 && SWEPT.includes(id)).map(({ id, acceptors, ballots, values }) => [id, acceptors, ballots, values] as const);

describe('a sweep finds what a search finds', () => {
  it('not where a step may say nothing or a crash loses something', () => {
    expect(['A1', 'P10', 'D1'].map(canBeSwept)).toEqual([false, false, false]);
    expect(SWEPT.length).toBeGreaterThan(35);
    expect(BROKEN.length).toBeGreaterThan(30);
  });

  it.each(SWEPT)('%s (A=2 B=2 V=2): states, levels, steps, findings and their runs; whole, and ended where consensus breaks', (id) => {
    const protocol = synodWith(mutantNamed(id)!, 2, 2, 2);
    for (const symmetry of SYMMETRIES) {
      for (const exhaust of [true, false]) expect(facts(sweep(protocol, { symmetry, exhaust })!)).toEqual(facts(explore(protocol, { symmetry, exhaust, sweep: false })));
    }
  });

  it.each(SWEPT)('%s (A=3 B=2 V=2, A=2 B=2 V=1)', (id) => {
    for (const protocol of [synodWith(mutantNamed(id)!, 3, 2, 2), synodWith(mutantNamed(id)!, 2, 2, 1)]) {
      const swept = sweep(protocol, {});
      if (swept !== null) expect(facts(swept)).toEqual(facts(explore(protocol, { sweep: false })));
    }
  });

  it.each([[1, 3, 2], [4, 2, 2], [3, 3, 2], [3, 2, 3], [2, 3, 2], [3, 1, 4]])('the reference (A=%i B=%i V=%i), every symmetry', (acceptors, ballots, values) => {
    for (const symmetry of SYMMETRIES) {
      const protocol = synod(acceptors, ballots, values);
      expect(facts(sweep(protocol, { symmetry })!)).toEqual(facts(explore(protocol, { symmetry, sweep: false })));
    }
  });

  it('with flexible and grid quorums, whole and not', () => {
    const protocols = [synod(3, 2, 2, { quorums: flexible(3, 2, 2) }), synod(4, 2, 2, { quorums: grid(2, 2) }), synod(2, 2, 2, { quorums: flexible(2, 1, 1) })];
    for (const protocol of protocols) {
      for (const exhaust of [true, false]) expect(facts(sweep(protocol, { exhaust })!)).toEqual(facts(explore(protocol, { exhaust, sweep: false })));
    }
  });

  it.each(BROKEN)('%s breaks agreement after as many actions, by the same run (A=%i B=%i V=%i)', (id, acceptors, ballots, values) => {
    const protocol = synodWith(mutantNamed(id)!, acceptors, ballots, values);
    const [swept, searched] = [sweep(protocol, {})!, explore(protocol, { sweep: false })];
    expect(swept.verdict).toBe('unsafe');
    expect(facts(swept)).toEqual(facts(searched));
  });
});

describe('when to sweep', () => {
  const protocol = synod(3, 3, 2);
  const told = (limits: SearchLimits & { sweep?: boolean }): { swept: boolean; exploration: Exploration } => {
    let swept = false;
    const exploration = explore(protocol, { symmetry: 'none', properties: [], ...limits, progress: ({ done }) => (swept ||= done !== undefined) });
    return { swept, exploration };
  };

  it('larger spaces are swept, unless there is a limit of states, too little memory, or a wish', () => {
    expect(told({})).toMatchObject({ swept: true, exploration: { distinct: 185369, complete: true } });
    expect(told({ sweep: false })).toMatchObject({ swept: false, exploration: { distinct: 185369 } });
    expect(told({ maxStates: 1_000_000 })).toMatchObject({ swept: false, exploration: { distinct: 185369 } });
    expect(told({ maxBytes: 300_000 })).toMatchObject({ swept: false, exploration: { limit: 'memory' } });
  });

  it('an interrupted sweep says what the search before it had covered', () => {
    let swept = false;
    const exploration = explore(protocol, { symmetry: 'none', progress: ({ done }) => (swept ||= done !== undefined), interrupted: () => (swept ? 'interrupt' : null) });
    expect(exploration).toMatchObject({ verdict: 'inconclusive', limit: 'interrupt', complete: false });
    expect(exploration.exploredLength).toBeGreaterThan(5);
    expect(exploration.frontier).toBeGreaterThan(0);
  });

  it('sheets that cannot be numbered are left to a search (A=13)', () => {
    expect(sheetsOf(planOf(synod(13, 3, 2), {}).space, Infinity)).toBeNull();
  });
});

describe('threads sweep together', () => {
  const recipe = { acceptors: 3, ballots: 3, values: 2, symmetry: 'none', exhaust: true } as const;
  it.each([1, 2, 3])('with the same result (A=3 B=3 V=2, %i threads)', async (threads) => {
    let swept = false;
    const together = await exploreRecipe(recipe, { threads, progress: ({ done }) => (swept ||= done !== undefined) });
    expect(swept).toBe(true);
    expect(facts(together)).toEqual(facts(explore(synod(3, 3, 2), { symmetry: 'none', exhaust: true, sweep: false })));
  });

  it('that of a mutant too: what breaks, where, and by which run (P11, A=3 B=3 V=2, 2 threads)', async () => {
    const together = await exploreRecipe({ ...recipe, symmetry: 'full', exhaust: false, mutant: 'P11' }, { threads: 2 });
    expect(facts(together)).toEqual(facts(explore(synodWith(mutantNamed('P11')!, 3, 3, 2), { symmetry: 'full', sweep: false })));
  });

  it('an interruption ends them', async () => {
    let swept = false;
    const { limit } = await exploreRecipe(recipe, { threads: 2, progress: ({ done }) => (swept ||= done !== undefined), interrupted: () => (swept ? 'interrupt' : null) });
    expect(limit).toBe('interrupt');
  });
});
