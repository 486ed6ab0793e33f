import { describe, expect, it } from 'vitest';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import { synod } from '../../model/synod.js';
import { walk } from '../engine/walk.js';
import type { WalkReport } from './walk-report.js';
import { againText, describeWalk, walkJson } from './walk-report.js';

function reportOf(id: string | undefined, options: WalkReport['options']): WalkReport {
  const mutant = id === undefined ? undefined : mutantNamed(id)!;
  const protocol = mutant === undefined ? synod(3, 2, 2) : synodWith(mutant, 3, 2, 2);
  return { protocol, mutant, options, result: walk(protocol, options), seconds: 0.5 };
}

const OPTIONS = { runs: 500, depth: 30, seed: 9 };

describe('reports of random runs', () => {
  it.each([undefined, 'A7', 'A25'])('text and JSON say that they are not exhaustive, the bounds, the seed, and how to run it again (%s A=3 B=2 V=2)', (id) => {
    const report = reportOf(id, OPTIONS);
    const again = `paxcheck explore ${id === undefined ? '' : `--mutant ${id} `}--acceptors 3 --ballots 2 --values 2 --random 500 --depth 30 --seed 9`;
    for (const text of [describeWalk(report).join('\n'), JSON.stringify(walkJson(report))]) {
      for (const part of ['not exhaustive', again, '3 acceptors, 2 ballots, 2 values', id ?? '']) expect(text).toContain(part);
    }
    expect(describeWalk(report)[0]).toMatch(/not exhaustive/);
    expect(walkJson(report)).toMatchObject({ format: 'paxcheck-random', version: 1, exhaustive: false, random: OPTIONS });
  });

  it('nothing broken is no proof: inconclusive, every invariant open', () => {
    const json = walkJson(reportOf(undefined, OPTIONS));
    expect(json).toMatchObject({ verdict: 'inconclusive', runs: 500 });
    expect(json).not.toHaveProperty('violation');
    expect(json).toHaveProperty('invariants', expect.arrayContaining([{ name: 'Agreement', kind: 'state', holds: null }]));
  });

  it('a violation has the number of its run, both lengths, and the run as a trace (A7 A=3 B=2 V=2)', () => {
    const report = reportOf('A7', OPTIONS);
    const agreement = report.result.properties.find(({ name }) => name === 'Agreement')!;
    const length = agreement.run!.transitions.length;
    expect(walkJson(report)).toMatchObject({ verdict: 'unsafe', violation: { invariant: 'Agreement', run: agreement.walk, length, foundLength: agreement.foundLength } });
    expect(walkJson(report)).toHaveProperty('violation.trace.0.id', 'A7-Agreement-3x2x2');
    const text = describeWalk(report).join('\n');
    expect(text).toContain(`broken in run ${agreement.walk} after ${agreement.foundLength} actions; shortened to ${length}`);
    expect(text).toContain('Agreement is broken: ');
    expect(text).toContain(`${length}. `);
  });

  it('shows what was asked for, and names what was never taken', () => {
    const report = reportOf('A7', { ...OPTIONS, exhaust: true });
    expect(describeWalk(report, { wanted: ['VotesSafe'] }).join('\n')).toContain('VotesSafe is broken: ');
    expect(describeWalk(reportOf(undefined, { runs: 1, depth: 1, seed: 1 })).join('\n')).toMatch(/never taken: 23 of 24 actions \(.*\.\.\.\); what was never exercised proves nothing/);
    expect(againText({ ...report, quorums: '3,1' })).toContain('--quorums 3,1 --random 500 --depth 30 --seed 9 --exhaust');
  });
});
