/** Which states were found in a level: what the way back to the first state asks. */
import type { Levels } from './levels.js';
import { StateTable } from './table.js';

/** Those of these states that were found in this level. */
export type Among = (keys: readonly Uint32Array[], level: number) => Uint32Array[];

/** Those of these states that were found in this level, by what a part has kept. */
export function statesAmong(table: StateTable, levels: Levels, keys: readonly Uint32Array[], level: number): Uint32Array[] {
  if (!levels.keeps) return keys.filter((key) => table.tagOf(key) === level + 1);
  const wanted = new StateTable(table.words, false);
  const fresh = new Int32Array(1);
  for (const key of keys) wanted.addAll(key, 1, 1, fresh);
  const found: Uint32Array[] = [];
  levels.forEachOf(level, (states, at) => {
    if (wanted.tagOf(states, at) !== 0) found.push(states.slice(at, at + table.words));
  });
  return found;
}
