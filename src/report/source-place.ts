/** Places in the source of an implementation, as logs name them. */
import type { Place } from '../trace/errors.js';

const FILE_AND_LINE = /^((?:[A-Za-z]:)?[^\s:]+):([1-9]\d{0,8})(?::\d+)?$/;

/** `acceptor.go:88` or `acceptor.go:88:5` as file and line; undefined for anything else. */
export function sourcePlace(loc: string): Required<Place> | undefined {
  const match = FILE_AND_LINE.exec(loc);
  return match === null ? undefined : { file: match[1]!, line: Number(match[2]) };
}

/** The file as a URI, relative where its path is. */
export function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/');
  return encodeURI(/^[A-Za-z]:\//.test(path) ? `file:///${path}` : path);
}
