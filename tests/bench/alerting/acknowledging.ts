import { randomUUID } from 'node:crypto';
import { saveAlerts } from '../../../alerting/src/store/alert-store.ts';
import { openStore } from '../../../alerting/src/store/open-store.ts';
import { ApiClient } from '../../support/api-client.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';
import { benchSite } from './bench-site.ts';
import { openAlert } from './open-alert.ts';
import { withServices } from './with-services.ts';

const open = 10_000;
const acknowledged = 300;
const atOnce = 500;

/**
 * `ack_p95_ms`: from the request to acknowledge one of 10,000 open alerts to its answer, one after the other.
 */
export const acknowledging: FieldBench = {
  name: 'ack',
  figures: ['ack_p95_ms'],
  run: async (say) => {
    const site = benchSite('bench');
    return await withServices(site, say, async ({ services, databaseUrl }) => {
      const store = await openStore({ kind: 'server', url: databaseUrl });
      const alerts = Array.from({ length: open }, (_, index) => openAlert(site, index));
      try {
        for (let from = 0; from < open; from += atOnce)
          await saveAlerts(store.db, alerts.slice(from, from + atOnce));
      } finally {
        await store.close();
      }
      const service = await services.start('one');
      const api = await ApiClient.logIn({ ...services, ...service, ready: true, mqtt: '', flows: '' });
      const tookMs: number[] = [];
      for (let index = 0; index < acknowledged; index++) {
        const { alert } = alerts[index * Math.floor(open / acknowledged)] ?? {};
        const startMs = performance.now();
        const answer = await api.post(`/alerts/${alert?.id}/transitions`, {
          ...{ id: randomUUID(), version: alert?.version, to: 'acknowledged' },
        });
        await answer.text();
        tookMs.push(performance.now() - startMs);
        if (!answer.ok) throw new Error(`acknowledging answered ${answer.status}`);
      }
      say(
        `ack: p50 ${Math.round(percentile(tookMs, 0.5))} ms, longest ${Math.round(Math.max(...tookMs))} ms`,
      );
      const value = Math.round(percentile(tookMs, 0.95));
      return [{ figure: 'ack_p95_ms', value, unit: 'ms', n: tookMs.length }];
    });
  },
};
