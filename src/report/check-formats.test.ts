import { describe, expect, it } from 'vitest';
import { check } from '../check/check.js';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { traceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import { githubReporter } from './check-github.js';
import { junitReporter } from './check-junit.js';
import { describeCheck } from './check-report.js';
import type { CheckReporter } from './check-reporter.js';
import { sarifReporter } from './check-sarif.js';

async function traces(count: number): Promise<Trace[]> {
  const found: Trace[] = [];
  for (const stored of storedTraces()) {
    for await (const trace of readTraces((async function* () { yield bytesOf(stored); })(), stored.file)) found.push(trace);
  }
  return found.filter(({ file, header }) => file.startsWith('rejected/rule-') && header.order === 'total').slice(0, count);
}

const wrong = await traces(14);
const results = wrong.map((trace) => check(trace));
const nasty = 'a,b:c%"<&]]>\u0007\n.ndjson';
const refusal = traceError('INVALID_JSON', { file: nasty, line: 3 }, { expected: 'JSON', got: '<nothing> & more', hint: 'look at it' });

function reportOf(reporter: CheckReporter): string {
  for (const result of results) reporter.pieces!.add(structuredClone(reporter.pieces!.of(result)));
  reporter.result({ ...results[0]!, trace: { ...results[0]!.trace, file: nasty } });
  reporter.error(refusal);
  return reporter.end();
}

/** The elements of the text, each with what is between its tags; throws if tags do not match or a character is not escaped. */
function elements(xml: string): { name: string; attributes: string; text: string }[] {
  const found: { name: string; attributes: string; text: string }[] = [];
  const open: { name: string; attributes: string; text: string }[] = [];
  for (const [, close, name, attributes, empty, text] of xml.replace(/^<\?xml [^>]*\?>/, '').matchAll(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/g)) {
    if (text !== undefined) {
      expect(text.replace(/&(amp|lt|gt|quot|#\d+);/g, '')).not.toContain('&');
      expect(text).not.toContain('\u0007');
      if (open.length > 0) open.at(-1)!.text += text;
    } else if (close === '/') found.push(expectNamed(open.pop(), name!));
    else if (empty === '/') found.push({ name: name!, attributes: attributes!, text: '' });
    else open.push({ name: name!, attributes: attributes!, text: '' });
  }
  expect(open).toEqual([]);
  return found;
}

function expectNamed<T extends { name: string }>(element: T | undefined, name: string): T {
  expect(element?.name).toBe(name);
  return element!;
}

const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

describe('junit', () => {
  const all = elements(reportOf(junitReporter(true)));

  it('has a test case for each trace and each file not understood, and counts them', () => {
    const [suite] = all.filter(({ name }) => name === 'testsuite');
    const failures = all.filter(({ name }) => name === 'failure').length;
    expect(all.filter(({ name }) => name === 'testcase').length).toBe(results.length + 2);
    expect(suite!.attributes).toContain(`tests="${results.length + 2}" failures="${failures}" errors="1"`);
    expect(failures).toBe(results.filter(({ verdict }) => verdict === 'unsafe' || verdict === 'deviates').length + 1);
  });

  it('has the whole diagnosis in the failure', () => {
    expect(unescaped(all.find(({ name }) => name === 'failure')!.text)).toBe(describeCheck(results[0]!, { verbose: true }).join('\n'));
  });

  it('a deviation fails under --strict only', () => {
    const deviating = results.filter(({ verdict }) => verdict === 'deviates').length;
    expect(deviating).toBeGreaterThan(0);
    expect(elements(reportOf(junitReporter(false))).filter(({ name }) => name === 'failure').length).toBe(all.filter(({ name }) => name === 'failure').length - deviating);
  });
});

it('sarif: a result for each finding, with its rule, place and the lines that it contradicts', () => {
  const { version, runs } = JSON.parse(reportOf(sarifReporter('1.2.3'))) as { version: string; runs: { tool: { driver: { version: string; rules: { id: string }[] } }; results: { ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[]; relatedLocations?: object[] }[] }[] };
  const [run] = runs;
  const findings = results.flatMap((result) => result.findings);
  expect([version, run!.tool.driver.version, run!.results.length]).toEqual(['2.1.0', '1.2.3', findings.length + results[0]!.findings.length + 1]);
  expect(run!.results.slice(0, findings.length).map(({ ruleId, locations, relatedLocations }) => [ruleId, locations[0]!.physicalLocation.region.startLine, relatedLocations!.length])).toEqual(findings.map(({ rule, line, because }) => [rule, line, because.length]));
  const rules = new Set(run!.tool.driver.rules.map(({ id }) => id));
  expect(findings.every(({ rule }) => rules.has(rule))).toBe(true);
  expect(run!.results.at(-1)!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(encodeURI(nasty));
});

it('github: nine annotations, the worst first, one line each, and all in the summary', () => {
  const reporter = githubReporter();
  const lines = reportOf(reporter).split('\n');
  expect(lines.length).toBe(10);
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) /);
  const levels = lines.slice(0, 9).map((line) => ['error', 'warning', 'notice'].indexOf(/^::(\w+)/.exec(line)![1]!));
  expect(levels).toEqual([...levels].sort());
  expect(reporter.summary().split('\n').filter((line) => line.startsWith('| ')).length).toBe(results.length + 2 + 1);
  const only = githubReporter();
  only.error(refusal);
  expect(only.end()).toBe('::error file=a%2Cb%3Ac%25"<&]]>\u0007%0A.ndjson,line=3,title=INVALID_JSON::expected JSON, got <nothing> & more%0Alook at it');
});
