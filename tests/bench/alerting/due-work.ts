import { setTimeout as sleep } from 'node:timers/promises';
import { saveAlerts } from '../../../alerting/src/store/alert-store.ts';
import { writeDue } from '../../../alerting/src/store/due-store.ts';
import { openStore } from '../../../alerting/src/store/open-store.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';
import { benchSite } from './bench-site.ts';
import { openAlert } from './open-alert.ts';
import { withServices } from './with-services.ts';

const rows = 10_000;
const minuteMs = 60_000;
const atOnce = 500;

/**
 * `due_lateness_p99_ms`: 10,000 alerts whose causes are due to end within one minute; from then until the row
 * of the change is written, by the clock of the database.
 */
export const dueWork: FieldBench = {
  name: 'due',
  figures: ['due_lateness_p99_ms'],
  run: async (say) => {
    const site = benchSite('bench');
    return await withServices(site, say, async ({ services, db, databaseUrl }) => {
      await services.start('one');
      await db.query(`create table bench_done (alert uuid, at timestamptz default clock_timestamp())`);
      await db.query(`create function bench_note() returns trigger language plpgsql as
        $$ begin insert into bench_done (alert) values (new.alert); return null; end $$`);
      await db.query(`create trigger bench_note after insert on alert_change for each row
        execute function bench_note()`);
      const store = await openStore({ kind: 'server', url: databaseUrl });
      const dueAt = new Map<string, number>();
      try {
        const alerts = Array.from({ length: rows }, (_, index) => openAlert(site, index));
        for (let from = 0; from < rows; from += atOnce)
          await saveAlerts(store.db, alerts.slice(from, from + atOnce));
        const fromMs = Date.now() + 5_000;
        for (let from = 0; from < rows; from += atOnce) {
          const due = alerts.slice(from, from + atOnce).map(({ alert }, index) => ({
            ...{ site: site.id, kind: 'alert.clear' as const, key: alert.id, version: alert.version },
            ...{ atMs: Math.round(fromMs + ((from + index) / rows) * minuteMs), waitMs: minuteMs },
          }));
          for (const { key, atMs } of due) dueAt.set(key, atMs);
          await writeDue(store.db, due);
        }
        say(`due: ${rows} rows written`);
        await sleep(Math.max(0, fromMs + minuteMs - Date.now()));
        await waitFor(
          'all of it is done',
          async () =>
            (await db.query(`select from due where kind = 'alert.clear' limit 1`)).rows.length === 0,
          minuteMs,
        );
      } finally {
        await store.close();
      }
      const { rows: done } = await db.query<{ alert: string; at: Date }>(
        `select alert::text, min(at) as at from bench_done group by 1`,
      );
      // Gateways that are not there are alerts of their own.
      const lateMs = done.flatMap(({ alert, at }) => {
        const dueMs = dueAt.get(alert);
        return dueMs === undefined ? [] : [at.getTime() - dueMs];
      });
      if (lateMs.length < rows) throw new Error(`${lateMs.length} of ${rows} causes ended`);
      say(`due: p50 ${percentile(lateMs, 0.5)} ms, longest ${Math.max(...lateMs)} ms`);
      const value = percentile(lateMs, 0.99);
      return [{ figure: 'due_lateness_p99_ms', value, unit: 'ms', n: lateMs.length }];
    });
  },
};
