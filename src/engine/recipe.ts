/** How to make a protocol, as plain data: what crosses to another thread, or to the next run of a search that was saved. */
import { PROPERTIES } from '../../model/invariants.js';
import { synodWith } from '../../model/mutant.js';
import { mutantNamed } from '../../model/mutants.js';
import type { Quorums } from '../../model/quorum.js';
import type { Synod } from '../../model/synod.js';
import { synod } from '../../model/synod.js';
import type { ExploreOptions } from './explore.js';
import type { Symmetry } from './symmetry.js';

export interface Recipe {
  /** The id of a mutant; without it the reference. */
  readonly mutant?: string;
  readonly acceptors: number;
  readonly ballots: number;
  readonly values: number;
  readonly quorums?: Quorums;
  /** Names of what is looked at; default: everything. */
  readonly properties?: readonly string[];
  readonly symmetry?: Symmetry;
  readonly exhaust?: boolean;
  readonly reduce?: boolean;
}

export function protocolOf({ mutant, acceptors, ballots, values, quorums }: Recipe): Synod {
  const parts = quorums === undefined ? {} : { quorums };
  if (mutant === undefined) return synod(acceptors, ballots, values, parts);
  const known = mutantNamed(mutant);
  if (known === undefined) throw new Error(`there is no mutant ${mutant}`);
  return synodWith(known, acceptors, ballots, values, parts);
}

export function optionsOf({ properties, symmetry, exhaust, reduce }: Recipe): ExploreOptions {
  return {
    ...(properties !== undefined && { properties: PROPERTIES.filter(({ name }) => properties.includes(name)) }),
    ...(symmetry !== undefined && { symmetry }),
    ...(exhaust !== undefined && { exhaust }),
    ...(reduce !== undefined && { reduce }),
  };
}
