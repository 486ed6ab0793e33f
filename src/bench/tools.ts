/** The programs that peers need: whether they are there, and running them outside the clock. */
import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A tool failed while a peer was made ready. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

const isInstalled = (program: string): boolean => (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, program)));

/** What is missing of these programs (name -> Debian package), and the command that installs it. */
export function missingPrograms(packages: Readonly<Record<string, string>>): string | undefined {
  const missing = Object.keys(packages).filter((program) => !isInstalled(program));
  if (missing.length === 0) return undefined;
  return `no ${missing.join(', ')} here; on Debian: apt-get install ${missing.map((program) => packages[program]).join(' ')}`;
}

const run = promisify(execFile);

/** Runs a tool to its end. Throws ToolError with the end of what it printed. */
export async function useTool(folder: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, args, { cwd: folder, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new ToolError(`${command} failed: ${`${stdout}${stderr}`.trim().slice(-1000) || message}`);
  }
}

/** Every peer in C is compiled alike. */
export const compile = (folder: string, args: readonly string[]): Promise<void> => useTool(folder, 'gcc', ['-O3', '-march=native', '-w', ...args]);

/** The first line with something on it that the tool prints, whatever its exit code; or an empty text. */
export function firstLineOf(command: string, args: readonly string[]): string {
  const { error, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return error === undefined ? stdout.trim().split('\n')[0]!.trim() : '';
}

/** The number that the first group of the pattern matches. */
export function numberIn(output: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(output)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
}
