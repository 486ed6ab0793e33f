/** What is left of a list when all that it can do without is left out. */

/**
 * Leaves out ever smaller pieces, from the end on, as long as `enough` says that the rest suffices; at last single items, until
 * none of them can go. `enough` returns the rest, or what of it suffices; null if it does not. `budget`: so many items may be
 * looked at in all; when they are spent the result is right, and perhaps not minimal.
 */
export function minimal<T>(items: readonly T[], enough: (rest: readonly T[]) => readonly T[] | null, budget = Infinity): readonly T[] {
  let left = items;
  let spent = 0;
  for (let size = Math.max(1, left.length >> 1); ; size = Math.max(1, size >> 1)) {
    let dropped = false;
    for (let at = left.length - size; at > -size && spent < budget; at = Math.min(at, left.length) - size) {
      const without = [...left.slice(0, Math.max(0, at)), ...left.slice(at + size)];
      spent += without.length;
      const rest = enough(without);
      if (rest === null) continue;
      left = rest;
      dropped = true;
    }
    if (spent >= budget || (size === 1 && !dropped)) return left;
  }
}
