import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../check/check.js';
import { check, checkParts } from '../check/check.js';
import { checkLog } from '../check/log-check.js';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import { ruleEntries } from '../corpus/rule-entries.js';
import { traceError } from '../trace/errors.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import type { TraceEvent } from '../trace/wire.js';
import { htmlReporter } from './check-html.js';
import { describeCheck, statementOf } from './check-report.js';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** With that of the elements inside. */
  text: string;
}

const unescaped = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** The elements of a page in the order of their ends. Throws unless tags match, attributes are quoted and all text is escaped. */
function elements(page: string): Element[] {
  const found: Element[] = [];
  const open: Element[] = [];
  let at = 0;
  for (const match of page.replace(/^<!DOCTYPE html>/, '').matchAll(/<(\/?)([A-Za-z][\w-]*)((?: [\w:-]+="[^"<>]*")*)(\/?)>|([^<>]+)|(.)/gs)) {
    const [whole, close, name = '', attributes = '', empty, text, stray] = match;
    expect(stray, page.slice(at, at + 80)).toBeUndefined();
    at += whole.length;
    const bare = (text ?? attributes).replace(/&(?:amp|lt|gt|quot|#39);/g, '');
    expect(bare).not.toContain('&');
    if (text !== undefined) for (const element of open) element.text += unescaped(text);
    else if (close === '/') {
      expect(open.at(-1)?.name).toBe(name);
      found.push(open.pop()!);
    } else {
      const element = { name, attributes: Object.fromEntries([...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)])), text: '' };
      if (empty === '/') found.push(element);
      else open.push(element);
    }
  }
  expect(open).toEqual([]);
  return found;
}

async function corpus(): Promise<Trace[]> {
  const found: Trace[] = [];
  for (const stored of storedTraces()) {
    for await (const trace of readTraces((async function* () { yield bytesOf(stored); })(), stored.file)) found.push(trace);
  }
  return found;
}

const results = (await corpus()).map((trace) => check(trace));
const pageOf = (tell: (reporter: ReturnType<typeof htmlReporter>) => void): string => {
  const reporter = htmlReporter('1.2.3');
  tell(reporter);
  return reporter.end();
};
const pageOfResults = (...told: readonly CheckResult[]): string => pageOf((reporter) => told.forEach((result) => reporter.result(result)));
const resultOf = (id: string): CheckResult => results.find(({ trace }) => trace.header.id === id)!;
const named = (all: readonly Element[], name: string): Element[] => all.filter((element) => element.name === name);

const forgetful = resultOf('rule-promise-reports-highest-vote-broken');
const [forgetfulFinding] = forgetful.findings;

describe('the page', () => {
  const page = pageOf((reporter) => {
    results.forEach((result) => reporter.result(result));
    reporter.error(traceError('INVALID_JSON', { file: 'cut.ndjson', line: 3 }, { expected: 'JSON', got: '<nothing> & more', hint: 'look at it' }));
    reporter.refused({ ...forgetful.trace, file: 'new.ndjson', warnings: [{ line: 5, code: 'UNKNOWN_KIND', message: 'ignored: "vote"' }] });
  });
  const all = elements(page);

  it('needs nothing else, and may do nothing else: its policy allows its own style only', () => {
    const policy = named(all, 'meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')!.attributes.content!;
    const [style] = named(all, 'style');
    expect(policy.split('; ')).toEqual(["default-src 'none'", `style-src 'sha256-${createHash('sha256').update(/<style>([^]*)<\/style>/.exec(page)![1]!).digest('base64')}'`, "base-uri 'none'", "form-action 'none'"]);
    expect(style!.text).not.toMatch(/url\(|@import/);
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'form', 'base', 'use', 'image', 'foreignObject']) expect(named(all, name), name).toEqual([]);
    for (const { attributes } of all) for (const [name, value] of Object.entries(attributes)) {
      expect(name).not.toMatch(/^on|^style$|^src|^data$/);
      if (name === 'href') expect(value).toMatch(/^#t\d+[\w-]*$/);
    }
  });

  it('has a row for each trace and each file, with its verdict and statement', () => {
    const cells = named(all, 'td').map(({ text }) => text);
    for (const result of results) expect(cells).toContain(statementOf(result));
    const verdicts = cells.filter((text) => /^(unsafe|deviates|inconclusive|conforms|not understood)$/.test(text));
    expect(verdicts).toEqual([...results.map(({ verdict }) => verdict as string), 'not understood', 'not understood']);
  });

  it('links lead to elements of the page, and no id is there twice', () => {
    const ids = all.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(ids);
    expect(named(all, 'a').length).toBeGreaterThan(100);
    for (const { attributes } of named(all, 'a')) expect(known.has(attributes.href!.slice(1)), attributes.href).toBe(true);
    for (const { attributes } of all) for (const id of attributes['aria-labelledby']?.split(' ') ?? []) expect(known.has(id), id).toBe(true);
  });

  it('can be read without eyes: language, one h1, no level left out, captions, scopes, titles and descriptions', () => {
    expect(named(all, 'html')[0]!.attributes.lang).toBe('en');
    const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    levels.forEach((level, at) => expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1));
    expect(named(all, 'caption').length).toBe(named(all, 'table').length);
    for (const { attributes } of named(all, 'th')) expect(attributes.scope).toMatch(/^(col|row)$/);
    expect(named(all, 'desc').length).toBe(named(all, 'svg').length);
    for (const match of page.matchAll(/<svg [^>]*>\n<(\w+)/g)) expect(match[1]).toBe('title');
  });
});

describe('a finding', () => {
  const page = pageOfResults(forgetful);
  const all = elements(page);
  const text = all.at(-1)!.text;

  it('has rule, sentence, the false conjunct with its numbers, expected and got', () => {
    const { blocked, expected, got } = forgetfulFinding!;
    for (const part of ['A promise reports the highest vote that its acceptor cast.', blocked[0]!.formula, blocked[0]!.numbers, expected, got]) expect(text).toContain(part);
  });

  // Line 7 is the vote that line 9 hides; the accept of line 5 asked for it, and line 9 answers the prepare of line 8.
  it('has a row for each line of the core and what it answers, and arrows between lanes', () => {
    const parts = named(all, 'g').filter(({ attributes }) => attributes.id !== undefined).map(({ attributes }) => [attributes.id, attributes.class]);
    expect(parts).toEqual([['t1-f1-l4', 'context'], ['t1-f1-l5', 'context'], ['t1-f1-l7', 'core'], ['t1-f1-l8', 'context'], ['t1-f1-l9', 'wrong']]);
    expect(named(all, 'g').filter(({ attributes }) => attributes.class === 'lane').map((lane) => lane.text.slice(0, 2))).toEqual(['a2', 'p1', 'p2']);
    expect(named(all, 'path').filter(({ attributes }) => attributes.class === 'arrow')).toHaveLength(3);
    expect(named(all, 'desc')[0]!.text).toContain('Line 9 (the wrong line): a2 promise 2, no vote, an answer to line 8.');
  });

  it('links the rule with the wrong line, in both directions, and with the lines contradicted', () => {
    const links = named(all, 'a').map(({ attributes }) => attributes.href);
    expect(links).toEqual(expect.arrayContaining(['#t1-f1-l9', '#t1-f1-l7', '#t1-f1-rule']));
  });

  it('has what the nodes had before and after it', () => {
    const rows = named(all, 'tr').map((row) => row.text);
    expect(rows).toContain('a2promised ballot 1, "x" in ballot 1promised ballot 2, no vote (changed)');
    expect(rows).toContain('a3nothing promised, no votenothing promised, no vote');
    expect(rows).toContain('chosen"x""x"');
  });

  it('has the run that it can cost, step by step, and what comes of it', () => {
    const steps = named(all, 'li').map((step) => step.text).filter((step) => step.includes('another value'));
    expect(steps).toHaveLength(3);
    expect(steps.at(-1)).toMatch(/⇒ "another value" is chosen in ballot 2$/);
  });

  it('of a header has no chart; of lines that were not kept says so', () => {
    expect(pageOfResults(resultOf('rule-quorums-intersect-broken'))).not.toContain('<svg');
    const gone = pageOfResults({ ...forgetful, trace: { ...forgetful.trace, events: [] } });
    elements(gone);
    expect(gone).not.toContain('<svg');
    expect(gone).toContain('The lines of this log were not kept');
  });
});

it('of a log of many decisions, the slot of a finding has its chart and its states', () => {
  const { header, events } = forgetful.trace;
  const inSlot = (slot: number, first: number): Trace['events'] => events.filter(({ event }) => event.kind !== 'decided').map(({ event }, at) => ({ line: first + at, event: { ...event, slot } as TraceEvent }));
  const before = inSlot(3, 2).slice(0, 5);
  const log: Trace = { ...forgetful.trace, header: { ...header, profile: 'multi' }, events: [...before, ...inSlot(4, 7)] };
  const result = checkLog(log);
  expect(result).toMatchObject({ verdict: 'unsafe', trace: { events: [] }, first: { rule: 'promise-reports-highest-vote', slot: 4, line: 14, because: [12] } });
  expect(describeCheck(result)).toContain('    see       line 12: a2 accepted 1 "x"');
  const all = elements(pageOfResults(result));
  expect(named(all, 'h3').map(({ text }) => text)).toContain('line 14: wrong: promise-reports-highest-vote at a2 in slot 4');
  expect(named(all, 'g').flatMap(({ attributes }) => (attributes.id === undefined ? [] : [attributes.id]))).toEqual(expect.arrayContaining(['t1-f1-l12', 't1-f1-l14']));
  expect(named(all, 'tr').map(({ text }) => text)).toContain('a2promised ballot 1, "x" in ballot 1promised ballot 2, no vote (changed)');
});

it('a trace of several files names lines by file', () => {
  const { header, events } = forgetful.trace;
  const nodes = [...new Set(events.map(({ event }) => event.at))];
  const parts = nodes.map((node): Trace => {
    const own = events.filter(({ event }) => event.at === node);
    return { file: `${node}.ndjson`, header: { ...header, order: 'per-node' }, headerLine: 1, warnings: [], events: own.map(({ event }, i) => ({ line: i + 2, event: { ...event, i } })) };
  });
  const all = elements(pageOfResults(checkParts(parts)));
  expect(named(all, 'h3').map(({ text }) => text)).toContain('a2.ndjson:4: wrong: promise-reports-highest-vote at a2');
  expect(named(all, 'text').map(({ text }) => text).join('\n')).toMatch(/● +a2\.ndjson:3 {2}a2 accepted 1 "x"/);
});

describe('hostile input', () => {
  const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;&#0;]]>-->\u0000\u001b\u202e\ud800`;

  it('stays text, in values, ids, ballots, file names, titles, places and messages', () => {
    const { trace } = forgetful;
    const renamed = JSON.parse(JSON.stringify({ header: trace.header, events: trace.events }), (_, part: unknown) => (part === 'a2' || part === 'p2' || part === 'x' ? `${part}${evil}` : part)) as Pick<Trace, 'header' | 'events'>;
    const ballots = JSON.parse(JSON.stringify(renamed.events), (key, part: unknown) => (key === 'ballot' ? `${String(part)}${evil}` : part)) as Trace['events'];
    const header: Trace['header'] = { ...renamed.header, id: evil, title: evil, ballots: { kind: 'list', order: [`1${evil}`, `2${evil}`] } };
    const result = check({ ...trace, header, file: evil, warnings: [{ line: 2, code: 'UNKNOWN_KIND', message: evil }], events: ballots.map(({ line, event }) => ({ line, event: { ...event, loc: evil } })) });
    expect(result.first?.rule).toBe('promise-reports-highest-vote');
    const page = pageOf((reporter) => {
      reporter.result(result);
      reporter.refused(result.trace);
      reporter.error(traceError('INVALID_JSON', { file: evil, line: 3, field: evil }, { expected: evil, got: evil, hint: evil }));
    });
    const all = elements(page);
    expect(all.filter(({ name, attributes }) => name === 'script' || name === 'img' || 'onerror' in attributes)).toEqual([]);
    expect(page.match(/alert\(1\)/g)!.length).toBeGreaterThan(20);
    // eslint-disable-next-line no-control-regex -- these are what must not get through
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\ud800-\udfff]/);
  });
});

describe('bounded, whatever was checked', () => {
  it('of a long trace only the neighbourhood of the finding', () => {
    const [header, ...events] = ruleEntries().find(({ id }) => id === 'rule-promise-reports-highest-vote-broken')!.lines;
    const idle = Array.from({ length: 20_000 }, (_, at): TraceEvent => ({ at: 'c1', kind: 'propose', value: `idle ${at}` }));
    const long = [...events.slice(0, 6), ...idle, ...events.slice(6)].map((event, at) => ({ line: at + 2, event }));
    const result = check({ ...forgetful.trace, header: { ...header, events: long.length }, events: long });
    expect(result.first).toMatchObject({ line: 20_009, because: [7] });
    const page = pageOfResults(result);
    expect(page.length).toBeLessThan(2 * pageOfResults(forgetful).length);
    expect(page).toContain('<title>20,000 lines left out</title>');
  });

  it('of many traces the gravest are told, and it says how many are not', () => {
    const harmless = resultOf('rule-promise-monotone-broken');
    const [deviating, conforming] = [Array.from({ length: 1500 }, () => harmless), Array.from({ length: 1500 }, () => resultOf('run-01'))];
    expect([harmless.verdict, resultOf('run-01').verdict]).toEqual(['deviates', 'conforms']);
    const page = pageOfResults(...deviating, ...conforming, forgetful);
    const all = elements(page);
    expect(named(all, 'h2')).toHaveLength(40);
    expect(named(all, 'h2').filter(({ text }) => text.startsWith('unsafe'))).toHaveLength(1);
    expect(named(all, 'tr').filter(({ text }) => text.includes('.ndjson'))).toHaveLength(2001);
    expect(page).toContain('3,001 traces: 1 unsafe, 1500 deviates, 1500 conforms');
    expect(page).toContain('1,000 more traces have no room here');
    expect(page).toContain('Of 1,501 traces that do not conform, 40 are told in full');
  });

  it('of a huge value, title or list of findings, so much', () => {
    const huge = 'v'.repeat(100_000);
    const trace = { ...forgetful.trace, header: { ...forgetful.trace.header, title: huge }, warnings: Array.from({ length: 5000 }, () => ({ line: 2, code: 'UNKNOWN_KIND' as const, message: huge })) };
    const page = pageOfResults({ ...forgetful, trace, findings: [...forgetful.findings, ...Array.from({ length: 5000 }, () => ({ ...forgetfulFinding!, got: huge }))] });
    elements(page);
    expect(page.length).toBeLessThan(150_000);
    expect(page).toContain('4,995 more findings left out here');
    expect(page).toContain('4,990 more warnings left out here');
  });
});
