/** The machine as far as it matters to times, and a warning if it is not ours alone. */
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Mean number of running processes in the last minute, when we began. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Math.round(loadavg()[0]! * 100) / 100,
  };
}

const QUIET = 0.5;

/** Undefined if the machine is quiet enough. */
export const loadWarning = ({ load, cores }: Machine): string | undefined =>
  load > QUIET ? `warning: load average ${load.toFixed(2)} on ${cores} cores: others are at work here, and times will be too long, those of 2 threads most of all` : undefined;

export const describeMachine = ({ cpu, cores, memoryBytes, system, node, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GB; ${system}; Node ${node}; load average ${load.toFixed(2)}`;
