import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Workshop } from './files.js';
import { optionsFrom } from './options.js';
import { readResults } from './results.js';

const workshop = new Workshop();
beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
afterAll(() => {
  vi.restoreAllMocks();
  workshop.clear();
});

describe('options', () => {
  it('three runs, with --quick one, unless said otherwise', () => {
    expect([[], ['--quick'], ['--quick', '--runs', '5']].map((args) => optionsFrom(args).runs)).toEqual([3, 1, 5]);
  });

  it.each([['--runs', '0'], ['--runs', 'x'], ['--only', 'some'], ['--against', 'no-such-file'], ['--json', 'no-such-folder/x.json'], ['--no-such-option'], ['what']])('%s %s is refused', (...args) => {
    expect(() => optionsFrom(args)).toThrow(expect.objectContaining({ exitCode: 1 }));
  });

  it.each([['not JSON', '{'], ['another format', '{"format":"itf"}'], ['another version', '{"format":"paxcheck-bench","version":2}'], ['null', 'null']])('--against: %s is bad input', (_what, text) => {
    const file = join(workshop.newFolder(), 'old.json');
    writeFileSync(file, text);
    expect(() => readResults(file)).toThrow(expect.objectContaining({ name: 'ResultsError' }));
  });
});
