/** `paxcheck traces`: the corpus, generated from the model, byte for byte the same each time. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { coverageEntries } from '../corpus/coverage-entries.js';
import type { CorpusEntry } from '../corpus/entry.js';
import { mutantEntries } from '../corpus/mutant-entries.js';
import { ruleEntries } from '../corpus/rule-entries.js';
import { writeTrace } from '../trace/write.js';
import { plural } from '../numbers.js';
import { UsageError } from './usage-error.js';

const EXAMPLES = `
Examples:
  paxcheck traces --out corpus       write the corpus and its manifest
  paxcheck traces --out corpus --json
  paxcheck check corpus              check all of it

manifest.json lists each trace with its bounds, the verdict expected, the first wrong line, the rule, and its sha256.
A checker of your own is right if it gives the same verdicts and lines.`;

export const corpusEntries = (): CorpusEntry[] => [...coverageEntries(), ...ruleEntries(), ...mutantEntries()];

const folderOf = ({ wrong, expected }: CorpusEntry): string => (wrong === undefined && expected === 'conforms' ? 'accepted' : 'rejected');

function textOf({ lines: [header, ...events] }: CorpusEntry): string {
  return writeTrace(header, events);
}

/** File name -> content, the manifest included. */
export function corpusFiles(entries: readonly CorpusEntry[]): Map<string, string> {
  const files = new Map(entries.map((entry) => [`${folderOf(entry)}/${entry.id}.ndjson`, textOf(entry)]));
  const listed = entries.map((entry) => {
    const file = `${folderOf(entry)}/${entry.id}.ndjson`;
    const { id, about, bounds, expected, wrong } = entry;
    return { id, file, about, bounds, verdict: expected, ...(wrong !== undefined && wrong), sha256: createHash('sha256').update(files.get(file)!).digest('hex') };
  });
  const manifest = `{"format":"paxcheck-corpus","version":1,"traces":[\n${listed.map((trace) => JSON.stringify(trace)).join(',\n')}\n]}\n`;
  return new Map([...files, ['manifest.json', manifest]]);
}

/** Writes the files, and removes traces of an earlier corpus that this one does not have. */
function writeCorpus(out: string, files: ReadonlyMap<string, string>): void {
  for (const part of ['accepted', 'rejected']) {
    mkdirSync(join(out, part), { recursive: true });
    for (const file of readdirSync(join(out, part))) if (file.endsWith('.ndjson') && !files.has(`${part}/${file}`)) rmSync(join(out, part, file));
  }
  for (const [file, content] of files) writeFileSync(join(out, file), content);
}

export const tracesCommand = () =>
  new Command('traces')
    .description('Write the corpus of accepted and rejected traces, from the model.')
    .requiredOption('-o, --out <folder>', 'where to; files that are not of the corpus are left alone, except stale .ndjson files in its two folders')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', EXAMPLES)
    .action(({ out, json }) => {
      const files = corpusFiles(corpusEntries());
      try {
        writeCorpus(out, files);
      } catch (error) {
        throw new UsageError(`--out ${out}: cannot be written: ${error instanceof Error ? error.message : String(error)}`, 'name a folder that is yours to write');
      }
      console.log(json ? JSON.stringify({ format: 'paxcheck-traces', version: 1, folder: out, traces: files.size - 1 }) : `${plural(files.size - 1, 'trace')} and manifest.json written to ${out}`);
    });
