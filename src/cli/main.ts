#!/usr/bin/env node
/** The command line: one file per command, exit codes that scripts can trust, errors without a stack trace. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { checkCommand } from './check.js';
import { driveCommand } from './drive.js';
import { EXIT } from './exit-code.js';
import { exploreCommand } from './explore.js';
import { mutantsCommand } from './mutants.js';
import { reportFailure } from './failure.js';
import { goToUserFolder } from './paths.js';
import { tourCommand } from './tour.js';
import { tracesCommand } from './traces.js';
import { VERSION } from './version.js';

const EXIT_CODES = `
Exit codes: 0 conforms (or deviates, without --strict), 1 unsafe, 2 inconclusive, 3 bad input,
            4 the adapter failed, 5 nothing was tested, 64 wrong usage`;

export function program(): Command {
  const root = new Command('paxcheck')
    .description('A formal model and conformance test suite for Paxos. Without a command: the tour.')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .exitOverride();
  for (const command of [tourCommand(), exploreCommand(), mutantsCommand(), checkCommand(), driveCommand(), tracesCommand()]) {
    root.addCommand(command.exitOverride().addHelpText('after', EXIT_CODES) as unknown as Command, { isDefault: command.name() === 'tour' });
  }
  return root;
}

// Whoever reads our output may stop reading at any time (`| head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? EXIT.conforms) : EXIT.inconclusive);
});

try {
  goToUserFolder();
  await program().parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? EXIT.conforms : EXIT.usage) : reportFailure(error);
}
