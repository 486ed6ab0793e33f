/** A child process in a group of its own, so that it and all it started can be ended together. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { undoAtExit } from './cleanup.js';

export interface ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams;
  /** SIGKILL for everybody in the group; resolves when the child is gone. Harmless when it is gone already. */
  kill(): Promise<void>;
}

const canGroup = process.platform !== 'win32';

function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return;
  try {
    if (canGroup) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // ESRCH: nobody is left.
  }
}

/** Starts the command without a shell; that it cannot be started is told by the child's `error` event. */
export function startGroup(command: readonly string[]): ProcessGroup {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { detached: canGroup, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const undo = undoAtExit(() => killGroup(child));
  // Whom the child started may outlive it.
  child.once('exit', undo);
  return {
    child,
    async kill() {
      undo();
      await gone;
    },
  };
}
