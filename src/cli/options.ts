/** Parsers of option values that several commands share. Each throws commander's InvalidArgumentError with what was expected. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Quorums } from '../../model/quorum.js';
import { flexible, grid, majorities } from '../../model/quorum.js';
import { UsageError } from './usage-error.js';

export const MAX_THREADS = 32;

/** A whole number from `least` to `most`. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    return number;
  };

/** A number above zero. */
export const positive = (text: string): number => {
  const number = Number(text);
  if (!(number > 0) || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
};

/** A number, zero or above. */
export const notNegative = (text: string): number => (text.trim() === '0' ? 0 : positive(text));

const UNITS: Readonly<Record<string, number>> = { '': 2 ** 20, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Bytes: `512M`, `4G`; without a unit, megabytes. */
export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(text);
  const amount = match === null ? 0 : Number(match[1]) * UNITS[match[2]!.toLowerCase()]!;
  if (!(amount >= 1) || !Number.isSafeInteger(Math.floor(amount))) throw new InvalidArgumentError('Expected an amount of memory such as 512M or 4G.');
  return Math.floor(amount);
}

/** `majority`, `Q1,Q2` (sizes) or `RxC` (a grid), for this many acceptors. */
export function quorumsFor(text: string, acceptors: number): Quorums {
  if (text === 'majority') return majorities(acceptors);
  const sizes = /^(\d+),(\d+)$/.exec(text);
  if (sizes) {
    const [q1, q2] = [Number(sizes[1]), Number(sizes[2])];
    if (q1 < 1 || q2 < 1 || q1 > acceptors || q2 > acceptors) throw new UsageError(`--quorums ${text}: sizes must be from 1 to ${acceptors}, the number of acceptors`, 'for example: --acceptors 4 --quorums 3,2');
    return flexible(acceptors, q1, q2);
  }
  const shape = /^(\d+)x(\d+)$/.exec(text);
  if (shape && Number(shape[1]) * Number(shape[2]) === acceptors) return grid(Number(shape[1]), Number(shape[2]));
  throw new UsageError(`--quorums ${text}: expected majority, two sizes such as 3,2, or a grid such as 2x2 with as many cells as acceptors (${acceptors})`, 'leave it out for majorities');
}

/** Collects a repeatable option. */
export const collect = (item: string, soFar: string[]): string[] => [...soFar, item];
