/** The disk of a model's acceptor: its state as JSON in the folder that the kit gave it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateStore } from './model-acceptor.js';

const fileIn = (dir: string): string => join(dir, 'acceptor.json');

/** The kit ends processes and not machines, so what was written is there; no fsync is needed. */
export const fileStore: StateStore = {
  load: (dir) => (existsSync(fileIn(dir)) ? (JSON.parse(readFileSync(fileIn(dir), 'utf8')) as unknown) : undefined),
  save: (dir, state) => writeFileSync(fileIn(dir), JSON.stringify(state)),
};
