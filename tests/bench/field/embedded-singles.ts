import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client.ts';
import { floodedSite } from '../../support/flooded-site.ts';
import { hallAlarm, ReceiptedSender } from '../../support/receipted-sender.ts';
import { startSiteProcesses } from '../../support/site-processes.ts';
import type { FieldBench } from './field-bench.ts';

const devices = 20;
const perSecond = 500;
const offeredMs = 60_000;
const drainedWithinMs = 60_000;
const betweenCallsMs = 250;

/**
 * Events in messages of their own, 500/s for 60 s, into the embedded store; and how long the API takes to
 * answer meanwhile.
 */
export const embeddedSingles: FieldBench = {
  name: 'embedded-singles',
  figures: ['embedded_singles_per_s', 'embedded_api_longest_ms'],
  run: async (say) => {
    const site = await startSiteProcesses({ site: floodedSite(devices) });
    try {
      const api = await ApiClient.logIn({ ...site, ready: true, mqtt: '', flows: '' });
      const sender = await ReceiptedSender.connect(site.mqttPort, 'flooded', 'calm');
      const stopCalls = watchApi(api);
      const startMs = performance.now();
      while (performance.now() - startMs < offeredMs) {
        const due = Math.floor(((performance.now() - startMs) * perSecond) / 1000);
        while (sender.sent < due) {
          sender.send([hallAlarm(`smoke-${sender.sent % devices}`, 'smoke')]);
        }
        await sleep(2);
      }
      await sender.whenOpenAtMost(0, performance.now() + drainedWithinMs);
      const calls = await stopCalls();
      sender.stop();
      const value = Math.round((sender.stored / (sender.storedAtMs - startMs)) * 1000);
      say(`${sender.stored} single events at ${value}/s; ${calls.length} calls of the API beside`);
      return [
        { figure: 'embedded_singles_per_s', value, unit: '/s', n: sender.stored },
        {
          figure: 'embedded_api_longest_ms',
          value: Math.round(Math.max(...calls)),
          unit: 'ms',
          n: calls.length,
        },
      ];
    } finally {
      await site.stop();
    }
  },
};

/** Asks for the first page of alerts again and again; gives how long each answer took once it is stopped. */
function watchApi(api: ApiClient): () => Promise<readonly number[]> {
  const durations: number[] = [];
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      const from = performance.now();
      await api.alerts('?limit=50');
      durations.push(performance.now() - from);
      await sleep(betweenCallsMs);
    }
  };
  const running = run();
  running.catch(() => undefined);
  return async () => {
    stopped = true;
    await running;
    return durations;
  };
}
