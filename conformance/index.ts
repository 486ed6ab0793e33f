/** The driving half of paxcheck: an acceptor in any language, message by message. See spec/driver-protocol.md. */
import type { AcceptorReport } from './acceptor-report.js';
import { acceptorSuite } from './acceptor-suite.js';
import type { Connection, Recorder } from './connection.js';
import { Driver } from './driver.js';
import type { DriverOptions } from './driver.js';
import type { SuiteOptions } from './findings.js';
import { SUITE_DEFAULTS } from './findings.js';
import type { AcceptorModule } from './local.js';
import { LocalConnection } from './local.js';
import { openSubject } from './subject.js';
import type { Disks } from './temp-folder.js';
import { namedDisks, temporaryDisks } from './temp-folder.js';
import { transcriptWriter } from './transcript.js';

export type { AcceptorReport } from './acceptor-report.js';
export { DriverError } from './driver-error.js';
export type { SuiteOptions } from './findings.js';
export { SUITE_DEFAULTS } from './findings.js';
export type { AcceptorModule, LocalAcceptor } from './local.js';
export { loadModule } from './load-module.js';
export { modelAcceptor } from './model-acceptor.js';
export { describeReport } from './report-text.js';

export interface DriveOptions extends Partial<SuiteOptions>, Omit<DriverOptions, 'record'> {
  /** Given every line of the conversation, as NDJSON; the same for the same subject and options. */
  readonly transcript?: (line: string) => void;
}

/** Runs the acceptor suite on an adapter: a command line, started without a shell. Throws DriverError; leaves nothing behind. */
export async function driveCommandLine(command: readonly string[], options: DriveOptions = {}): Promise<AcceptorReport> {
  const disks = temporaryDisks();
  return drive(new Driver(command, { ...options, record: recorderFor(options, disks) }), disks, options);
}

/** Runs the acceptor suite on a module in this process. Throws DriverError. */
export async function driveModule(module: AcceptorModule, name: string, options: DriveOptions = {}): Promise<AcceptorReport> {
  const disks = module.capabilities?.crash === true ? (module.disks === 'names' ? namedDisks() : temporaryDisks()) : namedDisks();
  return drive(new LocalConnection(module, name, recorderFor(options, disks)), disks, options);
}

const recorderFor = ({ transcript }: DriveOptions, disks: Disks): Recorder => (transcript === undefined ? () => undefined : transcriptWriter(transcript, disks.root));

async function drive(connection: Connection, disks: Disks, options: DriveOptions): Promise<AcceptorReport> {
  try {
    const { ballots, values, seed } = { ...SUITE_DEFAULTS, ...options };
    return await acceptorSuite(await openSubject(connection, disks, { ballots, values, seed }), options);
  } finally {
    await connection.close();
    disks.remove();
  }
}
