/**
 * Verdicts as one HTML page that needs nothing else: no network, no scripts. Its size is bounded, whatever was checked:
 * the gravest traces are told in full, the others have a row each, as far as there is room.
 */
import { createHash } from 'node:crypto';
import { plural } from '../numbers.js';
import { placeIn } from '../trace/read.js';
import type { CheckReporter } from './check-reporter.js';
import { refusalsOf } from './check-problems.js';
import { statementOf, titleOf } from './check-report.js';
import { STYLE } from './html-style.js';
import { errorSection, refusalSection, traceSection } from './html-trace.js';
import type { Html } from './html.js';
import { html, NOTHING, verbatim } from './html.js';

const MAX_DETAILED = 40;
/** Of those that conform, and of the others. */
const MAX_ROWS = 1000;

const WORDS = ['unsafe', 'not understood', 'deviates', 'inconclusive', 'conforms'] as const;
type Word = (typeof WORDS)[number];

interface Row {
  readonly id: string;
  readonly word: Word;
  readonly title: string;
  readonly statement: string;
}

/** `version`: of paxcheck. */
export function htmlReporter(version: string): CheckReporter {
  const rows: Row[] = [];
  const counts = new Map<Word, number>();
  const details = new Map<string, { readonly word: Word; readonly section: Html }>();
  let seen = 0;
  const add = (word: Word, title: string, statement: string, sectionOf: (id: string) => Html): void => {
    const id = `t${++seen}`;
    const before = word === 'conforms' ? (counts.get(word) ?? 0) : seen - 1 - (counts.get('conforms') ?? 0);
    counts.set(word, (counts.get(word) ?? 0) + 1);
    const isDetailed = word !== 'conforms' && makeRoom(details, word);
    if (isDetailed) details.set(id, { word, section: sectionOf(id) });
    if (isDetailed || before < MAX_ROWS) rows.push({ id, word, title, statement });
  };
  return {
    pieces: null,
    result: (result) => add(result.verdict, titleOf(result), statementOf(result), (id) => traceSection(result, id)),
    error: (error) => add('not understood', [error.location.file, error.location.line].filter((part) => part !== undefined).join(':'), error.message, (id) => errorSection(error, id)),
    refused: (trace) => add('not understood', `${trace.file}:${placeIn(trace, trace.headerLine).line}`, refusalsOf(trace)[0]!.message, (id) => refusalSection(trace, id)),
    end: () => page(version, rows, counts, details).text.trimEnd(),
  };
}

/** True if there is room for one more of this kind, for which a less grave one may have to go. */
function makeRoom(details: Map<string, { readonly word: Word }>, word: Word): boolean {
  if (details.size < MAX_DETAILED) return true;
  const [id, least] = [...details].reduce((one, other) => (WORDS.indexOf(other[1].word) >= WORDS.indexOf(one[1].word) ? other : one));
  if (WORDS.indexOf(least.word) <= WORDS.indexOf(word)) return false;
  return details.delete(id);
}

const classOf = (word: Word): string => word.replace(' ', '-');

function page(version: string, rows: readonly Row[], counts: ReadonlyMap<Word, number>, details: ReadonlyMap<string, { readonly section: Html }>): Html {
  const traces = [...counts.values()].reduce((sum, times) => sum + times, 0);
  const found = WORDS.flatMap((word) => (counts.has(word) ? [`${counts.get(word)!} ${word}`] : []));
  const [hash, problems] = [createHash('sha256').update(STYLE).digest('base64'), traces - (counts.get('conforms') ?? 0)];
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${verbatim(hash)}'; base-uri 'none'; form-action 'none'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="generator" content="paxcheck ${version}"/>
<title>paxcheck: ${found.join(', ') || 'no trace'}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<header><h1>paxcheck: what the logs show</h1>
<p>${plural(traces, 'trace')}: ${found.join(', ') || 'nothing was checked'}. A log proves something about its own run, and nothing about others.</p></header>
<main>
${summaryTable(rows, traces, details)}
${[...details.values()].map(({ section }) => section)}
${problems > details.size ? html`<p class="left-out">Of ${plural(problems, 'trace')} that do not conform, ${details.size} are told in full, the gravest; check the others by themselves, or use --format json.</p>` : NOTHING}
</main>
</body>
</html>
`;
}

function summaryTable(rows: readonly Row[], traces: number, details: ReadonlyMap<string, unknown>): Html {
  const row = ({ id, word, title, statement }: Row): Html => html`<tr><th scope="row">${details.has(id) ? html`<a href="#${id}">${title}</a>` : title}</th><td class="${classOf(word)}">${word}</td><td>${statement}</td></tr>
`;
  return html`<table><caption>What was checked, in the order of the files</caption>
<thead><tr><th scope="col">trace</th><th scope="col">verdict</th><th scope="col">because</th></tr></thead>
<tbody>
${rows.map(row)}</tbody></table>
${traces > rows.length ? html`<p class="left-out">${plural(traces - rows.length, 'more trace')} have no room here; --format json has all.</p>` : NOTHING}`;
}
