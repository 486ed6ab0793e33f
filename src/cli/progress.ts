/** Progress of long work on stderr, only where a person looks, and nothing left behind. */
export interface Progress {
  readonly update: (text: () => string) => void;
  readonly clear: () => void;
}

const INTERVAL_MS = 200;

export function progress(quiet = false): Progress {
  if (quiet || !process.stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  let last = performance.now();
  let shown = false;
  return {
    update(text) {
      const now = performance.now();
      if (now - last < INTERVAL_MS) return;
      [last, shown] = [now, true];
      process.stderr.write(`\r\u001b[K${text().slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`);
    },
    clear() {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
