import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../check/check.js';
import { check, checkParts } from '../check/check.js';
import { eventOf, ruleEntries } from '../corpus/rule-entries.js';
import type { Trace } from '../trace/read.js';
import type { TraceEvent, TraceHeader } from '../trace/wire.js';
import { githubReporter } from './check-github.js';
import { junitReporter } from './check-junit.js';
import { refusalJson } from './check-problems.js';
import { sarifReporter } from './check-sarif.js';

const [header] = ruleEntries()[0]!.lines;
const traceOf = (events: readonly object[], file = 'test.ndjson', more: Partial<TraceHeader> = {}): Trace => ({
  file, header: { ...header, ...more }, headerLine: 1, warnings: [], events: events.map((event, at) => ({ line: at + 2, event: event as TraceEvent })),
});

interface Sarif { readonly runs: readonly [{ readonly results: readonly { ruleId: string; level: string; message: { text: string }; locations: unknown[]; relatedLocations?: { message: { text: string }; physicalLocation: unknown }[] }[] }] }
const sarifOf = (tell: (reporter: ReturnType<typeof sarifReporter>) => void) => {
  const reporter = sarifReporter('1.2.3');
  tell(reporter);
  return (JSON.parse(reporter.end()) as Sarif).runs[0].results;
};
const githubOf = (tell: (reporter: ReturnType<typeof githubReporter>) => void): [string[], string] => {
  const reporter = githubReporter();
  tell(reporter);
  return [reporter.end().split('\n').filter(Boolean), reporter.summary()];
};
const at = (file: string, line: number): object => ({ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line } } });

/** Two nodes that each answer the other's later line: no order explains it, and no rule is broken. */
function contradiction(): CheckResult {
  const parts: Record<string, object[]> = {
    a1: [{ kind: 'promise', ballot: 1, votes: [], cause: { at: 'a2', i: 0 } }, { kind: 'promise', ballot: 2, votes: [] }],
    a2: [{ kind: 'promise', ballot: 1, votes: [], cause: { at: 'a1', i: 1 } }],
    p1: [{ kind: 'prepare', ballot: 1 }],
    p2: [{ kind: 'prepare', ballot: 2 }],
  };
  return checkParts(Object.entries(parts).map(([node, events]) => traceOf(events.map((event, i) => ({ at: node, i, ...event })), `${node}.ndjson`, { order: 'per-node' })));
}

describe('a trace without a verdict is no trace without problems', () => {
  it('a log that no order explains: an error at the line that has no place, and what it waits for', () => {
    const result = contradiction();
    expect([result.verdict, result.findings]).toEqual(['inconclusive', []]);
    expect(sarifOf((reporter) => reporter.result(result))).toMatchObject([{ ruleId: 'no-order', level: 'error', locations: [at('a1.ndjson', 2)], message: { text: expect.stringContaining('it needs a2.ndjson:2 (promise)') as string } }]);
    const [lines] = githubOf((reporter) => reporter.result(result));
    expect(lines).toEqual([expect.stringMatching(/^::error file=a1\.ndjson,line=2,title=no-order::.*it needs a2\.ndjson:2 \(promise\)/)]);
  });

  it('a log that tests nothing, or has lost lines: a warning at its header', () => {
    for (const result of [check(traceOf([eventOf('p1 prepare 1')])), check(traceOf([{ at: 'a1', kind: 'lost', count: 3 }]))]) {
      expect(sarifOf((reporter) => reporter.result(result))).toMatchObject([{ ruleId: 'inconclusive', level: 'warning', locations: [at('test.ndjson', 1)] }]);
      expect(githubOf((reporter) => reporter.result(result))[0]).toEqual([expect.stringMatching(/^::warning file=test\.ndjson,line=1,title=inconclusive::/)]);
    }
  });

  it('a log that conforms has none', () => {
    const result = check(traceOf(ruleEntries().find(({ id }) => id === 'rule-promise-kept-kept')!.lines.slice(1)));
    expect([result.verdict, sarifOf((reporter) => reporter.result(result)), githubOf((reporter) => reporter.result(result))[0]]).toEqual(['conforms', [], []]);
  });
});

describe('what --strict refuses is an error of its trace in every report', () => {
  const trace: Trace = { ...traceOf([]), warnings: [{ line: 3, code: 'UNKNOWN_KIND', message: 'ignored: "vote" & <more>' }, { file: 'other.ndjson', line: 4, code: 'UNKNOWN_KIND', message: 'ignored: "w"' }] };

  it('sarif and github: one for each warning, where it is', () => {
    expect(sarifOf((reporter) => reporter.refused(trace))).toMatchObject([
      { ruleId: 'UNKNOWN_KIND', level: 'error', locations: [at('test.ndjson', 3)], message: { text: 'ignored: "vote" & <more> (an error under --strict)' } },
      { ruleId: 'UNKNOWN_KIND', level: 'error', locations: [at('other.ndjson', 4)] },
    ]);
    const [lines, summary] = githubOf((reporter) => reporter.refused(trace));
    expect(lines).toEqual([expect.stringMatching(/^::error file=test\.ndjson,line=3,title=UNKNOWN_KIND::ignored/), expect.stringMatching(/^::error file=other\.ndjson,line=4,/)]);
    expect(summary).toContain('| test.ndjson:1 | not understood |');
  });

  it('junit: one test case with an error, counted', () => {
    const reporter = junitReporter(true);
    reporter.refused(trace);
    const xml = reporter.end();
    expect(xml).toContain('tests="1" failures="0" errors="1" skipped="0"');
    expect(xml).toContain(`<testcase classname="test.ndjson" name="${header.id} (line 1)"><error type="UNKNOWN_KIND" message="ignored: &quot;vote&quot; &amp; &lt;more&gt; (an error under --strict)">test.ndjson:3: UNKNOWN_KIND`);
    expect(xml).toContain('other.ndjson:4: UNKNOWN_KIND');
  });

  it('json: one object, at the first warning, with all of them', () => {
    expect(refusalJson(trace)).toMatchObject({ format: 'paxcheck-verdict', file: 'test.ndjson', line: 3, id: header.id, error: { code: 'UNKNOWN_KIND', message: expect.stringContaining('"vote"') as string, hint: expect.stringContaining('--strict') as string }, warnings: trace.warnings });
  });
});

describe('places in the source', () => {
  const { lines } = ruleEntries().find(({ id }) => id === 'rule-promise-reports-highest-vote-broken')!;
  const logged = (locOf: (line: number) => string): CheckResult => check(traceOf(lines.slice(1).map((event, index) => ({ ...event, loc: locOf(index + 2) }))));

  // The wrong line is 9; it contradicts line 7.
  it('sarif: files and lines are related locations, of the line and of those that it contradicts', () => {
    const [result] = sarifOf((reporter) => reporter.result(logged((line) => (line === 9 ? 'src/acceptor.go:88:5' : 'C:\\paxos\\vote.go:7'))));
    expect(result!.relatedLocations).toEqual([
      { ...at('src/acceptor.go', 88), message: { text: 'logged here' } },
      { ...at('test.ndjson', 7), message: { text: 'contradicts it: a2 accepted 1 "x"' } },
      { ...at('file:///C:/paxos/vote.go', 7), message: { text: 'logged here: a2 accepted 1 "x"' } },
    ]);
  });

  it.each(['Acceptor::on_prepare', 'line 7', 'acceptor.go', 'acceptor.go:0', 'http://example.com:80'])('sarif: %s is in the message, and no location', (loc) => {
    const [result] = sarifOf((reporter) => reporter.result(logged(() => loc)));
    expect(result!.relatedLocations).toHaveLength(1);
    expect(result!.message.text).toContain(`logged    ${loc}`);
    expect(result!.message.text).toContain(`see       line 7: a2 accepted 1 "x" (${loc})`);
  });

  it('github and junit: in the text', () => {
    const result = logged((line) => `acceptor.go:${line}`);
    expect(githubOf((reporter) => reporter.result(result))[0][0]).toContain('logged    acceptor.go:9%0A');
    const reporter = junitReporter(false);
    reporter.result(result);
    expect(reporter.end()).toContain('logged    acceptor.go:9\n');
  });
});
