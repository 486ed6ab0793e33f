/** Old and new: our rows and the inner loops, by their names. What only one side has is left out, and said so. */
import { OURS } from './ours.js';
import type { BenchResults } from './results.js';
import { median } from './statistics.js';
import { tableText } from './table-text.js';

interface Row {
  readonly value: number;
  readonly unit: 's' | 'ns';
}

function rowsOf({ tasks, micro }: Pick<BenchResults, 'tasks' | 'micro'>): Map<string, Row> {
  const ours = tasks.flatMap(({ id, results }) =>
    results.flatMap(({ who, mode, status, times }) => (who === OURS && status === 'measured' ? [[`${id}, ${mode}`, { value: median(times), unit: 's' }] as const] : [])),
  );
  return new Map<string, Row>([...ours, ...micro.map(({ id, samples }) => [id, { value: median(samples), unit: 'ns' }] as const)]);
}

const show = ({ value, unit }: Row): string => `${value.toFixed(unit === 's' ? 2 : 1)} ${unit}`;

export function describeChange(old: BenchResults, now: BenchResults): string[] {
  const [before, after] = [rowsOf(old), rowsOf(now)];
  const common = [...after].filter(([name]) => before.has(name));
  const rows = common.map(([name, row]) => [name, show(before.get(name)!), show(row), (before.get(name)!.value / row.value).toFixed(2)]);
  const others = after.size - common.length;
  const machines = old.machine.cpu === now.machine.cpu && old.machine.node === now.machine.node ? [] : [`  warning: the old results are of another machine or Node: ${old.machine.cpu}, ${old.machine.node}`];
  const left = others === 0 ? [] : [`  ${others} rows have no counterpart in the old results`];
  return [`Against ${old.startedAt} (above 1: faster now)`, ...tableText([['what', 'old', 'new', 'old/new'], ...rows], 1), ...machines, ...left, ''];
}
