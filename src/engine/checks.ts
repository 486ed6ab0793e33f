/**
 * The state invariants on packed states. What an acceptor contributes to one is a mask in its table (made by the
 * model's predicates); quorums are combined by "and" within and "or" between. `checks.test.ts` holds every one of
 * them against its definition in `model/invariants.ts`, state by state.
 */
import type { Property } from '../../model/property.js';
import { liveSets } from '../../model/possibility.js';
import { referenceLearner } from '../../model/learner.js';
import type { AcceptorSet } from '../../model/quorum.js';
import { disjointQuorums, includesQuorum, membersOf, setsOfSize, sizeOf } from '../../model/quorum.js';
import type { Cluster } from '../../model/synod.js';
import { oneValuePerBallot } from './inputs.js';
import type { Space } from './space.js';
import { decode } from './space.js';
import { wellTyped } from './tabulate.js';

/** True if the property holds in this state. */
export type Check = (sent: number, rows: Int32Array) => boolean;

type Masks = (rows: Int32Array) => number;

/** The bits that at least `least` acceptors have, by adding up in bit planes: for "any so many acceptors" as quorums. */
export function inAtLeast(least: number, bits: readonly Uint32Array[]): Masks {
  const [want1, want2, want4, want8] = [1, 2, 4, 8].map((bit) => (least & bit ? -1 : 0)) as [number, number, number, number];
  return (rows) => {
    let [ones, twos, fours, eights] = [0, 0, 0, 0];
    for (let a = 0; a < rows.length; a++) {
      const add = bits[a]![rows[a]!]!;
      const carry1 = ones & add;
      const carry2 = twos & carry1;
      eights |= fours & carry2;
      fours ^= carry2;
      twos ^= carry1;
      ones ^= add;
    }
    // Compare with `least`, from the highest plane down.
    let more = eights & ~want8;
    let equal = ~(eights ^ want8);
    more |= equal & fours & ~want4;
    equal &= ~(fours ^ want4);
    more |= equal & twos & ~want2;
    equal &= ~(twos ^ want2);
    return more | (equal & (ones | ~want1));
  };
}

/** The bits that all members of some quorum have, in the way that suits the quorums. */
function inQuorum(quorums: readonly AcceptorSet[], bits: readonly Uint32Array[]): Masks {
  const sizes = new Set(quorums.map(sizeOf));
  const [size = 0] = sizes;
  const isEverySet = sizes.size === 1 && size > 0 && bits.length < 16 && setsOfSize(bits.length, size).every((set) => quorums.includes(set));
  return isEverySet ? inAtLeast(size, bits) : inSomeQuorum(quorums, bits);
}

/** Ends the list of a quorum's members. */
const END = -1;

/** The bits that all members of some quorum have. */
export function inSomeQuorum(quorums: readonly AcceptorSet[], bits: readonly Uint32Array[]): Masks {
  const members = Int32Array.from(quorums.flatMap((quorum) => [...membersOf(quorum), END]));
  return (rows) => {
    let [found, all] = [0, -1];
    for (let i = 0; i < members.length; i++) {
      const a = members[i]!;
      if (a !== END) all &= bits[a]![rows[a]!]!;
      else {
        found |= all;
        all = -1;
      }
    }
    return found;
  };
}

function inAnybody(bits: readonly Uint32Array[]): Masks {
  return (rows) => {
    let found = 0;
    for (let a = 0; a < rows.length; a++) found |= bits[a]![rows[a]!]!;
    return found;
  };
}

/** For each mask of votes something that depends on them bit by bit: computed when first asked for. */
function memo(size: number, compute: (mask: number) => number): (mask: number) => number {
  const known = size <= 20 ? new Int32Array(1 << size).fill(-1) : null;
  if (known === null) return compute;
  return (mask) => {
    const value = known[mask]!;
    return value >= 0 ? value : (known[mask] = compute(mask));
  };
}

/** Holds whatever the state. */
export const ALWAYS: Check = () => true;

/** The invariants that `allHold` answers for at once. */
const TOGETHER = new Set(['OneValuePerBallot', 'VoteHasProposal', 'VotesSafe', 'SafeAt', 'Validity', 'Agreement']);

export const isAnsweredTogether = (space: Space, { name }: Property): boolean => TOGETHER.has(name) && masksTell(space, name);

/** The masks of the tables say all that the property asks for. */
const masksTell = ({ protocol, tables }: Space, name: string): boolean => !tables.some(({ strays }) => strays) && (protocol.learner === referenceLearner || !NEEDS_LEARNER.has(name));

/**
 * True only if all invariants of TOGETHER hold: one pass over the entries (see blocks.ts) in place of six. If it says
 * no, ask one by one. Validity needs no look: what is chosen was voted for, and every vote is for a proposal.
 */
export function allHold(space: Space): (sent: number, entries: Int32Array) => boolean {
  const { quorums } = space.protocol;
  const { votes, settled } = space.blocks;
  const chosenIn = inQuorum(quorums.phase2, space.tables.map(() => votes));
  const settledIn = inQuorum(quorums.phase1, space.tables.map(() => settled));
  const [needed, values] = [neededBelow(space), valuesIn(space)];
  const { ballots } = space.inputs;
  const mixed = memo(space.inputs.proposals.length, (mask) => (oneValuePerBallot(mask, space.inputs) ? 0 : 1));
  return (sent, entries) => {
    const proposed = sent >>> ballots;
    let cast = 0;
    for (let a = 0; a < entries.length; a++) cast |= votes[entries[a]!]!;
    if ((cast & ~proposed) !== 0) return false;
    const need = needed(proposed);
    if (need !== 0 && (need & ~settledIn(entries)) !== 0) return false;
    return cast === 0 || (mixed(cast) === 0 && !severalBits(values(chosenIn(entries))));
  };
}

/** Makes the check of a state invariant or a possibility. */
export function checkOf(space: Space, property: Property): Check {
  const fast = property.kind === 'step' ? null : FAST[property.name];
  const { protocol } = space;
  if (fast && masksTell(space, property.name)) return fast(space);
  if (property.kind === 'step') throw new Error(`${property.name} is checked with the steps`);
  return (sent, rows) => property.holds(protocol, lastDecoded(space, sent, rows));
}

/** The checks of one state follow each other, so that one decoded cluster serves them all. */
const decoded = new WeakMap<Space, { readonly sent: number; readonly rows: Int32Array; readonly cluster: Cluster }>();

function lastDecoded(space: Space, sent: number, rows: Int32Array): Cluster {
  const last = decoded.get(space);
  if (last?.sent === sent && last.rows.every((row, a) => row === rows[a])) return last.cluster;
  const cluster = decode(space, sent, rows);
  decoded.set(space, { sent, rows: rows.slice(), cluster });
  return cluster;
}

const NEEDS_LEARNER = new Set(['DecidedIsChosen', 'Validity', 'Agreement']);

const bitsOf = (space: Space, name: 'votes' | 'settled'): Uint32Array[] => space.tables.map((table) => table[name]);

/** The mask of values among these votes. */
const valuesIn = ({ inputs }: Space): ((votes: number) => number) =>
  memo(inputs.proposals.length, (votes) => inputs.proposals.reduce((values, { value }, bit) => ((votes >> bit) & 1 ? values | (1 << value) : values), 0));

/** The (c, v) at which nobody else may be choosable, for these (b, v) to be safe: all c below b. */
const neededBelow = ({ inputs }: Space): ((votes: number) => number) =>
  memo(inputs.proposals.length, (votes) =>
    inputs.proposals.reduce(
      (needed, lower, bit) =>
        inputs.proposals.some((vote, other) => (votes >> other) & 1 && lower.ballot < vote.ballot && lower.value === vote.value) ? needed | (1 << bit) : needed,
      0,
    ),
  );

const severalBits = (mask: number): boolean => (mask & (mask - 1)) !== 0;

const FAST: Readonly<Record<string, (space: Space) => Check>> = {
  TypeOK: (space) => {
    const { protocol, tables } = space;
    const good = new Map(tables.map((table) => [table, wellTyped(table, protocol)]));
    if ([...good.values()].every((rows) => rows.every((row) => row === 1))) return ALWAYS;
    return (_sent, rows) => rows.every((row, a) => good.get(tables[a]!)![row] === 1);
  },
  QuorumsIntersect: ({ protocol }) => (disjointQuorums(protocol.quorums) === null ? ALWAYS : () => false),
  OneValuePerBallot: (space) => {
    const votes = inAnybody(bitsOf(space, 'votes'));
    return (_sent, rows) => oneValuePerBallot(votes(rows), space.inputs);
  },
  VoteHasProposal: (space) => {
    const votes = inAnybody(bitsOf(space, 'votes'));
    const { ballots } = space.inputs;
    return (sent, rows) => (votes(rows) & ~(sent >>> ballots)) === 0;
  },
  VotesSafe: (space) => {
    const [votes, noneOther, needed] = [inAnybody(bitsOf(space, 'votes')), inQuorum(space.protocol.quorums.phase1, bitsOf(space, 'settled')), neededBelow(space)];
    return (_sent, rows) => {
      const need = needed(votes(rows));
      return need === 0 || (need & ~noneOther(rows)) === 0;
    };
  },
  SafeAt: (space) => {
    const [noneOther, needed] = [inQuorum(space.protocol.quorums.phase1, bitsOf(space, 'settled')), neededBelow(space)];
    const { ballots } = space.inputs;
    return (sent, rows) => {
      const need = needed(sent >>> ballots);
      return need === 0 || (need & ~noneOther(rows)) === 0;
    };
  },
  DecidedIsChosen: () => ALWAYS,
  Validity: (space) => {
    const [chosen, values] = [inQuorum(space.protocol.quorums.phase2, bitsOf(space, 'votes')), valuesIn(space)];
    const { ballots } = space.inputs;
    return (sent, rows) => (values(chosen(rows)) & ~values(sent >>> ballots)) === 0;
  },
  Agreement: (space) => {
    const [chosen, values] = [inQuorum(space.protocol.quorums.phase2, bitsOf(space, 'votes')), valuesIn(space)];
    return (_sent, rows) => !severalBits(values(chosen(rows)));
  },
  CanChoose: (space) => {
    const chosen = inQuorum(space.protocol.quorums.phase2, bitsOf(space, 'votes'));
    return (_sent, rows) => chosen(rows) !== 0;
  },
  FreshBallotDecides: (space) => freshBallotDecides(space),
};

/** Runs the highest ballot alone with each live set, on the tables. */
function freshBallotDecides({ protocol, inputs, tables, leader }: Space): Check {
  const { ballots, values } = inputs;
  const top = (1 << (ballots - 1)) | (((1 << values) - 1) << (ballots + (ballots - 1) * values));
  const live = liveSets(protocol).map((set) => Int32Array.from(membersOf(set)));
  const act = inputs.actions.findIndex((action) => action.kind === 'act');
  const width = inputs.actions.length;
  const step = (a: number, row: number, input: number): number => {
    const after = tables[a]!.next[row * width + input]!;
    return act < 0 ? after : tables[a]!.next[after * width + act]!;
  };
  const opened = new Int32Array(tables.length);
  const decides = (sent: number, rows: Int32Array, alive: Int32Array): boolean => {
    opened.set(rows);
    for (const a of alive) opened[a] = step(a, rows[a]!, ballots - 1);
    const allowed = leader.allowed(ballots, sent | (1 << (ballots - 1)), opened);
    for (let value = 0; value < values; value++) {
      if (!((allowed >> value) & 1)) continue;
      const bit = (ballots - 1) * values + value;
      let voters = 0;
      for (const a of alive) voters |= ((tables[a]!.votes[step(a, opened[a]!, ballots + bit)]! >>> bit) & 1) << a;
      if (includesQuorum(protocol.quorums.phase2, voters)) return true;
    }
    return false;
  };
  return (sent, rows) => (sent & top) !== 0 || live.every((alive) => decides(sent, rows, alive));
}
