/**
 * For each rule a log that keeps it and one that breaks it, written by hand. Verdicts and lines follow from the reasons
 * given beside them, not from what the checker says.
 */
import type { QuorumRule, TraceEvent, TraceHeader } from '../trace/wire.js';
import type { CorpusEntry } from './entry.js';
import { logEntries } from './log-examples.js';
import type { RuleExample } from './rule-examples.js';
import { RULE_EXAMPLES } from './rule-examples.js';
import { multiForm, partialForm, perNodeForm } from './rule-forms.js';

const KINDS = ['prepare', 'promise', 'accept', 'accepted', 'nack', 'decided', 'crash', 'restart'];

/** `1:x` is a vote for x in ballot 1. */
const votesIn = (words: readonly string[]) => words.map((word) => ({ ballot: Number(word.split(':')[0]), value: word.split(':')[1] ?? '' }));

/** One line such as `a1 promise 2 1:x`: node, kind, then what the kind needs. */
export function eventOf(text: string): TraceEvent {
  const [at = '', kind = '', ...rest] = text.split(' ');
  const ballot = Number(rest[0]);
  switch (kind) {
    case 'prepare': return { at, kind, ballot };
    case 'promise': return { at, kind, ballot, votes: votesIn(rest.slice(1)) };
    case 'accept':
    case 'accepted': return { at, kind, ballot, value: rest[1] };
    case 'nack': return { at, kind, ballot, of: rest[1] === 'accept' ? 'accept' : 'prepare' };
    case 'decided':
    case 'propose': return { at, kind, value: rest[0] };
    case 'crash': return { at, kind };
    case 'restart': return { at, kind, promised: rest[0] === 'none' ? [] : ballot, votes: votesIn(rest.slice(1)) };
    default: throw new Error(`the corpus does not know ${text}`);
  }
}

function headerOf(id: string, title: string, events: number, quorums: QuorumRule, complete: readonly string[]): TraceHeader {
  const nodes = ['a1', 'a2', 'a3'].map((name) => ({ id: name, roles: ['acceptor' as const] }));
  const others = [{ id: 'p1', roles: ['leader' as const] }, { id: 'p2', roles: ['leader' as const] }, { id: 'l1', roles: ['learner' as const] }, { id: 'l2', roles: ['learner' as const] }, { id: 'c1', roles: ['client' as const] }];
  return {
    format: 'paxos-trace', version: '1.0', id, title, profile: 'synod', nodes: [...nodes, ...others], quorums, ballots: { kind: 'integer' },
    order: 'total', complete: [...complete], durable: 'before-send', source: { implementation: 'written by hand' }, events,
  };
}

const MAJORITY: QuorumRule = { kind: 'majority' };

function entry(example: RuleExample, keeps: boolean): CorpusEntry {
  const id = `rule-${example.rule}-${keeps ? 'kept' : 'broken'}`;
  const texts = keeps ? example.keeps : example.breaks;
  const about = keeps ? `keeps ${example.rule}` : `breaks ${example.rule}: ${example.because}`;
  const quorums = (keeps ? example.quorums?.keeps : example.quorums?.breaks) ?? MAJORITY;
  const lines: [TraceHeader, ...TraceEvent[]] = [headerOf(id, about, texts.length, quorums, example.complete ?? KINDS), ...texts.map(eventOf)];
  return { id, about, lines, bounds: { acceptors: 3, ballots: 3, values: 2 }, expected: keeps ? 'conforms' : example.verdict, ...(!keeps && example.verdict !== 'conforms' && { wrong: { line: example.line, rule: example.rule } }) };
}

/** An example as it is, and in its other forms. */
function entriesOf(example: RuleExample, keeps: boolean): CorpusEntry[] {
  const whole = entry(example, keeps);
  const perNode = perNodeForm(whole, example.rule);
  return [whole, multiForm(whole), partialForm(whole, example.rule), ...(perNode === null ? [] : [perNode])];
}

export const ruleEntries = (): CorpusEntry[] => [...RULE_EXAMPLES.flatMap((example) => [...entriesOf(example, true), ...entriesOf(example, false)]), ...logEntries()];
