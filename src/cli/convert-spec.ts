/** The specification that goes with the records of a trace: FILE.tla, and FILE.cfg for TLC. */
import { basename } from 'node:path';
import { TRACE_CONFIG, traceSpec } from '../convert/trace-spec.js';
import type { Trace } from '../trace/read.js';
import { saveText } from './save-text.js';
import { UsageError } from './usage-error.js';

/** Writes both. `records` is the file of the records, if they go into one. Throws UsageError. */
export function saveSpec(file: string, trace: Trace, records: string | undefined): void {
  const name = basename(file).replace(/\.tla$/, '');
  // A module is called like its file.
  if (!file.endsWith('.tla') || !/^[A-Za-z]\w*$/.test(name)) throw new UsageError(`--spec ${file}: expected a file such as TraceSpec.tla, named with letters, digits and _`, 'TLA+ wants a module in a file of the same name');
  const given = basename(records ?? '');
  saveText(file, traceSpec(trace, name, /^[\w .@+-]+$/.test(given) ? given : 'trace.ndjson'));
  saveText(file.replace(/\.tla$/, '.cfg'), TRACE_CONFIG);
}
