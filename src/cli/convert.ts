/** `paxcheck convert`: runs from the tools of TLA+, and traces for other tools to read or show. */
import { once } from 'node:events';
import { Command, Option } from '@commander-js/extra-typings';
import { linearize } from '../check/linearize.js';
import { readDocument } from '../convert/document.js';
import { fromItf, isItf } from '../convert/from-itf.js';
import type { Given } from '../convert/from-states.js';
import { fromTlc } from '../convert/from-tlc.js';
import { slotOf } from '../convert/one-slot.js';
import { itfText } from '../convert/to-itf.js';
import { mermaidText } from '../convert/to-mermaid.js';
import { shivizText } from '../convert/to-shiviz.js';
import { tlaText } from '../convert/to-tla.js';
import { headerOf } from '../convert/words.js';
import { openTraces } from '../trace/files.js';
import { groupParts, joinParts } from '../trace/parts.js';
import type { Trace } from '../trace/read.js';
import { readTraces } from '../trace/read.js';
import { traceLines } from '../trace/write.js';
import { givenBy } from './convert-given.js';
import { saveSpec } from './convert-spec.js';
import { wholeNumber } from './options.js';
import { inChunks, savePieces } from './save-text.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck convert --to itf -o run.itf.json run.ndjson           for the ITF trace viewer, and other tools of Apalache and Quint
  paxcheck convert --to tla --spec TraceSpec.tla -o trace.ndjson run.ndjson
                                                                 records, and a specification that TLC tests them against
  paxcheck convert --to shiviz run.ndjson                        a log with vector clocks; paste it into ShiViz
  paxcheck convert --to mermaid run.ndjson                       a sequence diagram; Mermaid shows a few hundred lines
  paxcheck convert --to mermaid n1.ndjson n2.ndjson n3.ndjson    a run that was logged node by node, in an order that explains it
  paxcheck convert --to paxos-trace out.itf.json | paxcheck check -
  paxcheck convert --from tlc --to paxos-trace --quorums 3,2 dump.json

Runs in itf and tlc are those of a specification in the form of Lamport's Paxos.tla, with the variables msgs and maxBal. What --to itf
wrote is read back as it was.`;

const SOURCES = ['paxos-trace', 'tlc', 'itf'] as const;
const TARGETS = ['paxos-trace', 'itf', 'tla', 'shiviz', 'mermaid'] as const;
type Source = (typeof SOURCES)[number];
type Target = (typeof TARGETS)[number];

const WRITERS: Readonly<Record<Target, (trace: Trace) => Iterable<string>>> = {
  'paxos-trace': (trace) => traceLines(headerOf(trace), trace.events.map(({ event }) => event)),
  itf: (trace) => itfText(trace),
  tla: tlaText,
  shiviz: shivizText,
  mermaid: mermaidText,
};

export const convertCommand = () =>
  new Command('convert')
    .description('Convert a trace for other tools, or a run that a model checker of TLA+ found into a trace.')
    .argument('<files...>', 'the file, or - for standard input; logs of single nodes: all those of the run')
    .addOption(new Option('--from <format>', 'default: itf or tlc, whichever it is, for .json; paxos-trace for anything else').choices(SOURCES))
    .addOption(new Option('--to <format>', 'what to write').choices(TARGETS).makeOptionMandatory())
    .option('-o, --output <file>', 'where to write it (default: standard output)')
    .option('--spec <file>', 'with --to tla: write the specification there (FILE.tla, with FILE.cfg beside it)')
    .option('-l, --line <n>', 'the line of the header, if the file has several traces', wholeNumber(1, 2 ** 31))
    .option('--slot <n>', 'of a log of many decisions: the one to convert', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--acceptors <names>', 'of a run in itf or tlc, if it does not tell: a1,a2,a3')
    .option('--quorums <rule>', 'of a run in itf or tlc: majority, two sizes such as 3,2 (phase 1, phase 2), or {a1,a2},{a2,a3} (default: its constant Quorum, or majority)')
    .addHelpText('after', EXAMPLES)
    .action(async (files, { from, to, output, spec, line, slot, acceptors, quorums }) => {
      if (spec !== undefined && to !== 'tla') throw new UsageError('--spec is the specification for the records of --to tla', 'leave it out, or add --to tla');
      const trace = oneDecision(await traceIn(files, from, line, givenBy(acceptors, quorums)), to, slot);
      for (const { file = trace.file, line: at, code, message } of trace.warnings) console.error(`${file}:${at}: ${code}: ${message}`);
      if (spec !== undefined) saveSpec(spec, trace, output);
      const pieces = WRITERS[to](trace);
      if (output !== undefined) savePieces(output, pieces);
      else for (const chunk of inChunks(pieces)) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
    });

/** A log of many decisions stays one only as a trace. */
function oneDecision(trace: Trace, to: Target, slot: number | undefined): Trace {
  const isOne = trace.header.profile === 'synod';
  if (isOne && slot !== undefined) throw new UsageError('--slot is for logs of many decisions', 'leave it out: this trace is about a single one');
  if (!isOne && slot === undefined && to !== 'paxos-trace') throw new UsageError(`this is a log of many decisions, and --to ${to} shows one`, 'name it: --slot 7');
  return slot === undefined ? trace : slotOf(trace, slot);
}

/** The one trace that the files hold. */
async function traceIn(paths: readonly string[], from: Source | undefined, line: number | undefined, given: Given): Promise<Trace> {
  const isForeign = from === undefined ? paths.every((path) => /\.json(\.gz|\.zst)?$/i.test(path)) : from !== 'paxos-trace';
  if (!isForeign) {
    if (given.acceptors !== undefined || given.quorums !== undefined) throw new UsageError('--acceptors and --quorums are for runs in itf or tlc', 'the header of a trace says who the acceptors are, and what a quorum is');
    return onlyOne(await tracesAt(paths, line), paths);
  }
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) throw new UsageError(`${paths.length} files: a run in itf or tlc is one file`, 'convert them one by one');
  return inOrder([await foreignTrace(path, from, given)]);
}

async function foreignTrace(path: string, from: Source | undefined, given: Given): Promise<Trace> {
  for await (const { file, input } of openTraces(path)) {
    const document = await readDocument(input, file);
    return (from ?? (isItf(document) ? 'itf' : 'tlc')) === 'itf' ? fromItf(document, file, given) : fromTlc(document, file, given);
  }
  throw new UsageError(`${path} holds no file`, 'name the file itself');
}

async function tracesAt(paths: readonly string[], line: number | undefined): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const path of paths) {
    for await (const { file, input } of openTraces(path)) {
      for await (const trace of readTraces(input, file)) if (line === undefined || trace.headerLine === line) traces.push(trace);
    }
  }
  return traces;
}

/** Logs of single nodes make up one run if they belong together. */
function onlyOne(traces: readonly Trace[], paths: readonly string[]): Trace {
  const isWhole = ({ header }: Trace): boolean => header.order === 'total';
  const runs = [...traces.filter(isWhole).map((trace): [Trace, ...Trace[]] => [trace]), ...groupParts(traces.filter((trace) => !isWhole(trace)))];
  const [run, second] = runs;
  if (run === undefined) throw new UsageError(`no trace of ${paths.join(', ')} has its header in that line`, 'paxcheck check names the header of each trace by file and line');
  if (second !== undefined) throw new UsageError(`${runs.length} traces, and one is converted: the headers are in ${runs.slice(0, 5).map(([{ file, headerLine }]) => `${file}:${headerLine}`).join(', ')}${runs.length > 5 ? ', ...' : ''}`, 'name one file, and with --line the line of the header');
  return inOrder(run);
}

/** With an order between nodes: the given one, or one that explains the logs. */
function inOrder(run: readonly [Trace, ...Trace[]]): Trace {
  if (run[0].header.order === 'total') return run[0];
  const { trace, unexplained } = linearize(joinParts(run));
  if (unexplained.size > 0) console.error('paxcheck: no order explains all of these logs; paxcheck check says which lines are in the way');
  return trace;
}
