/** A counterexample that TLC wrote with -dumpTrace json, as a trace. */
import type { TraceError } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import type { JsonObject } from '../trace/parse.js';
import type { Trace } from '../trace/read.js';
import { show } from '../trace/show.js';
import type { Given } from './from-states.js';
import { traceOfStates } from './from-states.js';
import { isObject } from './tla-value.js';

const wrong = (file: string, field: string, expected: string, got: unknown): TraceError =>
  traceError('UNKNOWN_FORMAT', { file, field }, { expected, got: show(got), hint: 'TLC writes the file with -dumpTrace json FILE; --from itf reads the traces of Apalache and Quint' });

/** The states are pairs of a number from 1 on and the variables; an array of states alone, as JsonSerialize writes a trace, will do. */
export function fromTlc(document: unknown, file: string, given: Given = {}): Trace {
  const inner = isObject(document) && isObject(document.counterexample) ? document.counterexample : document;
  const states = isObject(inner) ? inner.state : inner;
  if (!Array.isArray(states)) throw wrong(file, 'state', 'a trace of TLC: an object with an array "state"', isObject(inner) ? states : document);
  const numbered = states.map((entry: unknown, index): readonly [number, JsonObject] => {
    if (isObject(entry)) return [index + 1, entry];
    const [number, state] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof number === 'number' && isObject(state)) return [number, state];
    throw wrong(file, `state[${index}]`, '[number, {variable: value, ...}]', entry);
  });
  numbered.sort(([one], [other]) => one - other);
  return traceOfStates({ file, implementation: 'a run of TLC', states: numbered.map(([, state]) => state), pathOf: (index) => `state ${numbered[index]?.[0] ?? 1}` }, given);
}
