/** Files: where the user's are, and a folder of our own that does not outlive us. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Relative to where the user stands: npm runs scripts in the package's folder, and tells the user's in INIT_CWD. */
export const userFile = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'paxcheck-bench-'));
  #count = 0;

  /** An empty folder that nobody else gets. */
  newFolder = (): string => {
    const folder = join(this.folder, String(++this.#count));
    mkdirSync(folder);
    return folder;
  };

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
