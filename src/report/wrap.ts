/** Long lines for narrow places. */

/** What stands before the text of a line: its indentation, and a label, a number or an arrow. */
const HEAD = /^ *(?:[a-z]+ {2,}|\d+\. |=> )?/;

/** The line in pieces of at most this width, broken at spaces; what follows begins below the text of the line. A longer word stays whole. */
export function wrap(line: string, width: number): string[] {
  const head = HEAD.exec(line)![0];
  const hang = Math.min(head.trim() === '' ? head.length + 2 : head.length, width >> 1);
  const pieces: string[] = [];
  let [rest, start] = [line, head.length];
  while (rest.length > width) {
    const fitting = rest.lastIndexOf(' ', width);
    const end = fitting > start ? fitting : rest.indexOf(' ', Math.max(width, start));
    if (end < 0) break;
    pieces.push(rest.slice(0, end).trimEnd());
    [rest, start] = [' '.repeat(hang) + rest.slice(end).trimStart(), hang];
  }
  return [...pieces, rest];
}
