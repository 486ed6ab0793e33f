/** The logs of rule-entries.ts, one event a line: node, kind, ballot, value; `1:x` is a vote for x in ballot 1. */
import type { Verdict } from '../../model/verdict.js';
import type { QuorumRule } from '../trace/wire.js';

export interface RuleExample {
  readonly rule: string;
  readonly keeps: readonly string[];
  readonly breaks: readonly string[];
  /** The line of the broken log that is wrong; the header is line 1. */
  readonly line: number;
  readonly verdict: Verdict;
  /** Why the verdict must be this one. */
  readonly because: string;
  readonly quorums?: { readonly keeps: QuorumRule; readonly breaks: QuorumRule };
  /** Kinds that the header declares complete; default all of the profile. */
  readonly complete?: readonly string[];
}

const OPEN_1 = ['p1 prepare 1', 'a1 promise 1', 'a2 promise 1', 'p1 accept 1 x'];
const CHOSEN_1 = [...OPEN_1, 'a1 accepted 1 x', 'a2 accepted 1 x'];
/** Ballot 2 is opened by a2 and a3 before any vote, so that its leader is free to propose y. */
const OPEN_2_FREE = ['p2 prepare 2', 'a2 promise 2', 'a3 promise 2'];

export const RULE_EXAMPLES: readonly RuleExample[] = [
  {
    rule: 'promise-kept',
    keeps: [...OPEN_1, ...OPEN_2_FREE, 'a1 accepted 1 x', 'a2 nack 1 accept'],
    breaks: [...OPEN_1, ...OPEN_2_FREE, 'a2 accepted 1 x'],
    line: 9,
    verdict: 'unsafe',
    because: 'a1 may still vote, so that x is chosen in ballot 1, while the promises of ballot 2 leave its leader free to choose y',
  },
  {
    rule: 'promise-reports-highest-vote',
    keeps: [...CHOSEN_1, 'p2 prepare 2', 'a2 promise 2 1:x', 'a3 promise 2'],
    breaks: [...CHOSEN_1, 'p2 prepare 2', 'a2 promise 2', 'a3 promise 2'],
    line: 9,
    verdict: 'unsafe',
    because: 'x is chosen, and a2 hides it from the leader of ballot 2, which may then choose y with a3',
  },
  {
    rule: 'promise-monotone',
    keeps: [...OPEN_1, 'a1 accepted 1 x', 'p2 prepare 2', 'a1 promise 2 1:x', 'a1 promise 2 1:x'],
    breaks: ['p1 prepare 1', 'p2 prepare 2', 'a1 promise 2', 'a1 promise 1'],
    line: 5,
    verdict: 'deviates',
    because: 'the promise is truthful, and the acceptor still casts no vote below ballot 2',
  },
  {
    rule: 'promise-has-prepare',
    keeps: [...OPEN_1, 'a1 accepted 1 x'],
    breaks: ['p1 prepare 1', 'a1 promise 1', 'a1 promise 2'],
    line: 4,
    verdict: 'deviates',
    because: 'a promise that nobody asked for only binds its acceptor',
  },
  {
    rule: 'vote-has-proposal',
    keeps: [...OPEN_1, 'a1 accepted 1 x'],
    breaks: [...OPEN_1, 'a1 accepted 1 x', 'a2 accepted 1 y', 'a3 accepted 1 y'],
    line: 7,
    verdict: 'unsafe',
    because: 'the votes that a2 and a3 invent choose y, while ballot 1 was for x and a new leader that hears a1 only of its voters may choose x',
  },
  {
    rule: 'one-vote-per-ballot',
    keeps: [...OPEN_1, 'a1 accepted 1 x', 'a1 accepted 1 x'],
    breaks: ['p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x', 'a1 accepted 1 y'],
    line: 5,
    verdict: 'unsafe',
    because: 'x is chosen by a1 and a2, and a1 may now pass its second vote of the ballot on to a new leader as its highest',
    complete: ['prepare', 'promise', 'accepted', 'nack', 'decided', 'crash', 'restart'],
  },
  {
    rule: 'vote-monotone',
    keeps: [...OPEN_1, 'a3 accepted 1 x', 'p2 prepare 2', 'a1 promise 2', 'a2 promise 2', 'p2 accept 2 y', 'a3 accepted 2 y'],
    breaks: [...OPEN_1, 'p2 prepare 2', 'a1 promise 2', 'a2 promise 2', 'p2 accept 2 y', 'a3 accepted 2 y', 'a3 accepted 1 x'],
    line: 11,
    verdict: 'deviates',
    because: 'a3 promised nothing, and ballot 1 can reach no quorum any more; the vote does no harm as long as a3 keeps its vote in ballot 2',
  },
  {
    rule: 'restart-remembers',
    keeps: [...CHOSEN_1, 'a2 crash', 'a2 restart 1 1:x', 'p2 prepare 2', 'a2 promise 2 1:x', 'a3 promise 2'],
    breaks: [...CHOSEN_1, 'a2 crash', 'a2 restart none', 'p2 prepare 2', 'a3 promise 2'],
    line: 9,
    verdict: 'unsafe',
    because: 'x is chosen by a1 and a2, and a2 no longer knows: with a3 it lets ballot 2 choose y',
  },
  {
    rule: 'down-is-silent',
    keeps: [...CHOSEN_1, 'a2 crash', 'a2 restart 1 1:x', 'p2 prepare 2', 'a2 promise 2 1:x'],
    breaks: [...CHOSEN_1, 'a2 crash', 'p2 prepare 2', 'a2 promise 2 1:x'],
    line: 10,
    verdict: 'deviates',
    because: 'the log contradicts itself, but what a2 says is true',
  },
  {
    rule: 'ballot-owned',
    keeps: ['p1 prepare 1', 'p1 prepare 1', 'p2 prepare 2'],
    breaks: ['p1 prepare 1', 'p2 prepare 1', 'p2 prepare 2'],
    line: 3,
    verdict: 'deviates',
    because: 'two leaders in one ballot are harmless until both propose in it, which neither did',
  },
  {
    rule: 'ballot-opened',
    keeps: ['p1 prepare 1', 'p2 prepare 2', 'p2 accept 2 y', 'a1 accepted 2 y'],
    breaks: ['p1 prepare 1', 'p2 accept 2 y'],
    line: 3,
    verdict: 'deviates',
    because: 'nobody voted and nobody promised, so that nothing else can be chosen; promises are not logged here',
    complete: ['prepare', 'accept', 'accepted', 'nack', 'decided', 'crash', 'restart'],
  },
  {
    rule: 'one-value-per-ballot',
    keeps: [...OPEN_1, 'p1 accept 1 x'],
    breaks: [...OPEN_1, 'p1 accept 1 y'],
    line: 6,
    verdict: 'unsafe',
    because: 'a1 and a2 may vote for x, and an acceptor that gets both proposals has no rule against the second',
  },
  {
    rule: 'accept-has-quorum',
    keeps: ['p1 prepare 1', 'a1 promise 1', ...OPEN_2_FREE, 'p2 accept 2 y'],
    breaks: [...CHOSEN_1, 'p2 prepare 2', 'a3 promise 2', 'p2 accept 2 y'],
    line: 10,
    verdict: 'unsafe',
    because: 'x is chosen, and a single promise does not tell the leader of ballot 2, which may choose y',
  },
  {
    rule: 'accept-takes-highest-vote',
    keeps: [...CHOSEN_1, 'p2 prepare 2', 'a2 promise 2 1:x', 'a3 promise 2', 'p2 accept 2 x'],
    breaks: [...CHOSEN_1, 'p2 prepare 2', 'a2 promise 2 1:x', 'a3 promise 2', 'p2 accept 2 y'],
    line: 11,
    verdict: 'unsafe',
    because: 'x is chosen and was reported, and y is proposed all the same',
  },
  {
    rule: 'decision-has-quorum',
    keeps: [...CHOSEN_1, 'l1 decided x'],
    breaks: [...OPEN_1, 'a1 accepted 1 x', ...OPEN_2_FREE, 'l1 decided x'],
    line: 10,
    verdict: 'unsafe',
    because: 'one vote is no quorum: the leader of ballot 2 is free to choose y after the learner decided x',
  },
  {
    rule: 'agreement',
    keeps: [...CHOSEN_1, 'l1 decided x', 'l2 decided x'],
    breaks: ['p1 accept 1 x', 'a1 accepted 1 x', 'a2 accepted 1 x', 'l1 decided x', 'l2 decided y'],
    line: 6,
    verdict: 'unsafe',
    because: 'two learners decided different values',
    complete: ['prepare'],
  },
  {
    rule: 'decision-stable',
    keeps: [...CHOSEN_1, 'l1 decided x', 'l1 decided x'],
    breaks: [...CHOSEN_1, 'l1 decided x', 'l1 decided y'],
    line: 9,
    verdict: 'unsafe',
    because: 'a learner changed its mind',
    complete: ['prepare'],
  },
  {
    rule: 'validity',
    keeps: ['c1 propose x', ...CHOSEN_1, 'l1 decided x'],
    breaks: ['c1 propose y', ...CHOSEN_1, 'l1 decided x'],
    line: 8,
    verdict: 'unsafe',
    because: 'the value chosen is one that no client proposed',
    complete: [...['prepare', 'promise', 'accept', 'accepted', 'nack', 'decided', 'crash', 'restart'], 'propose'],
  },
  {
    rule: 'quorums-intersect',
    keeps: [...OPEN_1],
    breaks: [...OPEN_1],
    line: 1,
    verdict: 'unsafe',
    because: 'one promise and two votes need not meet in three acceptors',
    quorums: { keeps: { kind: 'flexible', phase1: 2, phase2: 2 }, breaks: { kind: 'flexible', phase1: 1, phase2: 2 } },
  },
  {
    rule: 'needless-refusal',
    keeps: ['p2 prepare 2', 'a1 promise 2', 'a2 promise 2', 'p2 accept 2 y', 'a1 accepted 2 y', 'p1 prepare 1', 'a1 nack 1 prepare'],
    breaks: [...OPEN_1, 'a1 accepted 1 x', 'p2 prepare 2', 'a1 nack 2 prepare'],
    line: 8,
    verdict: 'conforms',
    because: 'nothing that a1 promised forbids ballot 2; a refusal costs time and nothing else, so that this is a warning',
  },
];
