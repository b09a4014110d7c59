import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client.ts';
import { ReceiptedSender } from '../../support/receipted-sender.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';
import { benchSite } from './bench-site.ts';
import { offerCriticals, StreamTimes } from './people-load.ts';
import { type StoredPast, writePast } from './stored-past.ts';
import { withServices } from './with-services.ts';

const small: StoredPast = { events: 50_000, closedAlerts: 100, days: 1 };
const large: StoredPast = { events: 5_000_000, closedAlerts: 200_000, days: 100 };
const warmUpSeconds = 5;
const seconds = 40;
const drainMs = 30_000;
const requests = 200;
const pages = ['/alerts?limit=50', '/alerts?state=resolved,closed&order=newest&limit=50'] as const;

/**
 * `growth_stream`, `growth_list`: `event_to_stream_p99_ms`, and the 95th percentile of the first page of open
 * and of closed alerts, at 5 million stored events and 200,000 closed alerts over those at 50,000 and 100, in
 * one run of one service.
 */
export const growth: FieldBench = {
  name: 'growth',
  figures: ['growth_stream', 'growth_list'],
  run: async (say) => {
    const site = benchSite('bench');
    return await withServices(site, say, async ({ services, db }) => {
      const service = await services.start('one');
      const api = await ApiClient.logIn({ ...services, ...service, ready: true, mqtt: '', flows: '' });
      const gateways = await ReceiptedSender.connectAll(services.mqttPort, site);
      let opened = 0;
      const streamed = async (during: number): Promise<number> => {
        const stream = new StreamTimes();
        await stream.open(api);
        const sentAt = await offerCriticals(gateways, during, opened);
        opened += sentAt.size;
        const untilMs = performance.now() + drainMs;
        while (performance.now() < untilMs && stream.times.size < sentAt.size) await sleep(100);
        stream.close();
        const tookMs = [...sentAt].map(([key, ms]) => (stream.times.get(key) ?? Number.NaN) - ms);
        return tookMs.some(Number.isNaN) ? Number.NaN : percentile(tookMs, 0.99);
      };
      const measure = async (past: StoredPast, after?: StoredPast) => {
        await writePast(db, site, past, after);
        await streamed(warmUpSeconds);
        const streamMs = await streamed(seconds);
        const listMs = await listed(api);
        say(
          `growth: ${past.events} events, ${past.closedAlerts} closed alerts: stream p99 ${Math.round(streamMs)} ms, list p95 ${listMs.toFixed(1)} ms`,
        );
        return { streamMs, listMs };
      };
      try {
        const before = await measure(small);
        const after = await measure(large, small);
        const ratio = (a: number, b: number) => Math.round((a / b) * 100) / 100;
        return [
          {
            figure: 'growth_stream',
            value: ratio(after.streamMs, before.streamMs),
            unit: 'ratio',
            n: opened,
          },
          { figure: 'growth_list', value: ratio(after.listMs, before.listMs), unit: 'ratio', n: requests },
        ];
      } finally {
        for (const gateway of gateways) gateway.stop();
      }
    });
  },
};

async function listed(api: ApiClient): Promise<number> {
  const tookMs: number[] = [];
  for (let index = 0; index < requests; index++) {
    const startMs = performance.now();
    const answer = await api.get(pages[index % pages.length] ?? pages[0]);
    await answer.text();
    if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
    tookMs.push(performance.now() - startMs);
  }
  return percentile(tookMs, 0.95);
}
