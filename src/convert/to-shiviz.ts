/** A trace as a log for ShiViz: each event with its vector clock. */
import { compile } from '../check/compile.js';
import type { Trace } from '../trace/read.js';
import { causesOf } from './causes.js';
import { eventText, plainNames } from './words.js';

/** What ShiViz parses the rest with; the line after it would hold a delimiter of several runs. */
export const SHIVIZ_PARSER = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})';

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
const isPlain = (id: string): boolean => /^[\w.:@-]+$/.test(id) && !RESERVED.has(id);

/**
 * The vector clock of each event, a count for each of these nodes: how many of its events the event follows from, by the
 * order of a node's own events and by messages, itself included.
 */
export function clocksOf({ events }: Pick<Trace, 'events'>, causes: readonly (readonly number[])[], nodes: readonly string[]): Uint32Array[] {
  const places = new Map(nodes.map((node, place) => [node, place]));
  const latest = nodes.map(() => new Uint32Array(nodes.length));
  const clocks: Uint32Array[] = [];
  for (const [index, { event }] of events.entries()) {
    const own = places.get(event.at)!;
    const clock = latest[own]!.slice();
    for (const cause of causes[index]!) for (const [place, count] of clocks[cause]!.entries()) clock[place] = Math.max(clock[place]!, count);
    clock[own]! += 1;
    latest[own] = clock;
    clocks.push(clock);
  }
  return clocks;
}

/** The file in pieces, two lines an event. */
export function* shivizText(trace: Trace): Generator<string> {
  const compiled = compile(trace);
  const nodes = trace.header.nodes.map(({ id }) => id);
  const hosts = [...plainNames(nodes, isPlain, 'node').values()];
  const clocks = clocksOf(trace, causesOf(compiled), nodes);
  yield `${SHIVIZ_PARSER}\n\n`;
  for (const [index, { event }] of trace.events.entries()) {
    const clock = Object.fromEntries([...clocks[index]!.entries()].filter(([, count]) => count > 0).map(([place, count]) => [hosts[place]!, count]));
    yield `${eventText(event, compiled)}\n${hosts[nodes.indexOf(event.at)]!} ${JSON.stringify(clock)}\n`;
  }
}
