#!/usr/bin/env node
/** The command line: one file per command, exit codes that scripts can trust, errors without a stack trace. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { EXIT } from './exit-code.js';
import { reportFailure } from './failure.js';
import { goToUserFolder } from './paths.js';
import { VERSION } from './version.js';

const EXIT_CODES = `
Exit codes: 0 conforms (or deviates, without --strict), 1 unsafe, 2 inconclusive, 3 bad input,
            4 the adapter failed, 5 nothing was tested, 64 wrong usage`;

/** Only the command that is asked for is loaded: most of the start-up is reading what another one needs. */
const COMMANDS: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<unknown> }>> = {
  tour: { about: 'the first minute: a model, a famous bug, two implementations', load: async () => (await import('./tour.js')).tourCommand() },
  explore: { about: 'every run of a small cluster', load: async () => (await import('./explore.js')).exploreCommand() },
  mutants: { about: 'the catalogue of known bugs, and what the explorer makes of each', load: async () => (await import('./mutants.js')).mutantsCommand() },
  check: { about: 'logs of an implementation against the rules', load: async () => (await import('./check.js')).checkCommand() },
  merge: { about: 'the verdicts of several checks, as those of one', load: async () => (await import('./merge.js')).mergeCommand() },
  shrink: { about: 'the few lines of a log that are needed to break a rule', load: async () => (await import('./shrink.js')).shrinkCommand() },
  convert: { about: 'traces for other tools, and runs of TLC, Apalache and Quint as traces', load: async () => (await import('./convert.js')).convertCommand() },
  drive: { about: 'an acceptor in any language, message by message', load: async () => (await import('./drive.js')).driveCommand() },
  traces: { about: 'write the corpus of accepted and rejected traces', load: async () => (await import('./traces.js')).tracesCommand() },
};

async function program(asked: string | undefined): Promise<Command> {
  const root = new Command('paxcheck')
    .description('A formal model and conformance test suite for Paxos. Without a command: the tour.')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .exitOverride();
  for (const [name, { about, load }] of Object.entries(COMMANDS)) {
    const isAsked = name === asked || (asked === undefined && name === 'tour');
    const command = isAsked ? ((await load()) as Command).exitOverride().addHelpText('after', EXIT_CODES) : new Command(name).description(about);
    root.addCommand(command, { isDefault: name === 'tour' && asked === undefined });
  }
  return root;
}

// Whoever reads our output may stop reading at any time (`| head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? EXIT.conforms) : EXIT.inconclusive);
});

try {
  goToUserFolder();
  const asked = process.argv[2] === 'help' ? process.argv[3] : process.argv[2];
  await (await program(asked)).parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? EXIT.conforms : EXIT.usage) : reportFailure(error);
}
