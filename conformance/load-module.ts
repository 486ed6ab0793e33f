/** Loads a module that exports `createAcceptor`. TypeScript needs the loader of src/cli/register.mjs, which is the caller's to start. */
import { pathToFileURL } from 'node:url';
import { DriverError } from './driver-error.js';
import type { AcceptorModule } from './local.js';

/** The module. Throws DriverError if it cannot be loaded or exports no function `createAcceptor`. */
export async function loadModule(path: string): Promise<AcceptorModule> {
  const hint = 'export function createAcceptor() { return { deliver(message) { ... } }; } (spec/driver-protocol.md)';
  let loaded: Partial<AcceptorModule>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Partial<AcceptorModule>;
  } catch (error) {
    throw new DriverError('ADAPTER_NOT_FOUND', `${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {}, hint);
  }
  if (typeof loaded.createAcceptor !== 'function') throw new DriverError('ADAPTER_NOT_FOUND', `${path} exports no function createAcceptor`, {}, hint);
  return loaded as AcceptorModule;
}
