/** The scene of a finding as a chart: a lane for each node, a row for each line, arrows from messages to what answers them. */
import { plural } from '../numbers.js';
import type { Trace } from '../trace/read.js';
import { placeIn } from '../trace/read.js';
import { describeEvent } from './event-text.js';
import type { Html } from './html.js';
import { html, NOTHING } from './html.js';
import type { Scene, SceneRow } from './scene.js';

const ROW = 30;
const LANE = 72;
const TOP = 40;
const TEXT_AT = 12;
/** A character of the font, at most. */
const CHARACTER = 7.4;
const MAX_TEXT = 60;
const MAX_NODE = 9;
const MAX_FILE = 20;

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
const shortEnd = (text: string, most: number): string => (text.length <= most ? text : `…${text.slice(1 - most)}`);

const MARKS: Readonly<Record<SceneRow['part'], string>> = { wrong: '✗', core: '●', context: '·' };
const PARTS: Readonly<Record<SceneRow['part'], string>> = { wrong: 'the wrong line', core: 'contradicted by the wrong line', context: 'context' };

/** A line as the chart names it. */
const labelOf = (trace: Trace, line: number): string => {
  const place = placeIn(trace, line);
  return trace.places === undefined ? String(place.line) : `${shortEnd(place.file, MAX_FILE)}:${place.line}`;
};

interface Layout {
  readonly textWidth: number;
  readonly xOf: (node: string) => number;
  readonly yOf: (row: number) => number;
  readonly width: number;
  readonly height: number;
}

function layoutOf({ lanes, rows }: Scene, texts: readonly string[]): Layout {
  const textWidth = Math.ceil(Math.max(...texts.map((text) => text.length)) * CHARACTER) + TEXT_AT;
  const xOf = (node: string): number => textWidth + LANE / 2 + lanes.indexOf(node) * LANE;
  const yOf = (row: number): number => TOP + ROW / 2 + row * ROW;
  return { textWidth, xOf, yOf, width: textWidth + lanes.length * LANE, height: TOP + rows.length * ROW };
}

/** `id` begins the ids of its rows: `id-l9` for line 9; the lines that matter lead to `id-rule`. */
export function chartOf(trace: Trace, scene: Scene, id: string): Html {
  const { lanes, rows } = scene;
  const labels = rows.map(({ line }) => labelOf(trace, line));
  const width = Math.max(...labels.map((label) => label.length));
  const texts = rows.map(({ event, part }, at) => `${MARKS[part]} ${labels[at]!.padStart(width)}  ${short(describeEvent(event), MAX_TEXT)}`);
  const layout = layoutOf(scene, texts);
  const wrong = rows.find(({ part }) => part === 'wrong')!;
  return html`<figure><div class="scroll" role="region" tabindex="0" aria-label="chart of line ${labelOf(trace, wrong.line)}">
<svg xmlns="http://www.w3.org/2000/svg" role="graphics-document document" aria-labelledby="${id}-title ${id}-desc" width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}">
<title id="${id}-title">What led to line ${labelOf(trace, wrong.line)}: ${describeEvent(wrong.event)}</title>
<desc id="${id}-desc">${rows.length} lines of ${lanes.join(', ')}, the earliest at the top. ${rows.map((row) => `${sentenceOf(trace, rows, row)} `)}</desc>
${lanes.map((node) => laneOf(node, layout))}
${rows.map((row, at) => rowOf(row, texts[at]!, at, layout, id))}
${rows.flatMap((row, at) => row.answers.map((above) => arrow(rows[above]!, above, row, at, layout)))}
</svg></div>
<figcaption>${MARKS.wrong} the wrong line, ${MARKS.core} lines that it contradicts, ${MARKS.context} what else these nodes did, and what they answer. Arrows lead from a message to its answer; dashes mean that lines are left out.${scene.leftOut > 0 ? ` Of the lines that it contradicts, ${scene.leftOut} more are not shown.` : ''}</figcaption></figure>`;
}

function sentenceOf(trace: Trace, rows: readonly SceneRow[], { line, event, part, answers }: SceneRow): string {
  const answered = answers.length === 0 ? '' : `, an answer to line ${answers.map((above) => labelOf(trace, rows[above]!.line)).join(', ')}`;
  return `Line ${labelOf(trace, line)} (${PARTS[part]}): ${describeEvent(event)}${answered}.`;
}

function laneOf(node: string, { xOf, height }: Layout): Html {
  return html`<g class="lane"><title>${node}</title><line x1="${xOf(node)}" y1="${TOP - 8}" x2="${xOf(node)}" y2="${height}"/><text x="${xOf(node)}" y="${TOP - 16}" text-anchor="middle">${short(node, MAX_NODE)}</text></g>
`;
}

function rowOf({ event, line, part, hidden }: SceneRow, text: string, at: number, { xOf, yOf, width }: Layout, id: string): Html {
  const y = yOf(at);
  const gap = hidden > 0 && at > 0 ? html`<line class="gap" x1="0" y1="${y - ROW / 2}" x2="${width}" y2="${y - ROW / 2}"><title>${plural(hidden, 'line')} left out</title></line>` : NOTHING;
  const label = html`<text x="4" y="${y + 4}" xml:space="preserve">${text}</text>`;
  return html`<g id="${id}-l${line}" class="${part}"><rect x="0" y="${y - ROW / 2}" width="${width}" height="${ROW}"/>${gap}${part === 'context' ? label : html`<a href="#${id}-rule">${label}</a>`}<circle cx="${xOf(event.at)}" cy="${y}" r="${part === 'context' ? 4 : 7}"/>${part === 'wrong' ? html`<path class="cross" d="M${xOf(event.at) - 3} ${y - 3}l6 6m0-6l-6 6"/>` : NOTHING}</g>
`;
}

/** From dot to dot, with a head; none within a lane. */
function arrow(from: SceneRow, fromRow: number, to: SceneRow, toRow: number, { xOf, yOf }: Layout): Html {
  if (from.event.at === to.event.at) return NOTHING;
  const [x1, y1, x2, y2] = [xOf(from.event.at), yOf(fromRow), xOf(to.event.at), yOf(toRow)];
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [endX, endY] = [x2 - 9 * dx, y2 - 9 * dy];
  const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const back = (side: 1 | -1): string => point(endX - 7 * dx + side * 4 * dy, endY - 7 * dy - side * 4 * dx);
  return html`<path class="arrow" d="M${point(x1 + 9 * dx, y1 + 9 * dy)}L${point(endX, endY)}M${back(1)}L${point(endX, endY)}L${back(-1)}"/>
`;
}
