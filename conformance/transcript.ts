/** A transcript: every command and answer, one JSON object a line. It names no folder of this machine, so the same case gives the same text. */
import type { Recorder } from './connection.js';

/** Writes `DISK` for the folder in which acceptors have their disks. */
export const transcriptWriter =
  (write: (line: string) => void, root: string): Recorder =>
  (line) =>
    write(JSON.stringify(line).replaceAll(JSON.stringify(root).slice(1, -1), 'DISK'));
