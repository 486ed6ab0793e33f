/** A finding in the HTML report: the rule, what is false, the lines around it as a chart, what the nodes had, and what it can cost. */
import { gravityOf, ruleNamed } from '../../model/rule-book.js';
import type { CheckResult } from '../check/check.js';
import type { Consequence } from '../check/consequence.js';
import type { Finding } from '../check/finding.js';
import { plural } from '../numbers.js';
import type { Trace } from '../trace/read.js';
import { showText } from '../trace/show.js';
import { boundsOf, GRAVITIES, lineText, subjectOf, waitText } from './check-report.js';
import { describeLogged } from './event-text.js';
import { chartOf } from './html-chart.js';
import type { Content, Html } from './html.js';
import { html, NOTHING } from './html.js';
import type { Change } from './moments.js';
import { eventAt, linesOf } from './neighbours.js';
import { stepsOf } from './run-text.js';
import { sceneOf } from './scene.js';

const MAX_SEEN = 24;
const MAX_STEPS = 100;
const MAX_NODES = 30;

const item = (term: string, content: Content): Html => html`<dt>${term}</dt><dd>${content}</dd>`;

/** `id` begins all ids in it. */
export function findingSection(result: CheckResult, finding: Finding, change: Change | undefined, id: string): Html {
  const trace = linesOf(result, finding);
  const { consequence } = result;
  const { line, severity } = finding;
  const scene = sceneOf(trace, finding);
  return html`<section aria-labelledby="${id}"><h3 id="${id}">${lineText(trace, line)}: <span class="${gravityOf(severity) === 0 ? 'wrong-word' : 'deviates'}">${GRAVITIES[gravityOf(severity)]}</span>: ${subjectOf(finding)}</h3>
${detailsOf(result, finding, id, new Set(scene?.rows.map((row) => row.line)))}
${scene === null ? noLines(result, finding) : chartOf(trace, scene, id)}
${change === undefined ? NOTHING : stateTable(change, lineText(trace, line))}
${finding === consequence?.finding ? consequenceOf(consequence.consequence) : NOTHING}
</section>
`;
}

function detailsOf(result: CheckResult, finding: Finding, id: string, drawn: ReadonlySet<number>): Html {
  const trace = linesOf(result, finding);
  const { line, rule, blocked, expected, got, because } = finding;
  const wait = result.unexplained.get(line);
  const loc = eventAt(trace, line)?.loc;
  const link = (to: number): Html => (drawn.has(to) ? html`<a href="#${id}-l${to}">${lineText(trace, to)}</a>` : html`${lineText(trace, to)}`);
  const more = because.length - MAX_SEEN;
  return html`<dl>
<dt id="${id}-rule">rule</dt><dd>${ruleNamed(rule).sentence} (<code>${rule}</code>, broken in ${link(line)})</dd>
${blocked.map(({ formula, numbers }) => item('false', html`${formula} <code>[${numbers}]</code>`))}
${item('expected', expected)}
${item('got', got)}
${loc === undefined ? NOTHING : item('logged', html`<code>${showText(loc)}</code>`)}
${because.length === 0 ? NOTHING : item('see', html`<ul class="plain">${because.slice(0, MAX_SEEN).map((earlier) => html`<li>${link(earlier)}${saidIn(trace, earlier)}</li>`)}${more > 0 ? html`<li class="left-out">and ${plural(more, 'more line')}</li>` : NOTHING}</ul>`)}
${wait === undefined ? NOTHING : item('order', waitText(wait))}
</dl>`;
}

function saidIn(trace: Trace, line: number): Content {
  const event = eventAt(trace, line);
  return event === undefined ? NOTHING : html`: <span class="said">${describeLogged(event)}</span>`;
}

/** Of a header there is no chart. */
const noLines = ({ trace }: CheckResult, { line }: Finding): Html => (line === trace.headerLine ? NOTHING : html`<p class="left-out">The lines of this log were not kept, so that there is no chart of them.</p>`);

function stateTable({ before, after }: Change, where: string): Html {
  const row = (what: string, old: string, now: string): Html => html`<tr${old === now ? NOTHING : html` class="changed"`}><th scope="row">${what}</th><td>${old}</td><td>${now}${old === now ? '' : ' (changed)'}</td></tr>
`;
  const all = [...after.nodes.keys()];
  const nodes = all.slice(0, MAX_NODES);
  return html`<table><caption>What the nodes had before and after ${where}: acceptors as they must have been to say what they said</caption>
<thead><tr><th scope="col">node</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
<tbody>${nodes.map((node) => row(node, before.nodes.get(node) ?? 'nothing', after.nodes.get(node)!))}${row('chosen', before.chosen, after.chosen)}</tbody></table>${all.length > MAX_NODES ? html`<p class="left-out">${plural(all.length - MAX_NODES, 'more node')} left out</p>` : NOTHING}`;
}

function consequenceOf(consequence: Consequence): Html {
  switch (consequence.kind) {
    case 'none':
      return html`<h4>Cost: none</h4><p>From here, with everybody correct, no run chooses two values (${boundsOf(consequence.bounds)}).</p>`;
    case 'unknown':
      return html`<h4>Cost: not known</h4><p>${consequence.reason}</p>`;
    case 'disagreement': {
      const { run, protocol, names, bounds } = consequence;
      const steps = stepsOf(protocol, run, names);
      if (steps.length === 0) return html`<h4>Cost: agreement</h4><p>Two values are chosen or decided already.</p>`;
      const more = steps.length - MAX_STEPS;
      return html`<h4>Cost: agreement</h4><p>With everybody correct from here on, ${plural(steps.length, 'more action')} ${steps.length === 1 ? 'chooses' : 'choose'} two values (${boundsOf(bounds)}):</p>
<ol>${steps.slice(0, MAX_STEPS).map(({ text, news }) => html`<li>${text}${news.map((line) => html`<br/><span class="news">⇒ ${line}</span>`)}</li>
`)}</ol>${more > 0 ? html`<p class="left-out">${plural(more, 'more action')} are left out.</p>` : NOTHING}`;
    }
  }
}
