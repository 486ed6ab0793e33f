import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../check/check.js';
import { check } from '../check/check.js';
import { ruleEntries } from '../corpus/rule-entries.js';
import type { Trace } from '../trace/read.js';
import { checkJson, describeCheck } from './check-report.js';

/** The log of a rule's example, with a place in the source on every line. */
function logged(id: string, locOf: (line: number) => string = (line) => `acceptor.go:${line + 100}`): Trace {
  const [header, ...events] = ruleEntries().find((entry) => entry.id === id)!.lines;
  return { file: 'test.ndjson', header, headerLine: 1, warnings: [], events: events.map((event, at) => ({ line: at + 2, event: { ...event, loc: locOf(at + 2) } })) };
}

const forgetful = check(logged('rule-promise-reports-highest-vote-broken'));
// What a2 said: a promise in line 4, a vote in line 7, and in line 9 a promise that does not know of it.
const text = describeCheck(forgetful);

describe('the text of a finding', () => {
  it('says what the lines that it contradicts say, and which places in the source logged them', () => {
    expect(text).toContain('    see       line 7: a2 accepted 1 "x" (acceptor.go:107)');
    expect(text).toContain('    logged    acceptor.go:109');
  });

  it('says what the node did before, each line once', () => {
    expect(text).toContain('    before    line 4: a2 promise 1, no vote (acceptor.go:104)');
    expect(text.filter((line) => line.includes('line 7: '))).toHaveLength(1);
  });

  it('says nothing of lines that were not kept', () => {
    const { trace } = forgetful;
    const lines = describeCheck({ ...forgetful, trace: { ...trace, events: [] } });
    expect(lines).toContain('    see       line 7');
    expect(lines.join('\n')).not.toContain('before');
  });

  it('lists twelve lines, and how many more there are', () => {
    const [finding] = forgetful.findings;
    const many: CheckResult = { ...forgetful, findings: [{ ...finding!, because: Array.from({ length: 40 }, (_, at) => at + 100) }] };
    expect(describeCheck(many).filter((line) => line.startsWith('    see '))).toHaveLength(13);
    expect(describeCheck(many)).toContain('    see       28 more lines, up to line 139');
  });

  it('is narrow where it must be, but for the first lines', () => {
    const narrow = describeCheck(forgetful, { width: 50 });
    expect(narrow.slice(0, 2)).toEqual(text.slice(0, 2));
    for (const line of narrow.slice(2)) expect(line.length).toBeLessThanOrEqual(50);
    expect(narrow.slice(2).join(' ').replace(/ +/g, ' ')).toBe(text.slice(2).join(' ').replace(/ +/g, ' '));
  });

  it('has nothing that a terminal would obey, whatever is in the log', () => {
    const evil = '\u001b[2J\u202e';
    const trace = logged('rule-promise-kept-broken', () => evil);
    const renamed = JSON.parse(JSON.stringify(trace).replaceAll('"a2"', JSON.stringify(`a2${evil}`)).replaceAll('"x"', JSON.stringify(`x${evil}`))) as Trace;
    const lines = describeCheck(check({ ...renamed, file: `${evil}.ndjson` }));
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.join('')).toContain('\\u001b');
    // eslint-disable-next-line no-control-regex -- these are what must not get through
    expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(line))).toEqual([]);
  });
});

describe('JSON of a finding', () => {
  const { findings } = checkJson(forgetful) as { findings: { line: number; loc?: string; because: number[]; see: { line: number; text: string; loc?: string }[] }[] };

  it('has its place in the source, and for each line that it contradicts what it says and its place', () => {
    expect(findings[0]).toMatchObject({ line: 9, loc: 'acceptor.go:109', because: [7], see: [{ line: 7, text: 'a2 accepted 1 "x"', loc: 'acceptor.go:107' }] });
  });

  it('has none where none was logged', () => {
    const { trace } = forgetful;
    const without = trace.events.map(({ line, event: { loc: _, ...event } }) => ({ line, event: event }));
    expect(JSON.stringify(checkJson(check({ ...trace, events: without })))).not.toContain('"loc"');
  });
});
