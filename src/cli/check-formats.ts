/** The reports that `paxcheck check` can write. */
import type { GithubReporter } from '../report/check-github.js';
import { githubReporter } from '../report/check-github.js';
import { htmlReporter } from '../report/check-html.js';
import { junitReporter } from '../report/check-junit.js';
import { jsonReporter, textReporter } from '../report/check-lines.js';
import type { Print } from '../report/check-lines.js';
import type { CheckReporter } from '../report/check-reporter.js';
import { sarifReporter } from '../report/check-sarif.js';
import { appendText } from './save-text.js';
import { paintVerdict } from './style.js';
import { VERSION } from './version.js';

export const FORMATS = ['text', 'json', 'junit', 'sarif', 'github', 'html'] as const;

/** How to report; plain data, for threads. */
export interface Manner {
  readonly format: (typeof FORMATS)[number];
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly colour: boolean;
  /** Columns of text. */
  readonly width: number;
}

export function reporterFor({ format, strict, quiet, verbose, colour, width }: Manner, print: Print): CheckReporter {
  switch (format) {
    case 'text': return textReporter({ quiet, verbose, width, paint: (verdict) => paintVerdict(verdict, colour) }, print);
    case 'json': return jsonReporter(print);
    case 'junit': return junitReporter(strict);
    case 'sarif': return sarifReporter(VERSION);
    case 'github': return githubReporter();
    case 'html': return htmlReporter(VERSION);
  }
}

/** Tells the rest of the report. */
export function finish(reporter: CheckReporter | GithubReporter): void {
  const text = reporter.end();
  if (text !== '') console.log(text);
  const file = process.env.GITHUB_STEP_SUMMARY;
  if ('summary' in reporter && file !== undefined && file !== '') appendText(file, reporter.summary());
}
