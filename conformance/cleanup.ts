/**
 * Nothing stays behind: whatever was started or created is undone when the kit ends, also by a signal or
 * `process.exit`. Only SIGKILL cannot be answered; an adapter then sees the end of its input.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const pending = new Set<() => void>();

function undoAll(): void {
  for (const undo of [...pending].reverse()) {
    pending.delete(undo);
    undo();
  }
}

function onSignal(signal: NodeJS.Signals): void {
  undoAll();
  stopListening();
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on('exit', undoAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off('exit', undoAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Has `undo` (synchronous, throwing nothing) called when the process ends. Returns a function that calls it now, once. */
export function undoAtExit(undo: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(undo);
  return () => {
    if (!pending.delete(undo)) return;
    if (pending.size === 0) stopListening();
    undo();
  };
}
