/** Files that a command line names to be written. */
import { writeFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** Throws UsageError if it cannot be written. */
export function saveText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code})`, 'name a file in a folder that exists');
  }
}
