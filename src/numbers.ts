/** Numbers as people read them. */

/** Thousands separated. */
export const count = (number: number): string => number.toLocaleString('en-US');

/** `1 ballot`, `2 ballots`. */
export const plural = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
