import { type Site, siteSchema } from '@watchpost/contracts/site';
import { openStore } from '../../../alerting/src/store/open-store.ts';
import { addClosedAlerts, addDays } from '../../../alerting/src/testing/large-history.ts';
import { floodedSite } from '../../support/flooded-site.ts';
import { hallAlarm, ReceiptedSender, type SaidEvent } from '../../support/receipted-sender.ts';
import { type SiteProcesses, startSiteProcesses } from '../../support/site-processes.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import { withTimescale } from '../../support/timescale-server.ts';
import type { FieldBench } from './field-bench.ts';

const devices = 20;
const perMessage = 50;
/** Events under way at a time: two commits' worth and what is read ahead. */
const openEvents = 2_000;
const closedAlerts = 200_000;
const days = 366;
/**
 * Before it is measured: a service that has just started compiles its code and tells the broker what closed
 * lately.
 */
const warmUpMs = 5_000;
const joiningMs = 20_000;
const backlogEvents = 60_000;
const dayMs = 86_400_000;
const drainedWithinMs = 90_000;

/** Smoke detectors, whose alarms alert at once, and doors, whose alarms do not while nothing is armed. */
function loadedSite(): Site {
  const site = floodedSite(2 * devices);
  return siteSchema.parse({
    ...site,
    devices: site.devices.map((device, index) =>
      index < devices || device.gateway !== 'calm' ? device : { ...device, kind: 'door_contact' },
    ),
  });
}

/**
 * What alerting takes in on TimescaleDB with a year stored and 200,000 closed alerts, through the broker: a
 * closed loop of messages of fifty, every event joining an alert; then a day's backlog under a new epoch.
 */
export const serverLoad: FieldBench = {
  name: 'server-load',
  figures: ['server_events_per_s', 'backlog_events_per_s'],
  run: (say) =>
    withTimescale(async () => {
      const database = await createTestDatabase();
      try {
        await seed(database.url);
        say('seeded');
        const site = await startSiteProcesses({
          site: loadedSite(),
          store: { kind: 'server', url: database.url },
        });
        try {
          await load(site, (sent, elapsedMs) => (elapsedMs < warmUpMs ? smoke(sent) : undefined), say);
          const joining = await load(
            site,
            (sent, elapsedMs) => (elapsedMs < joiningMs ? smoke(sent) : undefined),
            say,
          );
          const backlog = await load(site, (sent) => (sent < backlogEvents ? door(sent) : undefined), say);
          return [
            { figure: 'server_events_per_s', value: joining.perSecond, unit: '/s', n: joining.events },
            { figure: 'backlog_events_per_s', value: backlog.perSecond, unit: '/s', n: backlog.events },
          ];
        } finally {
          await site.stop();
        }
      } finally {
        await database.drop();
      }
    }),
};

async function seed(url: string): Promise<void> {
  const store = await openStore({ kind: 'server', url });
  try {
    const grown = {
      site: 'flooded',
      gateway: 'calm',
      devices: Array.from({ length: devices }, (_, at) => `smoke-${at}`),
    };
    await addDays(store.db, grown, 1, days - 1);
    await addClosedAlerts(store.db, grown, closedAlerts);
  } finally {
    await store.close();
  }
}

const smoke = (sent: number): SaidEvent => hallAlarm(`smoke-${sent % devices}`, 'smoke');

/** The events of a day in the order of their capture. */
const door = (sent: number): SaidEvent =>
  hallAlarm(
    `smoke-${devices + (sent % devices)}`,
    'door',
    Date.now() - dayMs + Math.floor((sent * dayMs) / backlogEvents),
  );

/**
 * Sends messages as receipts come, until there is no next alarm; the rate is from the first message to the
 * last receipt.
 */
async function load(
  { mqttPort }: SiteProcesses,
  next: (sent: number, elapsedMs: number) => SaidEvent | undefined,
  say: (line: string) => void,
): Promise<{ readonly perSecond: number; readonly events: number }> {
  const sender = await ReceiptedSender.connect(mqttPort, 'flooded', 'calm');
  const startMs = performance.now();
  for (;;) {
    const alarms: SaidEvent[] = [];
    while (alarms.length < perMessage) {
      const alarm = next(sender.sent + alarms.length, performance.now() - startMs);
      if (!alarm) break;
      alarms.push(alarm);
    }
    if (alarms.length === 0) break;
    sender.send(alarms);
    await sender.whenOpenAtMost(openEvents - perMessage, startMs + drainedWithinMs);
  }
  await sender.whenOpenAtMost(0, startMs + drainedWithinMs);
  sender.stop();
  const perSecond = Math.round((sender.stored / (sender.storedAtMs - startMs)) * 1000);
  say(`${sender.stored} events in messages of ${perMessage}: ${perSecond}/s`);
  return { perSecond, events: sender.stored };
}
