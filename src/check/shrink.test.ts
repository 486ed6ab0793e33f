import { describe, expect, it } from 'vitest';
import { bytesOf, storedTraces } from '../corpus/stored-node.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import { writeTrace } from '../trace/write.js';
import { check } from './check.js';
import { compile } from './compile.js';
import { findingsIn } from './core.js';
import { shrink } from './shrink.js';

async function read(bytes: Uint8Array, file: string): Promise<Trace[]> {
  const traces: Trace[] = [];
  for await (const trace of readTraces((async function* () { yield bytes; })(), file)) traces.push(trace);
  return traces;
}

const corpus = (await Promise.all(storedTraces().map((stored) => read(bytesOf(stored), stored.file)))).flat().map((trace) => [trace.file, trace] as const);
const wrong = corpus.filter(([, trace]) => shrink([trace]) !== null);
const isSerious = ({ severity }: { severity: string }): boolean => severity === 'safety' || severity === 'consensus';

describe('shrinking', () => {
  it('has something to do in most rejected traces, and nothing where no rule is broken', () => {
    expect(wrong.length).toBeGreaterThan(60);
    for (const [file, trace] of corpus) if (check(trace).verdict === 'conforms' && check(trace).findings.length === 0) expect(shrink([trace]), file).toBeNull();
  });

  it.each(wrong)('%s: the same rule in a trace that can be read, of which no line can go', async (file, trace) => {
    const { header, events, finding } = shrink([trace])!;
    const [small] = await read(Buffer.from(writeTrace(header, events)), file);
    const again = shrink([small!])!;
    expect([again.finding.rule, again.finding.at, again.events.length]).toEqual([finding.rule, finding.at, events.length]);
    expect(again.finding.line).toBe(small!.events.at(-1)!.line);
    for (let out = 0; out < events.length - 1; out++) {
      const without = events.filter((_, index) => index !== out);
      const rest = shrink([{ ...small!, header: { ...header, events: without.length }, events: without.map((event, index) => ({ event, line: index + 2 })) }]);
      const isSame = rest?.finding.rule === finding.rule && rest.finding.line === without.length + 1;
      expect(isSame, `line ${out + 2} of the small trace can go`).toBe(false);
    }
  });
});

describe('the lines that contradict each other', () => {
  it.each(wrong)('%s: suffice, and none of them can go', (_file, trace) => {
    const result = check(trace);
    for (const { line, slot, because, blocked } of result.findings.filter(isSerious)) {
      // Without an order between nodes, the lines are those of the order found; of a log, those of the slot.
      const judged = slot === undefined ? result.trace : result.slots!.get(slot)!;
      const compiled = compile(judged);
      const { events } = judged;
      const breaks = (lines: readonly number[]): boolean => findingsIn(compiled, events.filter((event) => lines.includes(event.line))).some((found) => found.line === line && String(found.blocked.map(({ conjunct }) => conjunct)) === String(blocked.map(({ conjunct }) => conjunct)));
      if (line === trace.headerLine || !events.some((event) => event.line === line)) continue;
      expect(breaks([...because, line])).toBe(true);
      for (const out of because) expect(breaks([...because.filter((other) => other !== out), line]), `line ${out} can go`).toBe(false);
    }
  });
});
