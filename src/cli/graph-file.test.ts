import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { synod } from '../../model/synod.js';
import { LimitError } from '../engine/limit-error.js';
import { graphFormatOf, saveGraph } from './graph-file.js';
import { UsageError } from './usage-error.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paxcheck-graph-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const protocol = synod(2, 2, 2);

describe('explore --graph', () => {
  it('the ending chooses the format: .dot and .gv for Graphviz, anything else NDJSON', () => {
    expect(['a.dot', 'a.GV', 'a.ndjson', 'a', 'dot'].map(graphFormatOf)).toEqual(['dot', 'dot', 'ndjson', 'ndjson', 'ndjson']);
  });

  it('writes all of it and says how large it is (A=2 B=2 V=2: 145 states)', () => {
    const file = join(folder, 'graph.ndjson');
    const saved = saveGraph(protocol, 'none', file);
    expect(saved).toMatchObject({ format: 'ndjson', states: 145 });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1 + saved.states + saved.edges);
    expect(saveGraph(protocol, 'full', join(folder, 'graph.dot'), 'A1').format).toBe('dot');
    expect(readFileSync(join(folder, 'graph.dot'), 'utf8')).toContain('// A1: 2 acceptors');
    expect(readdirSync(folder).sort()).toEqual(['graph.dot', 'graph.ndjson']);
  });

  it('a graph that is too large leaves the old file as it was, and nothing beside it', () => {
    const file = join(folder, 'graph.dot');
    writeFileSync(file, 'old');
    expect(() => saveGraph(protocol, 'none', file, undefined, { maxStates: 10 })).toThrow(LimitError);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['graph.dot']);
  });

  it('a link is followed, a device written to and not replaced', () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    saveGraph(protocol, 'full', join(folder, 'link'));
    expect(readFileSync(join(folder, 'real'), 'utf8')).toContain('paxcheck-graph');
    if (!existsSync('/dev/null')) return;
    symlinkSync('/dev/null', join(folder, 'null'));
    saveGraph(protocol, 'full', join(folder, 'null'));
    expect(readdirSync(folder).sort()).toEqual(['link', 'null', 'real']);
  });

  it('a folder, a missing folder and a locked file are wrong usage', () => {
    const locked = join(folder, 'locked');
    writeFileSync(locked, 'old');
    chmodSync(locked, 0o444);
    for (const file of [folder, join(folder, 'none', 'graph.dot')]) expect(() => saveGraph(protocol, 'full', file)).toThrow(UsageError);
    // Nothing is locked for the superuser.
    if (process.getuid?.() !== 0) expect(() => saveGraph(protocol, 'full', locked)).toThrow(UsageError);
  });
});
