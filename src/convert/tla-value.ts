/**
 * Values of TLA+ as tools write them into JSON. ITF tells sets, functions and large integers apart by keys that begin with "#";
 * TLC's JSON has arrays for sets and sequences, and objects for records and functions. Reading is by what is expected.
 */
import { canonicalJson } from '../trace/values.js';

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const only = (value: unknown, key: string): unknown => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** The members of a set, a sequence or a tuple; undefined for anything else. */
export function membersOf(value: unknown): readonly unknown[] | undefined {
  const members = Array.isArray(value) ? (value as unknown[]) : (only(value, '#set') ?? only(value, '#tup'));
  return Array.isArray(members) ? (members as unknown[]) : undefined;
}

/** What a function maps, in its order. The domain of a function that TLC wrote as an array is 1, 2, ... */
export function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((member: unknown, index) => [index + 1, member]);
  if (!isObject(value)) return undefined;
  const pairs = value['#map'];
  if (pairs === undefined) return Object.keys(value).some((key) => key.startsWith('#')) ? undefined : Object.entries(value);
  if (!Array.isArray(pairs)) return undefined;
  const entries = pairs.map((pair) => membersOf(pair));
  return entries.every((pair): pair is [unknown, unknown] => pair?.length === 2) ? entries : undefined;
}

/** An integer, as decimal digits with a sign perhaps; undefined for anything else. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return String(value === 0 ? 0 : value);
  const big = only(value, '#bigint');
  const match = typeof big === 'string' ? /^(-?)0*([0-9]{1,128})$/.exec(big) : null;
  return match === null ? undefined : match[2] === '0' ? '0' : `${match[1]!}${match[2]!}`;
}

/** A name: strings and model values as they are, integers as their digits. */
export const nameOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : digitsOf(value));

/** The fields of a record; of a variant {tag, value} those of its value, with the tag as its type. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(value) || Object.keys(value).some((key) => key.startsWith('#'))) return undefined;
  const { tag, value: inner } = value;
  return typeof tag === 'string' && isObject(inner) && !('type' in value) ? { ...inner, type: tag } : value;
}

/** The value of a proposal, as a trace has it: a string, a number, or for anything else the JSON that stands for it. */
export function plainValue(value: unknown): unknown {
  const digits = digitsOf(value);
  if (digits === undefined) return value;
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
}

/** Equal for equal values, and only for these, as far as a tool writes a value always in the same way. */
export function keyOf(value: unknown): string {
  const digits = digitsOf(value);
  if (digits !== undefined) return digits;
  const set = only(value, '#set');
  if (Array.isArray(set)) return `{${set.map(keyOf).sort().join()}}`;
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (!isObject(value)) return canonicalJson(value);
  return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${keyOf(member)}`).sort().join()}}`;
}

