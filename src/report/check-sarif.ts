/** Findings for tools that show them beside the code: SARIF 2.1.0. */
import { gravityOf, RULES } from '../../model/rule-book.js';
import type { Severity } from '../../model/rule-book.js';
import type { CheckResult } from '../check/check.js';
import type { Finding } from '../check/finding.js';
import type { Place, TraceError } from '../trace/errors.js';
import { placeIn } from '../trace/read.js';
import type { CheckReporter } from './check-reporter.js';
import { explanationOf } from './check-report.js';

const LEVELS = ['error', 'warning', 'note'] as const;
const levelOf = (severity: Severity): string => LEVELS[gravityOf(severity)];

const locationOf = ({ file, line }: Place): object => ({
  physicalLocation: { artifactLocation: { uri: encodeURI(file.replaceAll('\\', '/')) }, ...(line !== undefined && { region: { startLine: line } }) },
});

function resultOf(result: CheckResult, finding: Finding): object {
  const { trace } = result;
  return {
    ruleId: finding.rule,
    level: levelOf(finding.severity),
    message: { text: explanationOf(result, finding) },
    locations: [locationOf(placeIn(trace, finding.line))],
    relatedLocations: finding.because.map((line) => ({ ...locationOf(placeIn(trace, line)), message: { text: 'contradicts it' } })),
    properties: { verdict: result.verdict },
  };
}

/** `version`: of paxcheck. */
export function sarifReporter(version: string): CheckReporter {
  const results: object[] = [];
  return {
    result: (result) => void results.push(...result.findings.map((finding) => resultOf(result, finding))),
    error: (error: TraceError) => void results.push({ ruleId: error.code, level: 'error', message: { text: `${error.message}\n${error.hint}` }, locations: [locationOf(error.location)] }),
    end: () =>
      JSON.stringify({
        $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
        version: '2.1.0',
        runs: [{ tool: { driver: { name: 'paxcheck', version, rules: RULES.map(({ id, sentence, severity }) => ({ id, shortDescription: { text: sentence }, defaultConfiguration: { level: levelOf(severity) } })) } }, results }],
      }),
  };
}
