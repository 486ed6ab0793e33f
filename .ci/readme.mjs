// Fills the blocks of README.md that show files and output, so that they are what a reader will see; --check only compares.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;

function paxcheck(...args) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', './src/cli/register.mjs', 'src/cli/main.ts', ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (stdout === '') throw new Error(`paxcheck ${args.join(' ')} printed nothing: ${stderr}`);
  return stdout.trimEnd();
}

const BLOCKS = {
  /** The run of a mutant, from its first action on. */
  run: (mutant) => {
    const lines = paxcheck('explore', '--mutant', mutant, '--invariant', 'Agreement').split('\n');
    return ['', lines.slice(lines.findIndex((line) => /^ +1\. /.test(line))).join('\n')];
  },
  file: (path) => [path.split('.').pop() === 'mjs' ? 'js' : '', readFileSync(root + path, 'utf8').trimEnd()],
  check: (id) => ['', paxcheck('check', `traces/rejected/${id}.ndjson`)],
};

const block = /<!-- (\w+):(\S+) -->\n(?:\n```\w*\n[\s\S]*?\n```\n)?/g;
const before = readFileSync(readme, 'utf8');
const after = before.replace(block, (marker, kind, what) => {
  const [language, text] = BLOCKS[kind](what);
  return `<!-- ${kind}:${what} -->\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
});

if (!process.argv.includes('--check')) writeFileSync(readme, after);
else if (before !== after) {
  console.error('README.md does not show what is printed today: node .ci/readme.mjs writes it');
  process.exitCode = 1;
}
