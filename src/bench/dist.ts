/**
 * Our own code as users get it: built, and from the sources as they are now. What is measured is a copy, so that somebody
 * who builds or edits at the same time does not change it under the clock.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from './tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['model', 'src', 'conformance', 'spec/schema'];
const NOT_BUILT = join('src', 'bench') + sep;

/** Milliseconds since 1970; 0 if it is not there. */
const changedAt = (file: string): number => statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

function lastChange(): number {
  const files = SOURCES.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)));
  return Math.max(...files.filter((file) => !file.startsWith(NOT_BUILT) && !file.endsWith('.test.ts')).map(changedAt));
}

function compileInto(folder: string): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  try {
    // What the compiler prints on stdout is no result of ours.
    execFileSync(process.execPath, [tsc, '--project', join(ROOT, '.ci/tsconfig.build.json'), '--outDir', join(folder, 'dist')], { stdio: ['ignore', 2, 2] });
  } catch {
    throw new ToolError('the sources do not compile: see "npm run typecheck"');
  }
  cpSync(join(ROOT, 'spec/schema'), join(folder, 'dist/spec/schema'), { recursive: true });
}

/** Puts a built copy into the empty folder; returns the file to run. Throws ToolError if the sources do not compile. */
export function builtCopy(folder: string, say: (line: string) => void): string {
  if (changedAt('dist/src/cli/main.js') >= lastChange()) cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  else {
    say('dist/ is missing or older than the sources: compiling them elsewhere ...');
    compileInto(folder);
  }
  // They say that files are ES modules, and where the packages are.
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return join(folder, 'dist/src/cli/main.js');
}
