/** The results for people. */
import { OURS } from './ours.js';
import type { MicroResult } from './micro.js';
import type { TaskResults } from './results.js';
import type { Result } from './rounds.js';
import { median, rangeText } from './statistics.js';
import { countText, tableText } from './table-text.js';

/** What ratios refer to: the first one, who is ours; undefined if no time of it may be compared. */
const baseOf = ({ results }: TaskResults): number | undefined => {
  const [first] = results;
  return first?.who === OURS && first.status === 'measured' ? median(first.times) : undefined;
};

export function describeTask(task: TaskResults): string[] {
  const base = baseOf(task);
  const isStates = task.unit === 'states';
  const head = ['who', 'mode', task.unit, 'median s', 'min–max s', 'theirs/ours', ...(isStates ? ['peak bytes/state'] : [])];
  const rows = task.results.map((result) => rowOf(result, base, isStates));
  const complaints = task.results.flatMap(({ who, mode, status, detail }) => (status === 'measured' ? [] : [`  ${status.toUpperCase()}: ${who}, ${mode}: ${detail ?? ''}; not compared`]));
  return [`${task.id}: ${task.title}`, ...tableText([head, ...rows], 2), ...complaints, ''];
}

function rowOf({ who, mode, status, answer, times, peakBytes }: Result, base: number | undefined, isStates: boolean): string[] {
  const count = answer === undefined ? '-' : countText(answer.count);
  if (status !== 'measured') return [who, mode, count, status, '', ''];
  const time = median(times);
  const memory = isStates ? [peakBytes === undefined || answer === undefined ? '-' : (peakBytes / answer.count).toFixed(0)] : [];
  return [who, mode, count, time.toFixed(2), rangeText(times, 2), base === undefined ? '-' : (time / base).toFixed(2), ...memory];
}

export function describeMicro(micro: readonly MicroResult[]): string[] {
  const rows = micro.map(({ id, per, samples }) => [id, per, median(samples).toFixed(1), rangeText(samples, 1)]);
  return ['Inner loops, ns each', ...tableText([['what', 'per', 'median ns', 'min–max ns'], ...rows], 2), ''];
}
