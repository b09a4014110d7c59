import { compare } from './compare.ts';
import { runSuite } from './long-suite.ts';

/**
 * The long forms of suites and benches, by name. Each gets the remaining arguments and gives the exit code.
 */
const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  compare,
  /** Ten minutes of demo without a way out, instead of three. */
  quiet: () => runSuite('quiet', { WATCHPOST_QUIET_SECONDS: '600' }),
};

// `npm run soak -- NAME [ARGUMENTS]`
const [name = '', ...rest] = process.argv.slice(2);
const soak = soaks[name];
if (soak) process.exitCode = await soak(rest);
else {
  process.stderr.write(`usage: npm run soak -- ${Object.keys(soaks).join('|')} …\n`);
  process.exitCode = 2;
}
