/** A state graph in the language of Graphviz: what was sent, and what each acceptor promised and voted for last. */
import { highestPromise, highestVote } from '../../model/history.js';
import { CONSENSUS } from '../../model/invariants.js';
import { chosenValues } from '../../model/learner.js';
import type { Acceptor, Action, Cluster, Synod } from '../../model/synod.js';
import { saidIn } from '../../model/synod.js';
import type { Vote } from '../../model/words.js';
import { NO_BALLOT, PLAIN_NAMES } from '../../model/words.js';
import type { Graph, GraphState } from '../engine/graph.js';
import { boundsText } from './explore-report.js';
import type { GraphAbout } from './graph-ndjson.js';
import { graphNote } from './graph-ndjson.js';

const { acceptor: nameOf, value: valueOf } = PLAIN_NAMES;

const voteText = ({ ballot, value }: Vote): string => `${ballot} ${valueOf(value)}`;

/** An action in few words: `prepare 2`, `promise 2 at a1` (the delivery, whatever is answered), `vote 2 x at a1`. */
export function actionText(action: Action): string {
  switch (action.kind) {
    case 'prepare':
      return `prepare ${action.ballot}`;
    case 'accept':
      return `accept ${voteText(action)}`;
    case 'promise':
      return `promise ${action.ballot} at ${nameOf(action.acceptor)}`;
    case 'vote':
      return `vote ${voteText(action)} at ${nameOf(action.acceptor)}`;
    case 'crash':
    case 'act':
      return `${action.kind} at ${nameOf(action.acceptor)}`;
  }
}

function acceptorText({ history }: Acceptor, index: number): string {
  const [promised, vote] = [highestPromise(history), highestVote(history)];
  const parts = [...(promised === NO_BALLOT ? [] : [`promised ${promised}`]), ...(vote === null ? [] : [`vote ${voteText(vote)}`])];
  return `${nameOf(index)}: ${parts.join(', ') || '-'}`;
}

function stateText({ prepares, accepts, acceptors }: Cluster): string {
  const sent = [...(prepares.length > 0 ? [`prepare ${prepares.join(' ')}`] : []), ...accepts.map((vote) => `accept ${voteText(vote)}`)];
  return [sent.join(', ') || 'nothing sent', ...acceptors.map(acceptorText)].join('\n');
}

/** A string of DOT. Its only escape is that of the quote, but labels read \\ and \n, too. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const isUnsafe = ({ broken }: GraphState): boolean => broken.some((name) => (CONSENSUS as readonly string[]).includes(name));

const RED = '#f4a6a6';
const YELLOW = '#fbe8a6';
const GREEN = '#cdeccd';

function colourOf(protocol: Synod, state: GraphState): string {
  if (isUnsafe(state)) return `, fillcolor="${RED}", penwidth=3`;
  if (state.broken.length > 0) return `, fillcolor="${YELLOW}"`;
  return chosenValues(saidIn(protocol, state.cluster)).length > 0 ? `, fillcolor="${GREEN}"` : '';
}

function stateLine(protocol: Synod, state: GraphState): string {
  const broken = state.broken.length > 0 ? `; broken: ${state.broken.join(', ')}` : '';
  // What the label leaves out, such as the variables of an acceptor, is told where the mouse points.
  const tooltip = `state ${state.id}, level ${state.level}${broken}; ${JSON.stringify(state.cluster)}`;
  return `  s${state.id} [label=${quoted(stateText(state.cluster))}${colourOf(protocol, state)}, tooltip=${quoted(tooltip)}];\n`;
}

/** States of the same level in one rank. */
function* ranks(states: readonly GraphState[]): Generator<string> {
  const levels = new Map<number, string[]>();
  for (const { id, level } of states) {
    const names = levels.get(level);
    if (names === undefined) levels.set(level, [`s${id}`]);
    else names.push(`s${id}`);
  }
  for (const names of levels.values()) yield `  { rank=same; ${names.join('; ')}; }\n`;
}

/** The graph, line by line: red where agreement or validity is broken, yellow another invariant, green where a value is chosen. */
export function* graphDot(graph: Graph, { mutant }: GraphAbout = {}): Generator<string> {
  const { protocol, states, edges } = graph;
  const title = `${mutant ?? 'the reference'}: ${boundsText(protocol)}; quorums: ${protocol.quorums.name}; ${states.length} states, ${edges.length} steps`;
  yield `// ${title}\n// labels call acceptors a1, a2, ... and values x, y, ...; in the JSON of the tooltips ${graphNote(graph)}\n`;
  yield '// red: agreement or validity is broken; yellow: another invariant is; green: a value is chosen\n';
  yield `digraph paxcheck {\n  label=${quoted(title)};\n  rankdir=TB;\n  node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace", fontsize=10];\n  edge [fontname="sans-serif", fontsize=9];\n`;
  for (const state of states) yield stateLine(protocol, state);
  yield* ranks(states);
  for (const { from, to, action } of edges) yield `  s${from} -> s${to} [label=${quoted(actionText(action))}];\n`;
  yield '}\n';
}
