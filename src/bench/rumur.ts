/** Rumur (Murphi to C). The faithful text leaves symmetry to rumur, exhaustively; the packed one brings its own canonical form. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Contender, Peer, Program, Text } from './contender.js';
import type { Bounds } from './yardstick.js';
import { packedText } from './rumur-text.js';
import { compile, firstLineOf, missingPrograms, numberIn, useTool } from './tools.js';

const BYTES_PER_SLOT = 8;
const MOST_OCCUPIED = 0.75;
/** With a few kilobytes its verifier ends in a segmentation fault. */
const LEAST_ROOM = 2 ** 20;

async function faithfulText({ acceptors, ballots, values }: Bounds): Promise<string> {
  return `const A: ${acceptors}; B: ${ballots}; V: ${values};\n${await readFile(new URL('synod-faithful.m', import.meta.url), 'utf8')}`;
}

function read(output: string): Answer | undefined {
  const count = numberIn(output, /(\d+) states, \d+ rules fired/);
  return output.includes('No error found') && count !== undefined ? { count } : undefined;
}

async function prepare(bounds: Bounds, text: Text, folder: string): Promise<Program> {
  await writeFile(join(folder, 'model.m'), text === 'packed' ? packedText(bounds) : await faithfulText(bounds));
  const reduction = text === 'faithful' && bounds.symmetry === 'full' ? 'exhaustive' : 'off';
  // Room for all states from the start, and neither deadlocks nor traces to look for: what makes it fastest.
  const room = Math.max(LEAST_ROOM, Math.ceil((bounds.states * BYTES_PER_SLOT) / MOST_OCCUPIED));
  const forSpeed = ['--deadlock-detection', 'off', '--counterexample-trace', 'off', '--set-capacity', String(room)];
  await useTool(folder, 'rumur', ['--threads', '1', '--symmetry-reduction', reduction, ...forSpeed, '--output', 'model.c', 'model.m']);
  // Its table of states needs an exchange of 16 bytes at once, which x64 compilers do not assume.
  await compile(folder, ['-std=c11', ...(process.arch === 'x64' ? ['-mcx16'] : []), 'model.c', '-o', 'model', '-lpthread']);
  return { command: join(folder, 'model'), args: [], read };
}

const modeOf = (text: Text, { symmetry }: Bounds): string => (symmetry === 'none' ? text : text === 'packed' ? 'packed, sorted by hand' : 'faithful, exhaustive reduction');

export const rumur: Peer = {
  name: 'rumur',
  missing: () => missingPrograms({ rumur: 'rumur', gcc: 'gcc' }),
  version: () => firstLineOf('rumur', ['--version']),
  contenders: (bounds, text): readonly Contender[] => [{ who: 'rumur', mode: modeOf(text, bounds), prepare: (folder) => prepare(bounds, text, folder) }],
};
