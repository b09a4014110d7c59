import { withTimescale } from '../support/timescale-server.ts';
import { compare } from './compare.ts';
import { runBench, runScript, runSuite, runTests } from './long-suite.ts';
import { versions } from './versions.ts';

/**
 * The long forms of suites and benches, by name. Each gets the remaining arguments and gives the exit code.
 */
const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  compare,
  /**
   * What is installed, on a machine with nothing but Debian’s base system, which is kept: the demo, and the
   * guide “Your first site” as it is written.
   */
  install: () => runScript('.ci/bare-machine.sh', ['/var/tmp/watchpost-bare-machine']),
  versions,
  /** Ten minutes of demo without a way out, instead of three. */
  quiet: () => runSuite('quiet', { WATCHPOST_QUIET_SECONDS: '600' }),
  /** Half a million wrong packets to a broker, instead of a hundred thousand. */
  packets: () =>
    runTests(
      ['--config', 'broker/server-tests/vitest.config.ts', 'fuzz-and-storms', '-t', 'packets that are wrong'],
      { WATCHPOST_WRONG_PACKETS: '500000' },
    ),
  /** Alerting is killed 200 times between a commit and its publication, instead of 20. */
  'killed-between': () =>
    runTests(['--config', 'tests/told/vitest.config.ts', 'tests/told/killed-between'], {
      WATCHPOST_KILLS: '200',
    }),
  /** 1,000 kills and cuts of alerting, database and receivers under load, instead of 60. */
  alerting: ([count = '1000']) => {
    process.env.WATCHPOST_FAULTS = count;
    return runBench('alerting', ['faults', '--json']);
  },
  /** One of two alerting services is killed 200 times, instead of 5. */
  services: ([count = '200']) => withTimescale(() => runSuite('services', { WATCHPOST_KILLS: count })),
  /** 20,000 rotas against brute force, instead of 200. */
  duty: () => runTests(['alerting/src/duty/on-duty.property.test.ts'], { WATCHPOST_ROTAS: '20000' }),
  /** Whoever writes an archive is killed 300 times, instead of 8. */
  backup: () => runTests(['cli/src/backup/archive-kill.test.ts'], { WATCHPOST_KILLS: '300' }),
  /** Whoever writes a site file is killed 200 times, instead of 20. */
  'site-file': () =>
    runTests(['service/src/server-folder/versions-kill.test.ts'], { WATCHPOST_KILLS: '200' }),
};

// `npm run soak -- NAME [ARGUMENTS]`
const [name = '', ...rest] = process.argv.slice(2);
const soak = soaks[name];
if (soak) process.exitCode = await soak(rest);
else {
  process.stderr.write(`usage: npm run soak -- ${Object.keys(soaks).join('|')} …\n`);
  process.exitCode = 2;
}
