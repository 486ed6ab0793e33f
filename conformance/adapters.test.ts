import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DriveOptions } from './index.js';
import { driveCommandLine } from './index.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const register = new URL('../src/cli/register.mjs', import.meta.url).href;
const typescript = (file: string, ...args: string[]): string[] => [process.execPath, '--import', register, path(file), ...args];

const PYTHON = ['python3', path('adapters/python/acceptor.py')];
const JAVASCRIPT = [process.execPath, path('adapters/javascript/acceptor.mjs')];
const NPM_PAXOS = [process.execPath, path('adapters/npm-paxos/adapter.mjs')];
const withoutPython = spawnSync('python3', ['-c', '']).status !== 0;

/** Generous: the machine may be busy with other tests. */
const patient: DriveOptions = { timeout: 20_000, startTimeout: 40_000, length: 3, walks: { count: 5, length: 24 } };
/** Two ballots: enough to see that an adapter works; what acceptors do with three is tested in this process, and fast. */
const small: DriveOptions = { ...patient, length: 2, ballots: 2 };

describe('adapters in other languages', () => {
  test.skipIf(withoutPython)('Python (needs python3): conforms, restarts included (sequences of 2, cluster 3x2x2)', async () => {
    const report = await driveCommandLine(PYTHON, small);
    expect(report).toMatchObject({ verdict: 'conforms', implementation: { language: 'Python' }, bounds: { restarts: 'crash', learnedStates: 5, safeAtAnyLength: true } });
    expect(report.rules.filter(({ result }) => result !== 'kept')).toEqual([]);
  });

  test('JavaScript: conforms; each restart is a SIGKILL and a new process (sequences of 2, cluster 3x2x2)', async () => {
    const report = await driveCommandLine(JAVASCRIPT, small);
    expect(report).toMatchObject({ verdict: 'conforms', bounds: { restarts: 'kill', restartLength: 3, learnedStates: 5 } });
    expect(report.rules.find(({ id }) => id === 'restart-remembers')?.result).toBe('kept');
  });

  test('npm package paxos 15.0.5: conforms; it asserts that no accept comes before the first prepare (cluster 3x3x2)', async () => {
    const report = await driveCommandLine(NPM_PAXOS, { ...patient, length: 2 });
    expect(report).toMatchObject({ verdict: 'conforms', implementation: { name: 'paxos', version: '15.0.5' }, bounds: { restarts: 'none', learnedStates: 10 } });
    expect(report.assumptions.join()).toContain('it asserts: unexpected message to record');
    expect(report.rules.filter(({ result }) => result === 'not tested').map(({ id }) => id)).toEqual(['restart-remembers']);
  });
});

describe('subjects as adapters', () => {
  test('the reference conforms, its state in a file', async () => {
    expect(await driveCommandLine(typescript('subjects/reference.ts'), small)).toMatchObject({ verdict: 'conforms', bounds: { learnedStates: 5 } });
  });

  test('the seed is unsafe: 2 deliveries, 17 actions', async () => {
    const report = await driveCommandLine(typescript('subjects/seed.ts'), patient);
    expect(report).toMatchObject({ verdict: 'unsafe', symptom: { inputs: ['accept(2, y)', 'accept(1, x)'] }, consequence: { actions: 17 } });
  });

  test('a mutant that loses its promise in a crash is unsafe, its ballots pairs', async () => {
    const report = await driveCommandLine(typescript('subjects/mutant.ts', '--id', 'D1', '--ballots', 'pair'), small);
    expect(report).toMatchObject({ verdict: 'unsafe', symptom: { rule: 'restart-remembers', shownBy: 'promise-kept', inputs: ['prepare(2)', 'crash and restart', 'accept(1, x)'] } });
  });

  test('nondeterministic: both answers are shown', async () => {
    const report = await driveCommandLine(typescript('subjects/misbehave.ts', '--as', 'nondeterministic'), { ...patient, length: 2 });
    expect(report.verdict).toBe('inconclusive');
    expect(report.nondeterministic).toBeDefined();
  });
});

describe('transcripts', () => {
  test('the same case twice gives the same lines, also with processes killed and started', async () => {
    const transcript = async (): Promise<string[]> => {
      const lines: string[] = [];
      await driveCommandLine(JAVASCRIPT, { ...patient, length: 1, restartLength: 2, maxStates: 1, ballots: 2, values: 1, transcript: (line) => lines.push(line) });
      return lines;
    };
    const once = await transcript();
    expect(once).toContain('{"killed":true}');
    expect(once.join('\n')).toContain('"dir":"DISK/disk-1"');
    expect(await transcript()).toEqual(once);
  });
});
