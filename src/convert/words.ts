/** What the other formats need besides the words of the model: values by their numbers, names that no syntax trips over, a line for a person. */
import type { Vote } from '../../model/words.js';
import { showVote } from '../../model/words.js';
import type { Compiled } from '../check/compile.js';
import { highestOf, isNone, votesIn } from '../check/terms.js';
import { showText } from '../trace/show.js';
import type { Trace } from '../trace/read.js';
import { canonicalJson } from '../trace/values.js';
import type { BallotToken, PromisedBallot, ReportedVote, TraceEvent, TraceHeader } from '../trace/wire.js';

/** The fields that matter here, of an event of any kind. */
export interface Fields {
  readonly ballot?: BallotToken;
  readonly value?: unknown;
  readonly votes?: readonly ReportedVote[];
  readonly promised?: PromisedBallot;
  readonly decided?: readonly { readonly value: unknown }[];
  readonly quorum?: readonly string[];
  readonly of?: 'prepare' | 'accept';
}

/** The values of the trace, each at its number. */
export function valuesOf({ trace, valueOf }: Compiled): unknown[] {
  const values: unknown[] = [];
  for (const { event } of trace.events) {
    const { votes = [], decided = [] } = event as Fields;
    for (const { value } of [...('value' in event ? [event] : []), ...votes, ...decided]) values[valueOf(value)] = value;
  }
  return values;
}

/** Different texts for different values: as they are if all of them are strings, else as canonical JSON. */
export const valueTexts = (values: readonly unknown[]): string[] => (values.every((value) => typeof value === 'string') ? [...values] : values.map(canonicalJson));

/** The header of what is written: it announces as many events as there are. */
export const headerOf = ({ header, events }: Trace): TraceHeader => (header.events === undefined ? header : { ...header, events: events.length });

/** A name for each id: itself if it is plain, else a numbered one that no other id has. */
export function plainNames(ids: readonly string[], isPlain: (id: string) => boolean, prefix: string): Map<string, string> {
  const taken = new Set(ids);
  let next = 0;
  const fresh = (): string => {
    do next += 1;
    while (taken.has(`${prefix}${next}`));
    return `${prefix}${next}`;
  };
  return new Map(ids.map((id) => [id, isPlain(id) ? id : fresh()]));
}

/** The event in a few words, on one line, without characters that a terminal would obey. */
export function eventText(event: TraceEvent, compiled: Compiled): string {
  const { ballot, value, of, votes, promised } = event as Fields;
  const { names } = compiled;
  const rank = (token: BallotToken): string => names.ballot(compiled.rankOf(token));
  const reported = (vote: Vote | null): string => showVote(vote, names);
  const parts = [
    [event.kind, of, ballot === undefined ? undefined : rank(ballot), 'value' in event ? names.value(compiled.valueOf(value)) : undefined].filter((part) => part !== undefined).join(' '),
    ...(promised === undefined ? [] : [`promised ${isNone(promised) ? 'none' : rank(promised)}`]),
    ...(votes === undefined ? [] : [reported(highestOf(votesIn(compiled, votes)))]),
  ];
  return showText(parts.join(', '));
}
