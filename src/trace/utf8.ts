/** Decodes a line, and says what is wrong with bytes that are no UTF-8. */
import type { Finding, Place, TraceError } from './errors.js';
import { traceError } from './errors.js';

// Made once: it keeps nothing from one complete input to the next.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const CUT_HINT = 'the file seems to be cut in the middle of a line: copy it again, or remove its last line';

/**
 * The text of a line, on line 1 without a byte order mark. A line that is not terminated may have been cut.
 * Throws TraceSyntaxError INVALID_UTF8; TRACE_CUT if a line that is not terminated ends inside a character.
 */
export function decodeLine(bytes: Uint8Array, terminated: boolean, place: Required<Place>): string {
  if (place.line === 1) refuseForeign(bytes, place);
  try {
    const text = decoder.decode(bytes);
    return place.line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch {
    throw notUtf8(bytes, terminated, place);
  }
}

function notUtf8(bytes: Uint8Array, terminated: boolean, place: Place): TraceError {
  const valid = validPrefix(bytes);
  const got = valid === bytes.length ? 'a line that ends inside a character' : `byte 0x${hex(bytes[valid]!)} at byte ${valid + 1} of the line`;
  if (valid === bytes.length && !terminated) {
    return traceError('TRACE_CUT', place, { expected: 'a complete last line', got, hint: CUT_HINT });
  }
  const hint = 'write the log as UTF-8; bytes that are not text go into a value as base64 or hexadecimal digits';
  return traceError('INVALID_UTF8', place, { expected: 'UTF-8', got, hint });
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The length of the longest beginning that is UTF-8 but for a last character that is cut. Binary search: beginnings of UTF-8 are UTF-8. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let beyond = bytes.length + 1;
  while (beyond - valid > 1) {
    const middle = (valid + beyond) >> 1;
    if (isUtf8(bytes.subarray(0, middle))) valid = middle;
    else beyond = middle;
  }
  return valid;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What is fed by mistake. UTF-16 also without a mark: a trace starts with an ASCII character. */
const foreignFormats: readonly { readonly magic: readonly number[]; readonly got: string; readonly hint: string }[] = [
  { magic: [0x1f, 0x8b], got: 'a file compressed with gzip', hint: 'decompress it first: gzip -dc' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], got: 'a file compressed with zstd', hint: 'decompress it first: zstd -dc' },
  ...[[0xff, 0xfe], [0xfe, 0xff], [0x7b, 0x00], [0x00, 0x7b]].map((magic) => ({
    magic,
    got: 'a file in UTF-16',
    hint: 'convert it first: iconv -f UTF-16 -t UTF-8, or in PowerShell: Out-File -Encoding utf8',
  })),
];

/** Throws TraceSyntaxError INVALID_UTF8 if a file with this beginning (4 bytes suffice) is of a format that needs to be converted. */
export function refuseForeign(beginning: Uint8Array, place: Place): void {
  const found = foreignFormats.find(({ magic }) => magic.every((byte, index) => beginning[index] === byte));
  if (found === undefined) return;
  const finding: Finding = { expected: 'UTF-8 text', got: found.got, hint: found.hint };
  throw traceError('INVALID_UTF8', place, finding);
}
