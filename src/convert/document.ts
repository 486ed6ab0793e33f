/** A file that is one JSON document, read whole. */
import type { TraceLocation, TraceError } from '../trace/errors.js';
import { traceError } from '../trace/errors.js';
import type { ScanCode } from '../trace/scan.js';
import { scan } from '../trace/scan.js';
import { showText } from '../trace/show.js';
import { decodeLine } from '../trace/utf8.js';

/** 64 MiB, decompressed. */
export const MAX_DOCUMENT_BYTES = 2 ** 26;

const HINTS: Readonly<Record<ScanCode, string>> = {
  INVALID_JSON: 'the file should be one JSON document as the tool wrote it; a trace of lines is read with --from paxos-trace',
  TOO_DEEP: 'no state of a Paxos specification is nested so deeply: is it the right file?',
  FORBIDDEN_KEY: 'rename the key: it would change how the object behaves in some languages',
  DUPLICATE_KEY: 'remove one of them: parsers differ in which of the two they keep',
  NUMBER_TOO_LARGE: 'write it as a string, or in ITF as {"#bigint": "..."}: a double cannot hold it',
};

/** The bytes of the input. Throws TraceSchemaError LIMIT if there are too many, and whatever the input throws. */
async function bytesOf(input: AsyncIterable<Uint8Array>, file: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    length += chunk.length;
    if (length > maxBytes) throw traceError('LIMIT', { file }, { expected: `at most ${maxBytes} bytes in a file that is converted`, got: 'more', hint: 'shorten the run: a counterexample has few states' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The line and column of this place of the text. */
function locationOf(text: string, at: number, file: string): TraceLocation {
  const before = text.slice(0, at);
  return { file, line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

function syntaxError(text: string, file: string, code: ScanCode, at: number, expected: string, end?: number): TraceError {
  const got = at === text.length ? 'the end of the file' : showText(text.slice(at, end ?? at + 100));
  return traceError(code, locationOf(text, at, file), { expected: expected.replace('the end of the line', 'the end of the file'), got, hint: HINTS[code] });
}

/**
 * The document: as JSON.parse has it, with the restrictions of scan.ts.
 * Throws TraceSyntaxError INVALID_UTF8, TRACE_CUT and the codes of scan.ts; TraceSchemaError LIMIT.
 */
export async function readDocument(input: AsyncIterable<Uint8Array>, file: string, maxBytes = MAX_DOCUMENT_BYTES): Promise<unknown> {
  const text = decodeLine(await bytesOf(input, file, maxBytes), true, { file, line: 1 });
  scan(text, (code, at, expected, end) => syntaxError(text, file, code, at, expected, end));
  return JSON.parse(text);
}
