/** Verdicts for whatever shows test results: a test case for each trace, the whole diagnosis in the text of a failure. */
import type { TraceError } from '../trace/errors.js';
import { describeError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { placeIn } from '../trace/read.js';
import { refusalsOf } from './check-problems.js';
import type { CheckReporter, Pieces } from './check-reporter.js';
import { inPieces } from './check-reporter.js';
import { describeCheck, statementOf } from './check-report.js';

/** XML has no place for most control characters, not even escaped. */
const text = (raw: string): string =>
  // eslint-disable-next-line no-control-regex
  raw.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (raw: string): string => text(raw).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;').replaceAll('\r', '&#13;');

const nameOf = (trace: Trace): string => `${trace.header.id ?? 'trace'} (line ${placeIn(trace, trace.headerLine).line})`;

interface Case {
  readonly outcome: 'failures' | 'skipped' | 'passed';
  readonly xml: string;
}

const caseOf = (file: string, name: string, content: string): string => `  <testcase classname="${attribute(file)}" name="${attribute(name)}">${content}</testcase>`;

/** `strict`: deviations are failures, too. */
export function junitReporter(strict: boolean): CheckReporter {
  const cases: string[] = [];
  const counts = { failures: 0, errors: 0, skipped: 0, passed: 0 };
  const add = (file: string, name: string, content: string): void => void cases.push(caseOf(file, name, content));
  const pieces: Pieces<Case> = {
    of: (result) => {
      const { verdict, trace } = result;
      const whole = text(describeCheck(result, { verbose: true }).join('\n'));
      const message = `message="${attribute(`${verdict}: ${statementOf(result)}`)}"`;
      const fails = verdict === 'unsafe' || (verdict === 'deviates' && strict);
      const content = fails ? `<failure type="${verdict}" ${message}>${whole}</failure>` : verdict === 'inconclusive' ? `<skipped ${message}/><system-out>${whole}</system-out>` : `<system-out>${whole}</system-out>`;
      return { outcome: fails ? 'failures' : verdict === 'inconclusive' ? 'skipped' : 'passed', xml: caseOf(placeIn(trace, trace.headerLine).file, nameOf(trace), content) };
    },
    add: ({ outcome, xml }) => {
      counts[outcome]++;
      cases.push(xml);
    },
  };
  return {
    ...inPieces(pieces),
    error: (error: TraceError) => {
      counts.errors++;
      add(error.location.file, 'file', `<error type="${error.name} ${error.code}" message="${attribute(error.message)}">${text(describeError(error))}</error>`);
    },
    refused: (trace) => {
      counts.errors++;
      const refusals = refusalsOf(trace);
      const whole = refusals.map(({ place, code, message }) => `${place.file}:${place.line}: ${code}: ${message}`).join('\n');
      add(trace.file, nameOf(trace), `<error type="${refusals[0]!.code}" message="${attribute(refusals[0]!.message)}">${text(whole)}</error>`);
    },
    end: () => ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuite name="paxcheck" tests="${cases.length}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}">`, ...cases, '</testsuite>'].join('\n'),
  };
}
