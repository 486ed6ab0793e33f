/** A run in the Informal Trace Format, of Apalache, of Quint or written by us, as a trace. */
import { traceError } from '../trace/errors.js';
import type { JsonObject } from '../trace/parse.js';
import type { Trace } from '../trace/read.js';
import { show } from '../trace/show.js';
import { validateEvent, validateHeader } from '../trace/validate.js';
import type { Given } from './from-states.js';
import { traceOfStates } from './from-states.js';
import { isObject } from './tla-value.js';

export const isItf = (document: unknown): document is JsonObject => isObject(document) && 'states' in document;

/** Quint puts modules and their instances before a variable's name. */
const bareName = (name: string): string => name.split('::').at(-1)!;

const pathOf = (index: number): string => `states[${index}]`;

function statesIn(document: unknown, file: string): readonly JsonObject[] {
  const states = isItf(document) ? document.states : undefined;
  if (!Array.isArray(states)) {
    throw traceError('UNKNOWN_FORMAT', { file, field: 'states' }, { expected: 'an ITF trace: an object with an array "states"', got: show(isItf(document) ? states : document), hint: 'Apalache writes one with --output-traces, Quint with --out-itf; --from tlc reads the JSON of TLC' });
  }
  return states.map((state: unknown, index) => {
    if (isObject(state)) return state;
    throw traceError('BAD_VALUE', { file, field: pathOf(index) }, { expected: 'a state: an object with the variables', got: show(state), hint: 'write the file again with the tool that it is from' });
  });
}

/** Our own export has the trace itself in what is free for tools to use. */
function ownTrace({ '#meta': meta }: JsonObject, states: readonly JsonObject[], file: string): Trace | undefined {
  const header = isObject(meta) ? meta['paxos-trace'] : undefined;
  if (header === undefined) return undefined;
  if (!isObject(header)) throw traceError('BAD_VALUE', { file, field: '#meta.paxos-trace' }, { expected: 'the header of a trace', got: show(header), hint: 'export the trace again' });
  const context = validateHeader(header, { file });
  const events = states.slice(1).map((state, index) => {
    const { '#meta': about } = state;
    const event = isObject(about) ? about.event : undefined;
    const place = { file, line: index + 2 };
    if (!isObject(event)) throw traceError('MISSING_FIELD', { file, field: `${pathOf(index + 1)}.#meta.event` }, { expected: 'the event that led to the state', got: show(event), hint: 'export the trace again' });
    return { event: validateEvent(event, context, place), line: place.line };
  });
  return { file, header: { ...context.header, ...(context.header.events !== undefined && { events: events.length }) }, headerLine: 1, events, warnings: [] };
}

/** Throws TraceSchemaError UNKNOWN_FORMAT for what is no ITF trace; MISSING_FIELD, BAD_VALUE, LIMIT for what is none of Paxos. */
export function fromItf(document: unknown, file: string, given: Given = {}): Trace {
  const states = statesIn(document, file);
  const own = ownTrace(document as JsonObject, states, file);
  if (own !== undefined) return own;
  const bare = states.map((state) => Object.fromEntries(Object.entries(state).map(([name, value]) => [bareName(name), value])));
  return traceOfStates({ file, implementation: 'a run in ITF', states: bare, pathOf }, given);
}
