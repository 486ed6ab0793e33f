import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ballotOrder, rankBallots } from './ballots.js';
import type { BallotRule, BallotToken } from './wire.js';

const nodes = ['n1', 'n2', 'n3'].map((id) => ({ id, roles: [] }));
const orderOf = (ballots: BallotRule) => ballotOrder({ ballots, nodes });

const integer = fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1), fc.bigInt({ min: 0n, max: 2n ** 80n }).map(String));
const cases: [string, BallotRule, fc.Arbitrary<BallotToken>][] = [
  ['integer', { kind: 'integer' }, integer],
  ['pair', { kind: 'pair', owners: ['n3', 'n1', 'n2'] }, fc.tuple(integer, fc.constantFrom('n1', 'n2', 'n3'))],
  ['list', { kind: 'list', order: ['low', '10', '9', 'high'] }, fc.constantFrom('low', '10', '9', 'high')],
];

describe('ballots', () => {
  test.each(cases)('%s: a total order, and equal exactly for equal keys (counters up to 2^80)', (_kind, rule, token) => {
    const { compare, key, refusal } = orderOf(rule);
    fc.assert(
      fc.property(token, token, token, (a, b, c) => {
        expect(refusal(a)).toBeNull();
        expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
        expect(compare(a, b) === 0).toBe(key(a) === key(b));
      }),
    );
  });

  test('integers compare as BigInts do (up to 2^80)', () => {
    const { compare } = orderOf({ kind: 'integer' });
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(compare(a, b) < 0).toBe(BigInt(a) < BigInt(b));
      }),
    );
  });

  test.each(cases)('%s: ranks are 1, 2, ... in order, without regard to how often and where a ballot occurs', (_kind, rule, token) => {
    const order = orderOf(rule);
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        const ranks = rankBallots(order, [...tokens, ...tokens]);
        const rankOf = (ballot: BallotToken): number => ranks.get(order.key(ballot))!;
        expect([...ranks.values()]).toEqual(Array.from({ length: ranks.size }, (_, index) => index + 1));
        for (const a of tokens) for (const b of tokens) expect(Math.sign(rankOf(a) - rankOf(b))).toBe(Math.sign(order.compare(a, b)));
      }),
    );
  });

  test('7 and "7" are the same ballot; [1,10] comes after [1,9] and "10" after "9", as numbers do', () => {
    const integers = orderOf({ kind: 'integer' });
    expect(integers.compare(7, '7')).toBe(0);
    expect(integers.key(7)).toBe(integers.key('7'));
    expect(integers.compare('10', '9')).toBeGreaterThan(0);
    const pairs = orderOf({ kind: 'pair' });
    expect(pairs.compare([10, 'n1'], [9, 'n2'])).toBeGreaterThan(0);
    expect(pairs.key(['7', 'n1'])).toBe(pairs.key([7, 'n1']));
  });

  test('ties in the counter are broken by the place in `owners`, by default in the nodes', () => {
    expect(orderOf({ kind: 'pair' }).compare([1, 'n1'], [1, 'n2'])).toBeLessThan(0);
    expect(orderOf({ kind: 'pair', owners: ['n2', 'n1'] }).compare([1, 'n1'], [1, 'n2'])).toBeGreaterThan(0);
  });

  test.each<[BallotRule, BallotToken]>([
    [{ kind: 'integer' }, 'x7'],
    [{ kind: 'integer' }, '007'],
    [{ kind: 'integer' }, '-1'],
    [{ kind: 'integer' }, '1e3'],
    [{ kind: 'integer' }, '1\n'],
    [{ kind: 'integer' }, [1, 'n1']],
    [{ kind: 'pair' }, 1],
    [{ kind: 'pair' }, '1'],
    [{ kind: 'pair' }, [1, 'n4']],
    [{ kind: 'pair', owners: ['n1'] }, [1, 'n2']],
    [{ kind: 'list', order: ['a'] }, 'b'],
    [{ kind: 'list', order: ['1'] }, 1],
    [{ kind: 'list', order: ['n1'] }, [1, 'n1']],
  ])('%j does not allow %j, and says what it expects', (rule, token) => {
    expect(orderOf(rule).refusal(token)).toMatchObject({ expected: expect.any(String), hint: expect.any(String) });
  });
});
