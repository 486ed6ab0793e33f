/**
 * Saves a search at the end of a level, and reads it back. Each part writes its states to a file of its own; when all
 * have, the manifest that names them replaces the one before in one step, and only then older files go. So whenever the
 * process is killed, there is one complete checkpoint or none. Everything is under a checksum.
 */
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { CheckpointError } from './checkpoint-error.js';
import { LEVEL_SHIFT, STATE_MASK } from './layout.js';
import type { Part } from './part.js';
import type { Recipe } from './recipe.js';
import type { Finding, Search } from './search.js';

const FORMAT = 'paxcheck-checkpoint';
const VERSION = 1;
const MANIFEST = 'checkpoint.json';
const CHUNK_BYTES = 1 << 20;

/** What one part has written. */
export interface SavedPart {
  readonly kind: 'saved';
  readonly serial: number;
  readonly file: string;
  readonly states: number;
  /** How many of each level; where levels are kept they follow each other in the file. */
  readonly levels: readonly number[];
  readonly sha256: string;
  readonly counts: readonly number[];
  readonly degrees: readonly number[];
}

export interface Checkpoint {
  readonly recipe: Recipe;
  readonly serial: number;
  readonly words: number;
  readonly byteOrder: string;
  /** New states in each level, those of the last one not expanded yet. */
  readonly levels: readonly number[];
  readonly findings: readonly { readonly property: string; readonly length: number; readonly key: readonly number[] }[];
  readonly files: readonly Omit<SavedPart, 'kind' | 'serial'>[];
}

const damaged = (dir: string, what: string): CheckpointError =>
  new CheckpointError('DAMAGED', `the checkpoint in ${dir} is damaged: ${what}`, 'it cannot be resumed from; remove that folder and start again without --resume');

/** Before the search: whoever waits for it should not learn later that nothing was saved. Throws CheckpointError. */
export function makeFolder(dir: string): void {
  try {
    // Not recursive: below /proc that never ends (Node 20).
    if (!existsSync(dir)) mkdirSync(dir);
    if (!statSync(dir).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    throw new CheckpointError('NOT_WRITABLE', `${dir} is not a folder that can be written (${(error as NodeJS.ErrnoException).code})`, 'name another one with --checkpoint, in a folder that exists');
  }
}

/** Writes the states of a part, each with its level as its tag. Throws the file system's errors. */
export function writePart(dir: string, serial: number, id: number, part: Part): SavedPart {
  const file = `states-${serial}-${id}.bin`;
  const descriptor = openSync(join(dir, file), 'w');
  const hash = createHash('sha256');
  const buffer = new Uint32Array(CHUNK_BYTES / 4);
  const levels: number[] = [];
  let [used, states] = [0, 0];
  const flush = (): void => {
    const bytes = new Uint8Array(buffer.buffer, 0, used * 4);
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    used = 0;
  };
  try {
    part.forEachKept((keys, at, tag) => {
      if (used + part.words > buffer.length) flush();
      for (let word = 0; word < part.words; word++) buffer[used + word] = keys[at + word]!;
      used += part.words;
      buffer[used - 1] = (buffer[used - 1]! & STATE_MASK) | (tag << LEVEL_SHIFT);
      states++;
      levels[tag - 1] = (levels[tag - 1] ?? 0) + 1;
    });
    flush();
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { kind: 'saved', serial, file, states, levels: Array.from(levels, (count?: number) => count ?? 0), sha256: hash.digest('hex'), counts: [...part.counts], degrees: [...part.degrees] };
}

/** Puts the new manifest in the place of the old one, and removes what only the old one named. */
export function writeManifest(dir: string, recipe: Recipe, { levels, findings }: Pick<Search, 'levels' | 'findings'>, saved: readonly SavedPart[], words: number): void {
  const checkpoint: Checkpoint = {
    recipe,
    serial: saved[0]!.serial,
    words,
    byteOrder: endianness(),
    levels,
    findings: findings.map(({ property, length, key }) => ({ property, length, key: [...key] })),
    files: saved.map(({ kind: _, serial: __, ...file }) => file),
  };
  const temporary = join(dir, `${MANIFEST}.new`);
  writeFileSync(temporary, JSON.stringify({ format: FORMAT, version: VERSION, sha256: checksum(checkpoint), checkpoint }), { flush: true });
  renameSync(temporary, join(dir, MANIFEST));
  const named = new Set(checkpoint.files.map(({ file }) => file));
  for (const file of readdirSync(dir)) if (/^states-\d+-\d+\.bin$/.test(file) && !named.has(file) && serialOf(file) <= checkpoint.serial) rmSync(join(dir, file), { force: true });
}

const serialOf = (file: string): number => Number(file.split('-')[1]);
const checksum = (data: unknown): string => createHash('sha256').update(JSON.stringify(data)).digest('hex');

/** The checkpoint in the folder, verified to the last byte; null if there is none. Throws CheckpointError. */
export function readCheckpoint(dir: string): Checkpoint | null {
  let text: string;
  try {
    text = readFileSync(join(dir, MANIFEST), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw damaged(dir, `${MANIFEST} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const checkpoint = parse(dir, text);
  for (const { file, states, sha256 } of checkpoint.files) verify(dir, file, states * checkpoint.words * 4, sha256);
  return checkpoint;
}

function parse(dir: string, text: string): Checkpoint {
  let data: { format?: unknown; version?: unknown; sha256?: unknown; checkpoint?: unknown } | null;
  try {
    data = JSON.parse(text) as typeof data;
  } catch {
    throw damaged(dir, `${MANIFEST} is not JSON`);
  }
  if (data?.format !== FORMAT) throw damaged(dir, `${MANIFEST} is not a checkpoint of paxcheck`);
  if (data.version !== VERSION) throw new CheckpointError('OTHER_SEARCH', `the checkpoint in ${dir} has version ${String(data.version)}; this paxcheck reads version ${VERSION}`, 'resume it with the paxcheck that wrote it, or start again');
  if (data.checkpoint === undefined || checksum(data.checkpoint) !== data.sha256) throw damaged(dir, `the checksum of ${MANIFEST} is wrong`);
  const checkpoint = data.checkpoint as Checkpoint;
  if (checkpoint.byteOrder !== endianness()) throw new CheckpointError('OTHER_SEARCH', `the checkpoint in ${dir} comes from a machine with another byte order`, 'resume it there');
  return checkpoint;
}

function verify(dir: string, file: string, bytes: number, sha256: string): void {
  const path = join(dir, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw damaged(dir, `${file} is missing`);
  if (size !== bytes) throw damaged(dir, `${file} has ${size} bytes, expected ${bytes}`);
  const hash = createHash('sha256');
  forEachChunk(path, (chunk) => hash.update(chunk));
  if (hash.digest('hex') !== sha256) throw damaged(dir, `the checksum of ${file} is wrong`);
}

/** The bytes from `start` on, in chunks. */
function forEachChunk(path: string, visit: (chunk: Uint8Array<ArrayBuffer>) => void, start = 0, length = Infinity): void {
  const descriptor = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    for (let at = start; at < start + length; ) {
      const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, start + length - at), at);
      if (read === 0) return;
      visit(buffer.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Gives the part those of the saved states that are its own. */
export function restore(dir: string, { files, words, levels }: Checkpoint, part: Part): void {
  const last = levels.length - 1;
  const size = words * 4;
  if (!part.levels.keeps) for (const { file } of files) takeBack(join(dir, file), 0, Infinity, part, last);
  else {
    const starts = files.map(() => 0);
    for (let level = 0; level <= last; level++) {
      files.forEach((file, index) => {
        const length = (file.levels[level] ?? 0) * size;
        takeBack(join(dir, file.file), starts[index]!, length, part, last);
        starts[index]! += length;
      });
      if (level < last) part.nextLevel();
    }
  }
  part.nextLevel(last);
  if (part.isFirst) addTallies(part, files);
}

/** A range of a file, state by state; chunks may end within one. */
function takeBack(path: string, start: number, length: number, part: Part, last: number): void {
  const { words } = part;
  let rest = new Uint8Array(0);
  const eachChunk = (chunk: Uint8Array<ArrayBuffer>): void => {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const whole = bytes.length - (bytes.length % (words * 4));
    const states = new Uint32Array(bytes.buffer, 0, whole / 4);
    for (let at = 0; at < states.length; at += words) part.takeBack(states, at, last);
    rest = bytes.slice(whole);
  };
  forEachChunk(path, eachChunk, start, length);
}

function addTallies(part: Part, files: Checkpoint['files']): void {
  for (const { counts, degrees } of files) {
    counts.forEach((count, at) => (part.counts[at]! += count));
    degrees.forEach((count, at) => (part.degrees[at]! += count));
  }
}

/** The findings as the search has them. */
export const findingsOf = ({ findings }: Checkpoint): Finding[] => findings.map(({ property, length, key }) => ({ property, length, key: Uint32Array.from(key) }));
