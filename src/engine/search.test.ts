import { describe, expect, it } from 'vitest';
import { KNOWN_LENGTHS } from '../../model/known-lengths.js';
import { synodWith } from '../../model/mutant.js';
import { LEGITIMATE_VARIANTS, MUTANTS, mutantNamed } from '../../model/mutants.js';
import { PROPERTIES, propertyNamed } from '../../model/invariants.js';
import { grid, flexible } from '../../model/quorum.js';
import type { Cluster, Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import { explore } from './explore.js';
import { permutations, renameAcceptor } from './symmetry.js';
import { explore as exploreToy } from './toy.js';

const NONE = { properties: [], symmetry: 'none', exhaust: true } as const;
const FULL = { properties: [], symmetry: 'full', exhaust: true } as const;

/** M of the closed forms: how many sets of acceptors are a majority. */
const majoritiesOf = (n: number): number => Array.from({ length: 1 << n }, (_, set) => set.toString(2).replaceAll('0', '').length).filter((size) => size * 2 > n).length;

describe('packed search: distinct states and depth', () => {
  it.each([
    [1, 2, 1, 25, 9], [2, 2, 2, 145, 13], [2, 3, 2, 1501, 19], [2, 4, 2, 14881, 25], [3, 1, 2, 73, 9], [3, 2, 1, 1681, 17], [3, 2, 2, 3921, 17], [3, 2, 3, 6801, 17],
    [3, 3, 1, 68921, 25], [3, 3, 2, 185369, 25], [3, 3, 3, 362361, 25], [4, 2, 1, 9409, 21], [4, 2, 2, 20609, 21], [5, 2, 1, 297025, 25],
  ])('are as TLC counts them (A=%i B=%i V=%i): %i states, depth %i', (acceptors, ballots, values, distinct, depth) => {
    const result = explore(synod(acceptors, ballots, values), NONE);
    expect({ distinct: result.distinct, depth: result.depth, complete: result.complete }).toEqual({ distinct, depth, complete: true });
  });

  it('follow the closed form 1 + 2^N + V M 2^N for one ballot (N <= 5, V <= 4)', () => {
    for (const n of [1, 2, 3, 4, 5]) {
      for (const v of [1, 2, 3, 4]) expect(explore(synod(n, 1, v), NONE).distinct).toBe(1 + 2 ** n + v * majoritiesOf(n) * 2 ** n);
    }
  });

  it('follow the closed form (1 + 2^N (1 + M))^B and depth 1 + B (2N + 2) for one value', () => {
    for (const [n, b] of [[1, 1], [1, 3], [1, 4], [2, 2], [2, 3], [3, 2], [4, 2]] as const) {
      const result = explore(synod(n, b, 1), NONE);
      expect(result.distinct).toBe((1 + 2 ** n * (1 + majoritiesOf(n))) ** b);
      expect(result.depth).toBe(1 + b * (2 * n + 2));
    }
  });

  it.each([
    [3, 2, 2, 443], [3, 3, 2, 17153], [3, 3, 3, 17559], [3, 4, 2, 710709], [4, 3, 2, 57436], [5, 2, 2, 5811],
  ])('up to symmetry (A=%i B=%i V=%i): %i states', (acceptors, ballots, values, distinct) => {
    expect(explore(synod(acceptors, ballots, values), FULL).distinct).toBe(distinct);
  });

  it('with flexible quorums (2 acceptors, 1 and 2, B=3 V=3): 36,953 states, depth 19', () => {
    const { distinct, depth } = explore(synod(2, 3, 3, { quorums: flexible(2, 1, 2) }), NONE);
    expect({ distinct, depth }).toEqual({ distinct: 36953, depth: 19 });
  });

  it('with a 2x2 grid (A=4 B=2 V=2): 39,937 states', () => {
    expect(explore(synod(4, 2, 2, { quorums: grid(2, 2) }), NONE).distinct).toBe(39937);
  });

  it.each([['H1', 3, 3, 495161], ['H6', 3, 3, 372969]])('of variant %s (A=%i B=%i V=2): %i states', (id, acceptors, ballots, distinct) => {
    expect(explore(synodWith(mutantNamed(id)!, acceptors, ballots, 2), NONE).distinct).toBe(distinct);
  });
});

/** The least image under all renamings: slow, and obviously right. */
function leastImage(protocol: Synod): (cluster: Cluster) => string {
  const acceptorOrders = permutations(protocol.machines.length);
  const valueOrders = permutations(protocol.values);
  return (cluster) => {
    const images = valueOrders.flatMap((to) => {
      const accepts = cluster.accepts.map((vote) => ({ ballot: vote.ballot, value: to[vote.value]! })).sort((one, other) => one.ballot - other.ballot || one.value - other.value);
      const renamed = cluster.acceptors.map((acceptor) => renameAcceptor(acceptor, to));
      return acceptorOrders.map((order) => JSON.stringify({ prepares: cluster.prepares, accepts, acceptors: order.map((a) => renamed[a]) }));
    });
    return images.reduce((least, image) => (image < least ? image : least));
  };
}

describe('packed search equals the toy', () => {
  // These reach so many states that the toy would take minutes with two acceptors.
  const large = new Set(['A5', 'A13', 'D4']);
  const small = MUTANTS.map((mutant) => ({ id: mutant.id, acceptors: large.has(mutant.id) ? 1 : 2 })).map((row) => ({ ...row, protocol: synodWith(mutantNamed(row.id)!, row.acceptors, 2, 2) }));

  function expectTheSame(protocol: Synod): void {
    const toy = exploreToy(protocol);
    const packed = explore(protocol, { symmetry: 'none', exhaust: true });
    expect({ distinct: packed.distinct, depth: packed.depth, transitions: packed.transitions }).toEqual({ distinct: toy.distinct, depth: toy.depth, transitions: toy.transitions });
    for (const { name, kind, holds, run } of packed.properties) {
      if (kind === 'possibility') expect({ name, holds }).toEqual({ name, holds: toy.shortest.has(name) });
      else expect({ name, length: run?.transitions.length }).toEqual({ name, length: toy.shortest.get(name) });
    }
  }

  it.each(small)('$id (A=$acceptors B=2 V=2): states, depth, transitions, and the shortest break of every property', ({ protocol }) => {
    expectTheSame(protocol);
  });

  // Some vote for a value that nobody could propose.
  it.each(MUTANTS.map(({ id }) => id))('%s (A=1 B=2 V=1)', (id) => {
    expectTheSame(synodWith(mutantNamed(id)!, 1, 2, 1));
  });

  it.each(['A1', 'A7', 'A25', 'D2', 'P4', 'P10', 'P11', 'L6', 'Q1', 'H3'])('%s (A=2 B=2 V=2, least image): states up to renaming', (id) => {
    const protocol = synodWith(mutantNamed(id)!, 2, 2, 2);
    const toy = exploreToy(protocol, PROPERTIES, leastImage(protocol));
    const packed = explore(protocol, { symmetry: 'full', exhaust: true });
    expect(packed.merged).toEqual({ acceptors: true, values: true });
    expect({ distinct: packed.distinct, depth: packed.depth }).toEqual({ distinct: toy.distinct, depth: toy.depth });
  });

  it('the reference (A=3 B=2 V=2, least image): 443 states', () => {
    const protocol = synod(3, 2, 2);
    expect(exploreToy(protocol, [], leastImage(protocol)).distinct).toBe(443);
  });

  it('A19 keeps its acceptors apart: they are not the same machine', () => {
    const protocol = synodWith(mutantNamed('A19')!, 2, 2, 2);
    const packed = explore(protocol, { symmetry: 'full', exhaust: true });
    expect(packed.merged).toEqual({ acceptors: false, values: true });
    expect(packed.distinct).toBe(explore(protocol, { symmetry: 'values', exhaust: true }).distinct);
  });
});

describe('mutants break where the catalogue says', () => {
  // One search for all that is known of a mutant within the same bounds. D6 with four ballots is among the slow tests.
  const fits = KNOWN_LENGTHS.filter(({ id, ballots }) => !(id === 'D6' && ballots === 4) && id !== 'H3');
  const searches = [...new Map(fits.map((row) => [`${row.id} ${row.acceptors} ${row.ballots} ${row.values}`, row])).values()];

  it.each(searches)('$id (A=$acceptors B=$ballots V=$values): as long as is known', ({ id, acceptors, ballots, values }) => {
    const rows = fits.filter((row) => row.id === id && row.acceptors === acceptors && row.ballots === ballots && row.values === values);
    const names = rows.map(({ property = 'Agreement' }) => property);
    const exhaust = rows.some(({ length }) => length === null);
    const result = explore(synodWith(mutantNamed(id)!, acceptors, ballots, values), { properties: names.map((name) => propertyNamed(name)!), exhaust });
    for (const { property = 'Agreement', length } of rows) {
      const found = result.properties.find(({ name }) => name === property);
      expect([property, found?.run?.transitions.length ?? null]).toEqual([property, length]);
      if (length === null) expect(found?.holds).toBe(true);
    }
  });

  it.runIf(process.env.PAXCHECK_SLOW)('D6 (A=3 B=4 V=2, 12 million states up to renaming): SafeAt after 20, Agreement after 23', () => {
    const { properties } = explore(synodWith(mutantNamed('D6')!, 3, 4, 2), { properties: [propertyNamed('SafeAt')!] });
    expect(properties.map(({ name, run }) => [name, run?.transitions.length])).toContainEqual(['SafeAt', 20]);
    expect(properties.map(({ name, run }) => [name, run?.transitions.length])).toContainEqual(['Agreement', 23]);
  });

  it.runIf(process.env.PAXCHECK_SLOW).each([['H3', 3, 3, 3753729], ['H8', 3, 4, 2413745]])('of variant %s (A=%i B=%i V=2): %i states', (id, acceptors, ballots, distinct) => {
    expect(explore(synodWith(mutantNamed(id)!, acceptors, ballots, 2), NONE).distinct).toBe(distinct);
  });

  it.runIf(process.env.PAXCHECK_SLOW).each([[4, 3, 2, 2135473, 31], [3, 4, 1, 2825761, 33], [3, 4, 2, 8220065, 33], [5, 2, 2, 701505, 25], [4, 3, 1, 912673, 31]])('large bounds are as TLC and the closed forms count them (A=%i B=%i V=%i): %i states, depth %i', (acceptors, ballots, values, distinct, depth) => {
    const result = explore(synod(acceptors, ballots, values), NONE);
    expect({ distinct: result.distinct, depth: result.depth }).toEqual({ distinct, depth });
  });

  it.runIf(process.env.PAXCHECK_SLOW)('a 2x2 grid (A=4 B=3 V=3): 11,279,393 states; A=5 B=3 V=2 up to renaming: 2,088,565', () => {
    expect(explore(synod(4, 3, 3, { quorums: grid(2, 2) }), NONE).distinct).toBe(11279393);
    expect(explore(synod(5, 3, 2), FULL).distinct).toBe(2088565);
  });

  // Counts by the hand-written C of src/bench, which shares nothing with the engine.
  it.runIf(process.env.PAXCHECK_SLOW).each([[4, 4, 4856671], [3, 5, 29730227]])('A=%i B=%i V=2 up to renaming: %i states, depth 41, at most 16 bytes a state', (acceptors, ballots, distinct) => {
    const result = explore(synod(acceptors, ballots, 2), { ...FULL, properties: [propertyNamed('Agreement')!] });
    expect({ distinct: result.distinct, depth: result.depth }).toEqual({ distinct, depth: 41 });
    expect(result.bytes / distinct).toBeLessThanOrEqual(16);
  });

  it('every mutant that is said to break agreement has a length', () => {
    const lengths = new Set(KNOWN_LENGTHS.filter(({ length, property }) => length !== null && property === undefined).map(({ id }) => id));
    expect(MUTANTS.filter(({ id, breaks }) => breaks === 'agreement' && !lengths.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('the seed (A1) is safe with two ballots (A=3 B=2 V=2) and unsafe with three', () => {
    expect(explore(synodWith(mutantNamed('A1')!, 3, 2, 2)).verdict).toBe('conforms');
    expect(explore(synodWith(mutantNamed('A1')!, 3, 3, 2)).verdict).toBe('unsafe');
  });

  it.each(LEGITIMATE_VARIANTS.map(({ id }) => ({ id, ballots: id === 'H3' || id === 'H4' ? 2 : 3 })))('$id conforms (A=3 B=$ballots V=2)', ({ id, ballots }) => {
    expect(explore(synodWith(mutantNamed(id)!, 3, ballots, 2)).verdict).toBe('conforms');
  });

  it('A25 deviates: one ballot carries two values, agreement holds (A=3 B=3 V=2)', () => {
    const { verdict, properties } = explore(synodWith(mutantNamed('A25')!, 3, 3, 2));
    expect(verdict).toBe('deviates');
    expect(properties.find(({ name }) => name === 'Agreement')?.holds).toBe(true);
  });
});

describe('limits', () => {
  it('a limit on states ends in inconclusive, and no property is said to hold', () => {
    const result = explore(synod(3, 3, 2), { maxStates: 1000 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.complete).toBe(false);
    expect(result.properties.filter(({ holds, kind }) => holds === true && kind !== 'possibility')).toEqual([]);
    expect(result.exploredLength).toBeGreaterThan(0);
  });

  it('bounds that do not fit are refused by name', () => {
    expect(() => explore(synod(3, 9, 4))).toThrow(expect.objectContaining({ name: 'LimitError', code: 'BOUNDS_TOO_LARGE' }));
  });

  it('a broken agreement that was found stays unsafe although a limit ends the search', () => {
    const result = explore(synodWith(mutantNamed('P9')!, 3, 2, 2), { maxStates: 5000, exhaust: true });
    expect(result.verdict).toBe('unsafe');
  });
});
