/** Files that a command line names to be written. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** Throws UsageError if it cannot be written. */
export const saveText = (file: string, text: string): void => orUsage(file, () => writeFileSync(file, text));

/** The same, at the end of the file. */
export const appendText = (file: string, text: string): void => orUsage(file, () => appendFileSync(file, text));

function orUsage(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code})`, 'name a file in a folder that exists');
  }
}
