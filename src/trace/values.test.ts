import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './values.js';

/** The same value with the members of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

test('canonical JSON: the value itself, and the same text whatever the order of members (100 values)', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(parsed))).toEqual(parsed);
      expect(canonicalJson(reversed(parsed))).toBe(canonicalJson(parsed));
    }),
  );
});

test('canonical JSON: different values have different texts', () => {
  const values = [null, 0, '0', '', [], {}, [[]], [{}], { a: null }, { a: [] }, false, 'null', 1e21, 0.1, 'é', 'é'.normalize('NFD'), '\ud800'];
  expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
});

test('canonical JSON: keys by UTF-16 units, no white space, -0 as 0', () => {
  expect(canonicalJson({ b: [1, { d: -0, c: 'x y' }], a: null, '10': 1, '9': 2 })).toBe('{"10":1,"9":2,"a":null,"b":[1,{"c":"x y","d":0}]}');
});
