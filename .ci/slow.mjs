// Runs the tests that take minutes: bounds of millions of states, thousands of random logs, many starts of the command. `npm test` leaves them out.
import { spawnSync } from 'node:child_process';

const vitest = ['vitest', 'run', '--config', '.ci/vitest.config.mjs', '--testTimeout', '600000', 'src/engine/search.test.ts', 'src/check/linearize.test.ts', 'src/check/hidden.test.ts', 'src/check/corruption.test.ts', 'src/cli/check.test.ts', 'src/cli/merge.test.ts', 'src/cli/convert.test.ts'];
const { status } = spawnSync('npx', vitest, { stdio: 'inherit', env: { ...process.env, PAXCHECK_SLOW: '1' } });
process.exitCode = status ?? 1;
