/** The middle of several measurements, and their range. */

/** Of one number at least; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const least = (numbers: readonly number[]): number => Math.min(...numbers);
export const most = (numbers: readonly number[]): number => Math.max(...numbers);

/** `1.20–1.31`; one number alone has no range. */
export const rangeText = (numbers: readonly number[], digits: number): string =>
  numbers.length < 2 ? 'one run' : `${least(numbers).toFixed(digits)}–${most(numbers).toFixed(digits)}`;
