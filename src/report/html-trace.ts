/** What the HTML report says of one trace that does not conform, or was not understood. */
import type { CheckResult } from '../check/check.js';
import type { Finding } from '../check/finding.js';
import { plural } from '../numbers.js';
import type { TraceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { refusalsOf } from './check-problems.js';
import { lineText, statementOf, titleOf, waitText } from './check-report.js';
import { findingSection } from './html-finding.js';
import type { Content, Html } from './html.js';
import { html, NOTHING } from './html.js';
import type { Change } from './moments.js';
import { changesAt } from './moments.js';
import { linesOf } from './neighbours.js';

const MAX_FINDINGS = 6;
const MAX_LISTED = 10;

const section = (id: string, title: Content, content: Content): Html => html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}
</section>
`;

const leftOut = (number: number, noun: string): Html => (number > 0 ? html`<p class="left-out">${plural(number, noun)} left out here; --format json has all.</p>` : NOTHING);

/** `id` begins all ids in it. */
export function traceSection(result: CheckResult, id: string): Html {
  const { trace, verdict, findings, notTested, consequence } = result;
  // What decides the verdict comes in any case.
  const decides = (finding: Finding): boolean => finding === result.first || finding === consequence?.finding;
  const gravest = [...findings.filter(decides), ...findings.filter((finding) => !decides(finding))].slice(0, MAX_FINDINGS);
  const told = findings.filter((finding) => gravest.includes(finding));
  const changes = changesOf(result, told);
  return section(id, html`<span class="${verdict}">${verdict}</span>: ${titleOf(result)}`, html`<p>${statementOf(result)}.</p>
${trace.header.title === undefined ? NOTHING : html`<p>${trace.header.title}</p>`}
${warningsOf(trace)}
${unexplainedOf(result)}
${told.map((finding, at) => findingSection(result, finding, changes.get(finding), `${id}-f${at + 1}`))}
${leftOut(findings.length - told.length, 'more finding')}
${notTested.length === 0 ? NOTHING : html`<p>Not tested: ${notTested.join(', ')}.</p>`}`);
}

/** Each trace is replayed once: of a log, that of the slot. */
function changesOf(result: CheckResult, findings: readonly Finding[]): ReadonlyMap<Finding, Change> {
  const traces = new Set(findings.map((finding) => linesOf(result, finding)));
  const changes = [...traces].flatMap((trace) => {
    const own = findings.filter((finding) => linesOf(result, finding) === trace);
    const at = changesAt(trace, own.map(({ line }) => line));
    return own.flatMap((finding) => (at.has(finding.line) ? [[finding, at.get(finding.line)!] as const] : []));
  });
  return new Map(changes);
}

function warningsOf({ file, warnings }: Trace): Html {
  if (warnings.length === 0) return NOTHING;
  return html`<h3>Warnings</h3><ul>${warnings.slice(0, MAX_LISTED).map((warning) => html`<li>${warning.file ?? file}:${warning.line}: ${warning.message}</li>`)}</ul>${leftOut(warnings.length - MAX_LISTED, 'more warning')}`;
}

/** Lines that no order explains, but for those that a finding speaks of. */
function unexplainedOf({ trace, unexplained, findings }: CheckResult): Html {
  const lines = [...unexplained].filter(([line]) => !findings.some((finding) => finding.line === line));
  if (lines.length === 0) return NOTHING;
  return html`<h3>Lines without a place</h3><ul>${lines.slice(0, MAX_LISTED).map(([line, wait]) => html`<li>${lineText(trace, line)}: ${waitText(wait)}</li>`)}</ul>${leftOut(lines.length - MAX_LISTED, 'more line')}`;
}

/** Of a file that is not a trace. */
export const errorSection = ({ location: { file, line, column }, name, code, expected, got, hint, message }: TraceError, id: string): Html =>
  section(id, html`<span class="not-understood">not understood</span>: ${[file, line, column].filter((part) => part !== undefined).join(':')}`, html`<p>${message}.</p>
<dl><dt>error</dt><dd><code>${name} ${code}</code></dd><dt>expected</dt><dd>${expected}</dd><dt>got</dt><dd>${got}</dd><dt>hint</dt><dd>${hint}</dd></dl>`);

/** Of a trace that --strict refuses. */
export const refusalSection = (trace: Trace, id: string): Html =>
  section(id, html`<span class="not-understood">not understood</span>: ${trace.file}:${trace.headerLine}`, html`<ul>${refusalsOf(trace).slice(0, MAX_LISTED).map(({ place, code, message }) => html`<li>${place.file}:${place.line}: <code>${code}</code>: ${message}</li>`)}</ul>
${leftOut(trace.warnings.length - MAX_LISTED, 'more error')}`);
