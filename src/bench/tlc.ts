/** TLC, the model checker of TLA+. Its jar is not ours to bring along: --tlc, TLA2TOOLS_JAR, or tla2tools.jar in the current folder. */
import { copyFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Peer, Program, Text } from './contender.js';
import type { Bounds } from './yardstick.js';
import { userFile } from './files.js';
import { firstLineOf, missingPrograms, numberIn } from './tools.js';

const MODULES: Readonly<Record<Text, string>> = { packed: 'SynodPacked', faithful: 'Synod' };
const JAR_URL = 'https://github.com/tlaplus/tlaplus/releases/latest/download/tla2tools.jar';

const names = (prefix: string, count: number): string => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`).join(', ');

const configText = ({ acceptors, ballots, values, symmetry }: Bounds): string => `SPECIFICATION Spec
INVARIANT Agreement
${symmetry === 'full' ? 'SYMMETRY Symmetry' : ''}
CONSTANTS
  Acceptor = {${names('a', acceptors)}}
  Value = {${names('v', values)}}
  MaxBallot = ${ballots}
  None = None
`;

function read(output: string): Answer | undefined {
  const count = numberIn(output, /^\d+ states generated, (\d+) distinct states found, 0 states left/m);
  const depth = numberIn(output, /depth of the complete state graph search is (\d+)/);
  return output.includes('No error has been found') && count !== undefined && depth !== undefined ? { count, depth } : undefined;
}

async function prepare(jar: string, bounds: Bounds, text: Text, folder: string): Promise<Program> {
  const name = MODULES[text];
  const module = join(folder, `${name}.tla`);
  const config = join(folder, `${name}.cfg`);
  await copyFile(fileURLToPath(new URL(`${name}.tla`, import.meta.url)), module);
  await writeFile(config, configText(bounds));
  // The cluster stops when all is said: for TLC a deadlock, which -deadlock tells it to leave alone.
  const options = ['-deadlock', '-workers', '1', '-checkpoint', '0', '-metadir', join(folder, 'states'), '-config', config];
  return { command: 'java', args: ['-XX:+UseParallelGC', '-cp', jar, 'tlc2.TLC', ...options, module], read };
}

const jarFile = (named: string | undefined): string => userFile(named ?? process.env.TLA2TOOLS_JAR ?? 'tla2tools.jar');

/** With the jar that --tlc named, if any. */
export function tlc(named: string | undefined): Peer {
  const jar = jarFile(named);
  return {
    name: 'tlc',
    missing: () => missingPrograms({ java: 'default-jre-headless' }) ?? (existsSync(jar) ? undefined : 'no tla2tools.jar here; curl -LO ' + JAR_URL + ', then --tlc FILE or TLA2TOOLS_JAR'),
    // Asked for nothing, it says who it is, and then complains.
    version: () => firstLineOf('java', ['-cp', jar, 'tlc2.TLC']),
    contenders: (bounds, text) => [{ who: 'tlc', mode: text, prepare: (folder) => prepare(jar, bounds, text, folder) }],
  };
}
