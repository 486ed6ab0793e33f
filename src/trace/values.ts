/** Equality of values: values are any JSON, and equal if their canonical JSON is. */

/**
 * JSON with sorted keys and without white space (as RFC 8785: by UTF-16 code units), so that equal values are equal
 * strings; -0 is 0. Expects data as JSON.parse makes it.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
