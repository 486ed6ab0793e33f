/** Findings as annotations of a GitHub workflow. It shows ten of a step: the worst nine, and how many more there are. */
import type { Gravity } from '../../model/rule-book.js';
import type { Place, TraceError } from '../trace/errors.js';
import { placeIn } from '../trace/read.js';
import { problemsOf, refusalsOf } from './check-problems.js';
import type { CheckReporter, Pieces } from './check-reporter.js';
import { inPieces } from './check-reporter.js';
import { statementOf } from './check-report.js';

const MAX_ANNOTATIONS = 9;

const escapeData = (raw: string): string => raw.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (raw: string): string => escapeData(raw).replaceAll(':', '%3A').replaceAll(',', '%2C');

interface Annotation {
  readonly gravity: Gravity;
  readonly text: string;
}

const LEVELS = ['error', 'warning', 'notice'] as const;

function annotation(gravity: Gravity, { file, line }: Place, title: string, message: string): Annotation {
  const place = [`file=${escapeProperty(file)}`, ...(line === undefined ? [] : [`line=${line}`]), `title=${escapeProperty(title)}`].join(',');
  return { gravity, text: `::${LEVELS[gravity]} ${place}::${escapeData(message)}` };
}

const cell = (raw: string): string => raw.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

interface Notes {
  readonly annotations: readonly Annotation[];
  readonly row: string;
}

const rowOf = (file: string, verdict: string, statement: string): string => `| ${cell(file)} | ${verdict} | ${cell(statement)} |`;

/** The summary is Markdown, for the page of the run. */
export interface GithubReporter extends CheckReporter {
  readonly summary: () => string;
}

export function githubReporter(): GithubReporter {
  const annotations: Annotation[] = [];
  const rows: string[] = [];
  const addRow = (file: string, verdict: string, statement: string): void => void rows.push(rowOf(file, verdict, statement));
  const pieces: Pieces<Notes> = {
    of: (result) => {
      const { trace, verdict } = result;
      const { file, line } = placeIn(trace, trace.headerLine);
      return {
        annotations: problemsOf(result).map((problem) => annotation(problem.gravity, placeIn(trace, problem.line), problem.id, problem.text)),
        row: rowOf(`${file}:${line}`, verdict, statementOf(result)),
      };
    },
    add: (notes) => {
      for (const each of notes.annotations) annotations.push(each);
      rows.push(notes.row);
    },
  };
  return {
    ...inPieces(pieces),
    error: (error: TraceError) => {
      annotations.push(annotation(0, error.location, error.code, `${error.message}\n${error.hint}`));
      addRow(error.location.file, 'not understood', error.message);
    },
    refused: (trace) => {
      for (const { place, code, message } of refusalsOf(trace)) annotations.push(annotation(0, place, code, message));
      addRow(`${trace.file}:${trace.headerLine}`, 'not understood', refusalsOf(trace).map(({ message }) => message).join('; '));
    },
    end: () => {
      const sorted = annotations.map((each, at) => ({ ...each, at })).sort((one, other) => one.gravity - other.gravity || one.at - other.at);
      const more = sorted.length - MAX_ANNOTATIONS;
      return [...sorted.slice(0, MAX_ANNOTATIONS).map((each) => each.text), ...(more > 0 ? [`::notice title=paxcheck::${more} more in the summary of this run`] : [])].join('\n');
    },
    summary: () => ['## paxcheck', '', '| trace | verdict | |', '|---|---|---|', ...rows, ''].join('\n'),
  };
}
