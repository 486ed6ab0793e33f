/** Whether a file is what Node was told to run, and not imported by it. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const isProgram = (url: string): boolean => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
