/** The file of `explore --graph`: the whole graph, or nothing. */
import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Synod } from '../../model/synod.js';
import type { Graph, GraphLimits } from '../engine/graph.js';
import { graphOf } from '../engine/graph.js';
import { spaceOf } from '../engine/space.js';
import type { Symmetry } from '../engine/symmetry.js';
import { graphDot } from '../report/graph-dot.js';
import { graphNdjson } from '../report/graph-ndjson.js';
import { UsageError } from './usage-error.js';

export type GraphFormat = 'dot' | 'ndjson';

/** .dot and .gv are for Graphviz; anything else is NDJSON. */
export const graphFormatOf = (file: string): GraphFormat => (['.dot', '.gv'].includes(extname(file).toLowerCase()) ? 'dot' : 'ndjson');

export interface SavedGraph {
  readonly format: GraphFormat;
  readonly states: number;
  readonly edges: number;
}

/**
 * Writes the state graph to the file and returns its size. A file that was there stays as it was until all is written.
 * Throws UsageError if the file cannot be written, LimitError if the graph is too large.
 */
export function saveGraph(protocol: Synod, symmetry: Symmetry, file: string, mutantId?: string, limits: GraphLimits = {}): SavedGraph {
  return intoFile(file, (write) => {
    const graph = graphOf(spaceOf(protocol, symmetry, []), limits);
    const format = graphFormatOf(file);
    writeInChunks(linesOf(graph, format, mutantId), write);
    return { format, states: graph.states.length, edges: graph.edges.length };
  });
}

const linesOf = (graph: Graph, format: GraphFormat, mutant: string | undefined): Generator<string> => (format === 'dot' ? graphDot : graphNdjson)(graph, { mutant });

const CHUNK = 1 << 20;

/** A write for each line would take longer than making it. */
function writeInChunks(lines: Iterable<string>, write: (text: string) => void): void {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    write(chunk);
    chunk = '';
  }
  write(chunk);
}

/** Calls `fill` with a way to write; what was written becomes the file when `fill` returns. */
function intoFile<T>(file: string, fill: (write: (text: string) => void) => T): T {
  const { target, open } = orUsage(file, () => placeFor(file));
  // The file is opened before the graph is made: whoever waits should not learn at the end that it was for nothing.
  const descriptor = orUsage(file, () => openSync(open, open === target ? 'w' : 'wx'));
  try {
    const result = fill((text) => orUsage(file, () => writeFileSync(descriptor, text)));
    closeSync(descriptor);
    if (open !== target) orUsage(file, () => renameSync(open, target));
    return result;
  } catch (error) {
    closeQuietly(descriptor);
    if (open !== target) rmSync(open, { force: true });
    throw error;
  }
}

/** What is to be opened, and what it becomes: beside a file, or at the end of a link; a device or pipe is written to as it is. */
function placeFor(file: string): { target: string; open: string } {
  const exists = existsSync(file);
  const target = exists ? realpathSync(file) : file;
  // Renaming would replace a file that its owner has locked.
  if (exists) accessSync(target, constants.W_OK);
  const isSpecial = exists && !statSync(target).isFile();
  return { target, open: isSpecial ? target : join(dirname(target), `.paxcheck-${process.pid}-${randomBytes(4).toString('hex')}.tmp`) };
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It was closed already; the error that led here is the one to tell.
  }
}

function orUsage<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`--graph ${file}: that file cannot be written (${String(error.code)})`, 'name a file in a folder that exists and is yours to write');
  }
}
