/** Findings for tools that show them beside the code: SARIF 2.1.0. */
import { gravityOf, RULES } from '../../model/rule-book.js';
import type { Gravity } from '../../model/rule-book.js';
import type { CheckResult } from '../check/check.js';
import type { Place, TraceError } from '../trace/errors.js';
import { placeIn } from '../trace/read.js';
import type { Problem } from './check-problems.js';
import { problemsOf, refusalsOf } from './check-problems.js';
import type { CheckReporter } from './check-reporter.js';
import { inPieces } from './check-reporter.js';
import { describeEvent } from './event-text.js';
import { eventAt } from './neighbours.js';
import { sourcePlace, uriOf } from './source-place.js';

const LEVELS: Readonly<Record<Gravity, string>> = ['error', 'warning', 'note'];

const locationOf = ({ file, line }: Place): object => ({
  physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(line !== undefined && { region: { startLine: line } }) },
});

/** Lines contradicted, and where they and the line itself were logged; a place that is no file and line is in the message. */
function relatedTo({ trace, line, because }: Problem): object[] {
  const related = (place: Place, text: string): object => ({ ...locationOf(place), message: { text } });
  const logged = (of: number, text: string): object[] => {
    const place = sourcePlace(eventAt(trace, of)?.loc ?? '');
    return place === undefined ? [] : [related(place, text)];
  };
  return [
    ...logged(line, 'logged here'),
    ...because.flatMap((earlier) => {
      const event = eventAt(trace, earlier);
      const said = event === undefined ? '' : `: ${describeEvent(event)}`;
      return [related(placeIn(trace, earlier), `contradicts it${said}`), ...logged(earlier, `logged here${said}`)];
    }),
  ];
}

function resultOf({ trace, verdict }: CheckResult, problem: Problem): object {
  return {
    ruleId: problem.id,
    level: LEVELS[problem.gravity],
    message: { text: problem.text },
    locations: [locationOf(placeIn(trace, problem.line))],
    relatedLocations: relatedTo(problem),
    properties: { verdict },
  };
}

const failure = (place: Place, ruleId: string, text: string): object => ({ ruleId, level: LEVELS[0], message: { text }, locations: [locationOf(place)] });

/** `version`: of paxcheck. */
export function sarifReporter(version: string): CheckReporter {
  const results: object[] = [];
  return {
    ...inPieces<readonly object[]>({
      of: (result) => problemsOf(result).map((problem) => resultOf(result, problem)),
      add: (piece) => void results.push(...piece),
    }),
    error: (error: TraceError) => void results.push(failure(error.location, error.code, `${error.message}\n${error.hint}`)),
    refused: (trace) => void results.push(...refusalsOf(trace).map(({ place, code, message }) => failure(place, code, message))),
    end: () =>
      JSON.stringify({
        $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
        version: '2.1.0',
        runs: [{ tool: { driver: { name: 'paxcheck', version, rules: RULES.map(({ id, sentence, severity }) => ({ id, shortDescription: { text: sentence }, defaultConfiguration: { level: LEVELS[gravityOf(severity)] } })) } }, results }],
      }),
  };
}
