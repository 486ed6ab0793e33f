/** Turns a module into an adapter: commands from stdin, answers to stdout, until the end of the input or `stop`. */
import { createInterface } from 'node:readline';
import type { DriveCommand } from '../src/index.js';
import type { AcceptorModule } from './local.js';
import { Responder } from './local.js';

/** Resolves when there is nothing more to answer. */
export async function serve(module: AcceptorModule, name: string): Promise<void> {
  const responder = new Responder(module, name);
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line) as DriveCommand;
    const answer = await responder.answer(command);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    if (command.command === 'stop') return;
  }
}
