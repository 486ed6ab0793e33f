/** What the nodes had just before and after some lines of a trace, replayed by the judge itself. */
import { showVote } from '../../model/words.js';
import type { Bench } from '../check/bench.js';
import { benchFor } from '../check/bench.js';
import { compile } from '../check/compile.js';
import { judge } from '../check/judge.js';
import type { Trace } from '../trace/read.js';
import { eventAt } from './neighbours.js';

/** In words: by node what it has, and what is chosen. */
export interface Moment {
  readonly nodes: ReadonlyMap<string, string>;
  readonly chosen: string;
}

export interface Change {
  readonly before: Moment;
  readonly after: Moment;
}

/** By line; lines that are not of an event, or were not kept, are not there. */
export function changesAt(trace: Trace, lines: readonly number[]): ReadonlyMap<number, Change> {
  const wanted = new Set(lines.filter((line) => eventAt(trace, line) !== undefined));
  const changes = new Map<number, Change>();
  if (wanted.size === 0) return changes;
  const bench = benchFor(compile(trace));
  for (const { event, line } of trace.events) {
    const before = wanted.has(line) ? momentOf(bench) : null;
    judge(bench, event, line);
    if (before !== null) changes.set(line, { before, after: momentOf(bench) });
    if (changes.size === wanted.size) break;
  }
  return changes;
}

function momentOf({ compiled, state }: Bench): Moment {
  const { names, acceptors, header } = compiled;
  const has = (node: string): string[] => {
    const acceptor = state.acceptors[acceptors.indexOf(node)];
    const decided = state.decisionOf(node);
    return [
      ...(acceptor === undefined ? [] : [acceptor.state.promised === 0 ? 'nothing promised' : `promised ballot ${names.ballot(acceptor.state.promised)}`, showVote(acceptor.state.vote, names)]),
      ...(decided === undefined ? [] : [`decided ${names.value(decided)}`]),
      ...(state.nodes.downSince.has(node) ? ['down'] : []),
    ];
  };
  const nodes = header.nodes.map(({ id }) => [id, has(id).join(', ')] as const).filter(([, text]) => text !== '');
  return { nodes: new Map(nodes), chosen: state.chosen.length === 0 ? 'nothing' : state.chosen.map(names.value).join(', ') };
}
