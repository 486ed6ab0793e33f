/** Spin (Promela to C): one process, each action one d_step, Agreement asserted. Depth first is its home, breadth first what we do. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Contender, Peer, Program, Text } from './contender.js';
import type { Bounds } from './yardstick.js';
import { faithfulText } from './spin-faithful.js';
import { packedText } from './spin-text.js';
import { compile, firstLineOf, missingPrograms, numberIn, useTool } from './tools.js';

type Order = 'depth first' | 'breadth first';

/** The depth that spin reports is that of the state graph only when it searches breadth first, and it counts actions, not states. */
function read(order: Order, output: string): Answer | undefined {
  const count = numberIn(output, /^\s*(\d+) states, stored/m);
  const actions = numberIn(output, /depth reached (\d+)/);
  const isWhole = output.includes('errors: 0') && !/max search depth too small|Search not completed/.test(output);
  if (!isWhole || count === undefined || actions === undefined) return undefined;
  return order === 'breadth first' ? { count, depth: actions + 1 } : { count };
}

async function prepare(bounds: Bounds, text: Text, order: Order, folder: string): Promise<Program> {
  await writeFile(join(folder, 'model.pml'), text === 'packed' ? packedText(bounds) : faithfulText(bounds));
  await useTool(folder, 'spin', ['-a', 'model.pml']);
  // One process has no interleavings to reduce, and nothing is checked but safety.
  await compile(folder, ['-DSAFETY', '-DNOFAIR', '-DNOREDUCE', ...(order === 'breadth first' ? ['-DBFS'] : []), 'pan.c', '-o', 'pan']);
  // A table of about as many slots as states was the fastest. Runs are short: no action happens twice.
  const slots = Math.max(16, Math.ceil(Math.log2(bounds.states)));
  return { command: join(folder, 'pan'), args: [`-w${slots}`, '-m10000'], read: (output) => read(order, output) };
}

export const spin: Peer = {
  name: 'spin',
  missing: () => missingPrograms({ spin: 'spin', gcc: 'gcc' }),
  version: () => firstLineOf('spin', ['-V']),
  contenders: (bounds, text): readonly Contender[] => {
    if (text === 'faithful' && bounds.symmetry === 'full') return [];
    const orders: readonly Order[] = ['depth first', 'breadth first'];
    return orders.map((order) => ({ who: 'spin', mode: `${text}, ${order}`, prepare: (folder) => prepare(bounds, text, order, folder) }));
  },
};
