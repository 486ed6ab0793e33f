/** What the command line says about a run that does not tell it. */
import type { Given } from '../convert/from-states.js';
import type { QuorumRule } from '../trace/wire.js';
import { UsageError } from './usage-error.js';

const namesIn = (text: string): string[] => text.split(',').map((name) => name.trim());

/** Throws UsageError. What the names and sizes are worth is tested with the header that they end up in. */
export const givenBy = (acceptors: string | undefined, quorums: string | undefined): Given => ({
  ...(acceptors !== undefined && { acceptors: acceptorsIn(acceptors) }),
  ...(quorums !== undefined && { quorums: quorumsIn(quorums) }),
});

function acceptorsIn(text: string): string[] {
  const names = namesIn(text);
  if (names.includes('') || new Set(names).size < names.length) throw new UsageError(`--acceptors ${text}: expected different names with commas between them`, 'for example: --acceptors a1,a2,a3');
  return names;
}

function quorumsIn(text: string): QuorumRule {
  if (text === 'majority') return { kind: 'majority' };
  const sizes = /^(\d{1,2}),(\d{1,2})$/.exec(text);
  if (sizes !== null) return { kind: 'flexible', phase1: Number(sizes[1]), phase2: Number(sizes[2]) };
  if (!/^\{[^{}]+\}(,\s*\{[^{}]+\})*$/.test(text)) throw new UsageError(`--quorums ${text}: expected majority, two sizes such as 3,2, or sets such as {a1,a2},{a2,a3}`, 'leave it out for majorities');
  const sets = [...text.matchAll(/\{([^{}]+)\}/g)].map(([, inner]) => namesIn(inner!));
  return { kind: 'sets', phase1: sets, phase2: sets };
}
