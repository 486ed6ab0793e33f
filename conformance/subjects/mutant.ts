/**
 * Any acceptor of the catalogue as an adapter: `mutant.ts --id A7`, also D1 (durability) and H1 (legitimate).
 * `--own-step at-once|persist|never`: when it takes the step that it takes by itself (A21, D4). `--ballots pair`.
 */
import { parseArgs } from 'node:util';
import { mutantNamed } from '../../src/index.js';
import { fileStore } from '../file-store.js';
import type { AcceptorModule } from '../local.js';
import { modelAcceptor } from '../model-acceptor.js';
import type { ModelAcceptorOptions, OwnStep } from '../model-acceptor.js';
import { serve } from '../serve.js';
import { isProgram } from '../is-program.js';

/** D4 answers before it writes: the crash that matters comes right after the answer. A21 is a race, which lock-step does not show. */
const OWN_STEP: Readonly<Record<string, OwnStep>> = { D4: 'never' };

/** The mutant as a module; the acceptor on the first node of three. Throws if there is no such acceptor. */
export function mutantModule(id: string, options: ModelAcceptorOptions = {}): AcceptorModule {
  const mutant = mutantNamed(id);
  if (mutant?.machine === undefined) throw new Error(`${id} is no acceptor of the catalogue`);
  return modelAcceptor(mutant.machine(0, 3), { name: `${id}: ${mutant.title}`, ownStep: OWN_STEP[id] ?? 'at-once', ...options });
}

if (isProgram(import.meta.url)) {
  const { values } = parseArgs({ options: { id: { type: 'string' }, 'own-step': { type: 'string' }, ballots: { type: 'string' } } });
  const ownStep = values['own-step'] as OwnStep | undefined;
  await serve(mutantModule(values.id ?? '', { store: fileStore, ...(ownStep && { ownStep }), ballotKind: values.ballots === 'pair' ? 'pair' : 'integer' }), 'mutant');
}
