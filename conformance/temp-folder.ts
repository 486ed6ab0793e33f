/** A folder of the kit's own, gone when the kit is done with it or ends. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { undoAtExit } from './cleanup.js';

/** The disks that acceptors are given, one folder for each. */
export interface Disks {
  /** What paths start with; a transcript leaves it out, so that it does not depend on the machine. */
  readonly root: string;
  /** A new, empty folder; the one before it is removed. */
  next(): string;
  remove(): void;
}

export function temporaryDisks(): Disks {
  const root = mkdtempSync(join(tmpdir(), 'paxcheck-'));
  const erase = (path: string): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const remove = undoAtExit(() => erase(root));
  let used = 0;
  let current: string | undefined;
  return {
    root,
    next() {
      if (current !== undefined) erase(current);
      current = join(root, `disk-${++used}`);
      mkdirSync(current);
      return current;
    },
    remove,
  };
}

/** Names only: for acceptors in memory, which take them for keys. */
export function namedDisks(): Disks {
  let used = 0;
  return { root: 'memory', next: () => `memory/disk-${++used}`, remove: () => undefined };
}
