import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayTopic } from '@watchpost/contracts/wire';
import type pg from 'pg';
import { LeanClient } from '../../../broker/src/bench/lean-client.ts';
import { ReceiptedSender } from '../../support/receipted-sender.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FieldBench } from '../field/field-bench.ts';
import type { Figure } from '../figure.ts';
import { benchSite, hallDetectors } from './bench-site.ts';
import { detectorAlarm, motion } from './said.ts';
import { type BenchRun, withServices } from './with-services.ts';

const offeredMs = 60_000;
const drainedWithinMs = 60_000;
const floorMs = 15_000;
/** Events of a gateway without a receipt. */
const openAtMost = 400;
const alertShare = 100;
const alarmKinds = ['smoke', 'gas', 'glass_break'] as const;
/** What a commit writes most of, in the order in which it can be filled. */
const copied = ['event', 'alert', 'alert_change'] as const;

/** One event a message, or 50. */
const forms = { commit_over_floor: 1, commit_over_floor_batched: 50 } as const;

/**
 * `commit_over_floor`: events/s from MQTT until they are committed and receipted, 20 gateways, one in a
 * hundred opens an alert, 60 s, nothing waits at the end; over the slower of COPY of the same rows into the
 * same tables, and the same messages through the broker to one bare subscriber. `commit_over_floor_batched`:
 * 50 events a message.
 */
export const commitOverFloor: FieldBench = {
  name: 'commit',
  figures: Object.keys(forms),
  run: async (say, wanted) => {
    const figures: Figure[] = [];
    for (const [figure, perMessage] of Object.entries(forms)) {
      if (!wanted.includes(figure)) continue;
      const site = benchSite('bench');
      figures.push(
        await withServices(site, say, async (run) => {
          const committed = await commitRate(run, site, perMessage);
          const copy = await copyRate(run.db);
          const bare = await bareRate(run, site, perMessage);
          const value = Math.round((committed.perS / Math.min(copy, bare)) * 1000) / 1000;
          const shown = [committed.perS, copy, bare].map(Math.round);
          say(
            `${figure}: ${shown[0]}/s committed, ${shown[1]}/s by COPY, ${shown[2]}/s to a bare subscriber`,
          );
          return { figure, value, unit: 'ratio', n: committed.events };
        }),
      );
    }
    return figures;
  },
};

type BenchSite = ReturnType<typeof benchSite>;

/** What the load says next: motion, and now and then the first alarm of a detector. */
function* load(gateway: number): Generator<ReturnType<typeof motion>, never> {
  // Detectors hang on the gateways in turn; each has several kinds.
  const detectors = Array.from({ length: hallDetectors }, (_, index) => index).filter(
    (index) => index % 20 === gateway,
  );
  const alarms = alarmKinds.flatMap((kind) => detectors.map((index) => detectorAlarm(index, kind)));
  // Gateways do not alarm in step.
  for (let sent = gateway * 5; ; sent++) {
    const alarm = sent % alertShare === 0 ? alarms.shift() : undefined;
    yield alarm ?? motion(gateway);
  }
}

async function commitRate({ services, db }: BenchRun, site: BenchSite, perMessage: number) {
  const service = await services.start('one');
  const gateways = await ReceiptedSender.connectAll(services.mqttPort, site);
  const loads = gateways.map((_, index) => load(index));
  const startMs = performance.now();
  while (performance.now() - startMs < offeredMs) {
    for (const [index, gateway] of gateways.entries()) fill(gateway, loads[index], perMessage);
    await sleep(1);
  }
  const isDrained = () => gateways.every(({ sent, stored }) => sent === stored);
  await waitFor('nothing waits', isDrained, drainedWithinMs);
  const events = gateways.reduce((sum, { stored }) => sum + stored, 0);
  const lastMs = Math.max(...gateways.map(({ storedAtMs }) => storedAtMs));
  for (const gateway of gateways) gateway.stop();
  await service.end();
  const { rows } = await db.query(
    `select (select count(*)::integer from event where gateway <> 'alerting') as events`,
  );
  if (rows[0]?.events !== events)
    throw new Error(`${rows[0]?.events} of ${events} receipted events are stored`);
  return { events, perS: (events / (lastMs - startMs)) * 1000 };
}

function fill(gateway: ReceiptedSender, said: ReturnType<typeof load> | undefined, perMessage: number): void {
  while (said && gateway.sent - gateway.stored + perMessage <= openAtMost)
    gateway.send(Array.from({ length: perMessage }, () => said.next().value));
}

/** Events/s when the rows that are there are copied into their emptied tables: files of the server itself. */
async function copyRate(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ events: number }>(`select count(*)::integer as events from event`);
  const columns = new Map<string, string>();
  for (const table of copied) {
    const found = await db.query<{ names: string }>(
      `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as names
       from information_schema.columns where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
      [table],
    );
    columns.set(table, found.rows[0]?.names ?? '');
    await db.query(`copy (select ${columns.get(table)} from ${table}) to '${fileOf(table)}' (format binary)`);
  }
  // The log of changes lets nobody empty it.
  await db.query(`set session_replication_role = replica`);
  for (const table of [...copied].reverse()) await db.query(`truncate ${table} cascade`);
  await db.query(`set session_replication_role = origin`);
  const startMs = performance.now();
  for (const table of copied)
    await db.query(`copy ${table} (${columns.get(table)}) from '${fileOf(table)}' (format binary)`);
  return ((rows[0]?.events ?? 0) / (performance.now() - startMs)) * 1000;
}

/** On the machine of the server, which removes it with its folder for temporary files. */
const fileOf = (table: string): string => `/tmp/watchpost-bench-${table}`;

/** Events/s through the broker to one bare subscriber, who keeps as many on the way as alerting does. */
async function bareRate({ services }: BenchRun, site: BenchSite, perMessage: number): Promise<number> {
  let messages = 0;
  const subscriber = await LeanClient.connect(
    services.mqttPort,
    { clientId: `alerting-${site.id}`, username: 'alerting' },
    { message: () => void messages++ },
  );
  await subscriber.subscribe([gatewayTopic('up', site.id, '+')], 1);
  const gateways = await ReceiptedSender.connectAll(services.mqttPort, site);
  const loads = gateways.map((_, index) => load(index));
  const openMessages = (openAtMost * gateways.length) / perMessage;
  let sent = 0;
  const startMs = performance.now();
  while (performance.now() - startMs < floorMs) {
    for (const [index, gateway] of gateways.entries()) {
      const said = loads[index];
      if (!said || sent - messages >= openMessages) continue;
      for (let burst = 0; burst < 10; burst++, sent++)
        gateway.send(Array.from({ length: perMessage }, () => said.next().value));
    }
    await sleep(0);
  }
  const perS = ((messages * perMessage) / (performance.now() - startMs)) * 1000;
  for (const gateway of gateways) gateway.stop();
  const closed = once(subscriber.socket, 'close');
  subscriber.socket.destroy();
  await closed;
  return perS;
}
