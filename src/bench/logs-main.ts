/** `npm run bench:logs`: checking of long logs beside JSON.parse of the same lines. */
import { Command, CommanderError, InvalidArgumentError } from '@commander-js/extra-typings';
import { builtCopy } from './dist.js';
import { Workshop } from './files.js';
import type { LogFiles } from './log-files.js';
import { writeLogs } from './log-files.js';
import { describeMachine, loadWarning, thisMachine } from './machine.js';
import { median } from './statistics.js';
import { Stopwatch } from './stopwatch.js';

/** What anybody would do who only wants the lines as objects. */
const PARSE = `
const { createReadStream } = await import('node:fs');
const { StringDecoder } = await import('node:string_decoder');
for (const file of process.argv.slice(1)) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const text = rest + decoder.write(chunk);
    let start = 0;
    for (let end = text.indexOf('\\n'); end >= 0; end = text.indexOf('\\n', start)) {
      JSON.parse(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start);
  }
}`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number | undefined;
}

interface Who {
  readonly name: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Part of what it must say. */
  readonly says: string;
}

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return Number(text);
};

function contenders(main: string, { whole: log, wrong, wrongLine, byNode }: LogFiles): Who[] {
  return [
    { name: 'JSON.parse', args: ['--input-type=module', '-e', PARSE, log], exitCode: 0, says: '' },
    { name: 'check, real order', args: [main, 'check', log], exitCode: 0, says: 'conforms' },
    { name: 'check, one line wrong', args: [main, 'check', wrong], exitCode: 1, says: `line ${wrongLine} breaks vote-has-proposal` },
    { name: 'check, node by node', args: [main, 'check', ...byNode], exitCode: 0, says: 'conforms' },
  ];
}

async function measure(stopwatch: Stopwatch, who: Who): Promise<Measured> {
  const run = await stopwatch.run({ command: process.execPath, args: who.args, read: () => undefined });
  if (run.exitCode !== who.exitCode || !run.output.includes(who.says)) throw new Error(`${who.name}: expected exit code ${who.exitCode} and "${who.says}", got ${run.exitCode}: ${run.output.slice(0, 200)}${run.complaint}`);
  return run;
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : `${Math.round(bytes / 2 ** 20)} MB`);

async function compare(events: number, runs: number, maxSeconds: number): Promise<Map<string, number>> {
  const workshop = new Workshop();
  const stopwatch = new Stopwatch(workshop.folder, maxSeconds);
  process.once('SIGINT', () => {
    stopwatch.stop();
    workshop.clear();
    process.exit(130);
  });
  try {
    const files = writeLogs(workshop.newFolder(), events);
    const all = contenders(builtCopy(workshop.newFolder(), (line) => void process.stderr.write(`${line}\n`)), files);
    const measured = new Map(all.map(({ name }): [string, Measured[]] => [name, []]));
    // In turn, so that what else happens on the machine happens to all of them.
    for (let run = 0; run < runs; run++) for (const who of all) measured.get(who.name)!.push(await measure(stopwatch, who));
    const seconds = new Map([...measured].map(([name, times]) => [name, median(times.map((time) => time.seconds))]));
    print(`${files.events.toLocaleString('en')} events, median of ${runs}`);
    for (const [name, times] of measured) {
      const own = seconds.get(name)!;
      print(`  ${name.padEnd(22)} ${own.toFixed(2).padStart(7)} s  ${(files.events / own / 1e6).toFixed(2)} M events/s  ${(seconds.get('JSON.parse')! / own).toFixed(2)} of the speed of JSON.parse  ${megabytes(times[0]!.peakBytes)}`);
    }
    print(`  a wrong line costs ${(seconds.get('check, one line wrong')! / seconds.get('check, real order')!).toFixed(2)} times the time of the right log`);
    return seconds;
  } finally {
    workshop.clear();
  }
}

try {
  const options = new Command('npm run bench:logs --')
    .description('Measure the checking of generated logs (five acceptors, many slots) beside JSON.parse of the same lines, as whole processes.')
    .option('--events <n>', 'events of the longest log; a tenth of them first, for the growth', whole, 1_000_000)
    .option('--runs <n>', 'runs of each, in turn', whole, 3)
    .option('--max-seconds <s>', 'end a run that takes longer', whole, 900)
    .exitOverride()
    .parse(process.argv)
    .opts();
  const machine = thisMachine();
  print([describeMachine(machine), loadWarning(machine)].filter((line) => line !== undefined).join('\n'));
  const small = await compare(Math.ceil(options.events / 10), options.runs, options.maxSeconds);
  const large = await compare(options.events, options.runs, options.maxSeconds);
  for (const name of ['check, real order', 'check, node by node']) print(`ten times the events take ${(large.get(name)! / small.get(name)!).toFixed(1)} times the time (${name})`);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 64;
}
