/** The corpus as it is committed in traces/: its manifest, and the bytes of each trace. */
import { readFileSync } from 'node:fs';
import type { Verdict } from '../../model/verdict.js';

export interface StoredTrace {
  readonly id: string;
  readonly file: string;
  readonly about: string;
  readonly bounds: { readonly acceptors: number; readonly ballots: number; readonly values: number };
  readonly verdict: Verdict;
  readonly line?: number;
  readonly rule?: string;
  readonly sha256: string;
}

const folder = new URL('../../traces/', import.meta.url);

export const storedTraces = (): StoredTrace[] => (JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as { traces: StoredTrace[] }).traces;

export const bytesOf = ({ file }: StoredTrace): Uint8Array => readFileSync(new URL(file, folder));
