import { afterAll, describe, expect, it } from 'vitest';
import type { Peer, Text } from './contender.js';
import { Workshop } from './files.js';
import { limit } from './limit.js';
import { rumur } from './rumur.js';
import { packedText as rumurText } from './rumur-text.js';
import { spin } from './spin.js';
import { packedText as spinText } from './spin-text.js';
import { Stopwatch } from './stopwatch.js';
import type { Bounds } from './yardstick.js';

const small: Bounds = { acceptors: 3, ballots: 2, values: 2, symmetry: 'full', states: 443 };
const workshop = new Workshop();
afterAll(() => workshop.clear());

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe('texts for peers', () => {
  it('have a step for each prepare, promise, vote and proposal (A=3 B=2 V=2)', () => {
    const steps = 2 + 2 * 3 * 2 + 2 * 2;
    expect(count(rumurText(small), /^rule "/gm)).toBe(steps);
    expect(count(spinText(small), /:: d_step/g)).toBe(steps);
  });

  it('bring the canonical form only where states are merged', () => {
    expect(rumurText(small)).toContain('settle');
    expect(rumurText({ ...small, symmetry: 'none' })).not.toContain('settle');
    expect(spinText({ ...small, symmetry: 'none' })).not.toContain('settle');
  });

  it('are refused by name where they do not fit (A=9 B=4)', () => {
    expect(() => spinText({ ...small, acceptors: 9, ballots: 4 })).toThrow(expect.objectContaining({ name: 'ToolError' }));
  });

  const installed = [rumur, spin, limit].filter((peer: Peer) => peer.missing() === undefined);
  const texts: readonly Text[] = ['packed', 'faithful'];
  it.runIf(installed.length > 0).each(installed.flatMap((peer) => texts.flatMap((text) => peer.contenders(small, text))))('$who, $mode: 443 states up to renaming (A=3 B=2 V=2)', async ({ prepare }) => {
    const program = await prepare(workshop.newFolder());
    const { output } = await new Stopwatch(workshop.folder, 30).run(program);
    expect(program.read(output)?.count).toBe(small.states);
  });
});

describe('stopwatch', () => {
  it('ends what takes too long', async () => {
    const run = await new Stopwatch(workshop.folder, 0.2).run({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], read: () => undefined });
    expect(run).toMatchObject({ tooSlow: true, exitCode: null });
  });

  it('a program that is not there is a run with a complaint', async () => {
    const run = await new Stopwatch(workshop.folder, 5).run({ command: 'no-such-program', args: [], read: () => undefined });
    expect(run.exitCode).not.toBe(0);
    expect(run.complaint).toContain('no-such-program');
  });
});
