import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { FieldBench } from '../../field/field-bench.ts';
import type { Figure } from '../../figure.ts';
import { benchSite } from '../bench-site.ts';
import { withServices } from '../with-services.ts';
import { audit } from './audit.ts';
import { DatabaseLine } from './database-line.ts';
import { FaultLoad } from './fault-load.ts';
import { type FaultKind, Faults, type Moment } from './fault-plan.ts';
import { OwnDatabase } from './own-database.ts';
import { Receiver } from './receiver.ts';

/** Of so many faults in all. */
const usual = 60;
/** A third of them each has to hit a send and a commit. */
const hitShare = 3;
const between = { least: 200, most: 1_000 };

/**
 * `faults_lost`, `faults_doubled`, `notice_repeats`: what is missing and what was done twice after alerting,
 * database and receivers were killed and cut off at random under load, many times while a notice was being
 * sent and many while a commit was asked for. `WATCHPOST_FAULTS` says how often.
 */
export const faults: FieldBench = {
  name: 'faults',
  figures: ['faults_lost', 'faults_doubled', 'notice_repeats'],
  run: async (say) => {
    const count = Number(process.env.WATCHPOST_FAULTS ?? usual);
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-bench-faults-'));
    writeFileSync(join(folder, 'notify-bench'), 'a key of the bench', { mode: 0o600 });
    writeFileSync(join(folder, 'heard'), '');
    const receiver = new Receiver(join(folder, 'heard'));
    const way: { line?: DatabaseLine } = {};
    try {
      const url = await receiver.start();
      const site = benchSite('bench');
      return await withServices(
        site,
        say,
        async ({ services, databaseUrl }) => {
          const database = new OwnDatabase(databaseUrl);
          await database.open();
          const { line } = way;
          if (!line) throw new Error('the services speak to the database past the line');
          const parts = { services, database, line, receiver };
          const made = new Faults(parts);
          const load = new FaultLoad(services, databaseUrl, site);
          try {
            await made.start();
            await load.start(await made.logIn(), url, count);
            for (let index = 0; index < count; index++) {
              const { least, most } = between;
              await sleep(least + (most - least) * Math.random());
              const fault = await made.next(index);
              if (index % 10 === 9) say(`faults: ${index + 1} of ${count}, the last ${fault}`);
              await load.goesOn();
            }
            await load.drain();
            return await judge({ made, load, receiver, databaseUrl, count }, say);
          } finally {
            await load.stop();
            await database.close();
          }
        },
        { channels: { secretsFolder: folder, allowNetworks: ['127.0.0.0/8'] } },
        async (direct) => {
          way.line = new DatabaseLine(direct);
          return way.line.start();
        },
      );
    } finally {
      await way.line?.stop();
      await receiver.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Judged {
  readonly made: Faults;
  readonly load: FaultLoad;
  readonly receiver: Receiver;
  readonly databaseUrl: string;
  readonly count: number;
}

async function judge(
  { made, load, receiver, databaseUrl, count }: Judged,
  say: (line: string) => void,
): Promise<Figure[]> {
  const hits = made.hits;
  say(
    `faults: ${count}, of which ${hits.send} hit a send and ${hits.commit} a commit; ${[...made.kinds].map(([kind, times]: [FaultKind, number]) => `${times} ${kind}`).join(', ')}`,
  );
  for (const moment of ['send', 'commit'] as const satisfies readonly Moment[])
    if (hits[moment] < Math.floor(count / hitShare)) throw new Error(`too few faults hit a ${moment}`);
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const { sent, due } = load;
    const found = await audit(db, { sent, due, faultsMs: made.timesMs, heard: receiver.heard() }, say);
    return [
      { figure: 'faults_lost', value: found.lost, unit: 'things', n: count },
      { figure: 'faults_doubled', value: found.doubled, unit: 'things', n: count },
      { figure: 'notice_repeats', value: found.repeats, unit: 'notices', n: hits.send },
    ];
  } finally {
    await db.end();
  }
}
