import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { driveCommand } from './drive.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const temp = mkdtempSync(join(tmpdir(), 'drive-test-'));
afterAll(() => rmSync(temp, { recursive: true }));

function drive(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', './src/cli/register.mjs', 'src/cli/main.ts', 'drive', ...args], { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function moduleFile(name: string, deliver: string): string {
  const file = join(temp, name);
  writeFileSync(file, `export function createAcceptor() { return { deliver(message: { kind: string; ballot: number }) { ${deliver} } }; }\n`);
  return file;
}

describe('paxcheck drive', () => {
  test('the seed: exit code 1, the verdict in the first line, the symptom, the run', () => {
    const { status, stdout } = drive('--length', '3', '--module', 'conformance/subjects/seed.ts');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^unsafe: the blog post's acceptor \(JavaScript\): a cluster with this acceptor can choose two values\n/);
    expect(stdout).toContain('symptom: 2 deliveries, and the last answer breaks vote-monotone\n  1. accept(2, y) -> a1: votes for y in ballot 2\n  2. accept(1, x) -> a1: votes for x in ballot 1\n');
    expect(stdout).toContain('consequence: 17 actions break Agreement');
    expect(stdout).toMatch(/\n {2}17\. .*\n {6}=> x is chosen in ballot 3\n/);
    expect(stdout).toMatch(/restart-remembers +not tested/);
  });

  test('a correct adapter: exit code 0; --json is one object; --transcript is what was said', () => {
    const file = join(temp, 'transcript.ndjson');
    const { status, stdout } = drive('--json', '--length', '2', '--timeout', '20', '--start-timeout', '40', '--transcript', file, '--', process.execPath, 'conformance/adapters/npm-paxos/adapter.mjs');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'paxcheck-drive', version: 1, role: 'acceptor', verdict: 'conforms', tested: true });
    const said = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
    expect(said[0]).toEqual({ command: { id: 1, command: 'hello', versions: [1] } });
    expect(said[1]).toMatchObject({ answer: { id: 1, version: 1 } });
  });

  test('deviates: exit code 0, under --strict 1', () => {
    const file = moduleFile('deviates.ts', "return { kind: 'nack', ballot: message.ballot, of: message.kind, promised: 77 }".replace('return', "if (message.kind === 'prepare') return { kind: 'promise', ballot: message.ballot, votes: [] }; return"));
    expect(drive('--length', '2', '--module', file)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^deviates/) });
    expect(drive('--length', '2', '--strict', '--module', file).status).toBe(1);
  });

  test('nothing tested: exit code 5', () => {
    const file = moduleFile('silent.ts', 'return [];');
    expect(drive('--length', '2', '--module', file)).toMatchObject({ status: 5, stdout: expect.stringContaining('nothing was tested') });
  });

  test('an adapter that fails: exit code 4, for people on stderr, for machines on stdout', () => {
    const people = drive('--', process.execPath, '-e', 'console.error("no config"); process.exit(9)');
    expect(people).toMatchObject({ status: 4, stdout: '', stderr: expect.stringMatching(/ADAPTER_EXITED: .* exit code 9[^]*no config/) });
    const machines = drive('--json', '--', 'no-such-program-anywhere');
    expect(machines.status).toBe(4);
    expect(JSON.parse(machines.stdout)).toMatchObject({ format: 'paxcheck-drive', version: 1, error: { name: 'DriverError', code: 'ADAPTER_NOT_FOUND' } });
    expect(drive('--module', join(temp, 'missing.ts'))).toMatchObject({ status: 4, stderr: expect.stringContaining('createAcceptor') });
  });

  test.each([
    [['--role', 'node', '--', 'x'], /--role node: not yet/],
    [[], /nothing to drive/],
    [['--module', 'x.ts', '--', 'y'], /both --module and a command/],
    [['--length', '99', '--', 'x'], /whole number from 1 to 8/],
    [['--nonsense', '--', 'x'], /unknown option/],
  ])('wrong usage: %j is refused', async (args, message) => {
    const silent = driveCommand().exitOverride().configureOutput({ writeErr: () => undefined });
    await expect(silent.parseAsync(args, { from: 'user' })).rejects.toThrow(message);
  });

  test('a role that cannot be driven yet: exit code 64', () => {
    expect(drive('--role', 'leader', '--', 'x')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining('not yet') });
  });
});
