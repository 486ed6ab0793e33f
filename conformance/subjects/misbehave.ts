/** Adapters that go wrong, each in its own way, around the reference acceptor: `misbehave.ts --as hang`. `--mark` is a name to find its processes by. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { DriveAnswer, DriveCommand } from '../../src/index.js';
import { referenceAcceptor } from '../../src/index.js';
import { Responder } from '../local.js';
import { memoryStore, modelAcceptor } from '../model-acceptor.js';

const forever = (): Promise<never> => new Promise(() => setInterval(() => undefined, 1000));
const line = (answer: unknown): string => `${JSON.stringify(answer)}\n`;
const write = (text: string | Uint8Array): void => void process.stdout.write(text);
const { values } = parseArgs({ options: { as: { type: 'string', default: 'silent' }, mark: { type: 'string', default: '' } } });
let delivered = 0;

/** What it does where an answer to deliver is due. */
const WAYS: Readonly<Record<string, (answer: DriveAnswer) => unknown>> = {
  slow: async (answer) => {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    write(line(answer));
  },
  dying: () => {
    process.stderr.write('out of cheese\n');
    process.exit(3);
  },
  garbage: () => write('[info] prepare received\n'),
  hang: () => {
    process.on('SIGTERM', () => undefined);
    return forever();
  },
  flood: async () => {
    for (;;) await new Promise((resolve) => process.stdout.write('x'.repeat(65_536), resolve));
  },
  'wrong-id': (answer) => write(line({ ...answer, id: answer.id + 7 })),
  'invalid-utf8': () => write(Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a)),
  'invalid-answer': ({ id }) => write(line({ id, out: [{ kind: 'promise', ballot: 1 }] })),
  'partial-line': (answer) => {
    write(line(answer).slice(0, 10));
    return forever();
  },
  'closed-output': () => {
    closeSync(1);
    return forever();
  },
  fork: (answer) => {
    if (delivered === 1) spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', values.mark], { stdio: 'inherit' });
    write(line(answer));
  },
  nondeterministic: (answer) => write(line('out' in answer && delivered % 7 === 0 ? { ...answer, out: [] } : answer)),
};

const module = modelAcceptor(referenceAcceptor, { store: memoryStore() });
const responder = new Responder({ ...module, capabilities: {} }, 'misbehave');
for await (const text of createInterface({ input: process.stdin })) {
  if (values.as === 'silent') continue;
  const command = JSON.parse(text) as DriveCommand;
  const answer = await responder.answer(command);
  if (command.command === 'deliver') delivered++;
  const way = WAYS[values.as];
  if (way === undefined) throw new Error(`no way to misbehave is called ${values.as}`);
  if (command.command === 'deliver') await way(answer);
  else write(line(answer));
}
