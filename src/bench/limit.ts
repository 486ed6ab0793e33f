/** The model by hand in C: how fast one thread can be. No product, so no peer to beat, but the distance that is left. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contender, Peer, Program } from './contender.js';
import type { Bounds } from './yardstick.js';
import { compile, firstLineOf, missingPrograms, numberIn } from './tools.js';

const SOURCE = fileURLToPath(new URL('limit.c', import.meta.url));

async function prepare({ acceptors, ballots, values, symmetry }: Bounds, folder: string): Promise<Program> {
  const program = join(folder, 'limit');
  await compile(folder, [`-DA=${acceptors}`, `-DB=${ballots}`, `-DV=${values}`, `-DSYM=${symmetry === 'full' ? 1 : 0}`, SOURCE, '-o', program]);
  return {
    command: program,
    args: [],
    read: (output) => {
      const count = numberIn(output, /^(\d+) states/);
      const depth = numberIn(output, /depth (\d+)/);
      return count === undefined || depth === undefined ? undefined : { count, depth };
    },
  };
}

export const limit: Peer = {
  name: 'limit',
  missing: () => missingPrograms({ gcc: 'gcc' }),
  version: () => firstLineOf('gcc', ['--version']),
  contenders: (bounds, text): readonly Contender[] => (text === 'packed' ? [{ who: 'limit', mode: 'by hand in C', prepare: (folder) => prepare(bounds, folder) }] : []),
};
