// Runs before `npm start` and `npm test`: installs the dependencies when they are missing or older than the lock file.
// It must work before anything is installed, and write to stderr only: stdout belongs to the program.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = `${root}package-lock.json`;
const installed = `${root}node_modules/.package-lock.json`;

/** A link belongs to somebody else: `npm ci` would empty the folder behind it. */
const isLink = lstatSync(`${root}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

function upToDate() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function install() {
  const options = ['ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress'];
  const npm = process.env.npm_execpath ?? '';
  const [command, args] = npm.endsWith('npm-cli.js') ? [process.execPath, [npm, ...options]] : ['npm', options];
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

if (existsSync(lock) && !isLink && !upToDate()) {
  process.stderr.write('paxcheck: installing the dependencies in package-lock.json with npm ci (only when it changed; about a minute) ...\n');
  const { status, error, stdout, stderr } = install();
  if (status === 0) {
    // A lock file dated in the future must not mean an installation at every start.
    const now = new Date(Math.max(Date.now(), statSync(lock).mtimeMs));
    utimesSync(installed, now, now);
  } else {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}paxcheck: npm ci failed (${error?.message ?? `exit code ${status}`})\n`);
    process.exitCode = 1;
  }
}
