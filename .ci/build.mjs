// Builds dist/, which mirrors the project, so that a path relative to a source file is the same in both.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Copies what tsc leaves behind: schemas, and the adapters in other languages. */
function copyData(folder) {
  const isData = (path) => statSync(path).isDirectory() ? !path.endsWith('__pycache__') : !path.endsWith('.ts');
  if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true, filter: isData });
}

rmSync('dist', { recursive: true, force: true });
try {
  execFileSync(process.execPath, [tsc, '--project', '.ci/tsconfig.build.json'], { stdio: 'inherit' });
} catch (error) {
  process.exit(error.status ?? 1);
}
copyData('spec/schema');
copyData('conformance/adapters');
chmodSync('dist/src/cli/main.js', 0o755);
