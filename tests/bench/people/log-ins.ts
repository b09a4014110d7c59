import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAlerting } from '@watchpost/alerting';
import { sql } from 'kysely';
import { hashPassword } from '../../../alerting/src/accounts/password.ts';
import { openStore } from '../../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from '../../support/demo-site.ts';
import { call, codeOf } from '../../support/http-caller.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';

const accounts = 5_000;
const logIns = 300;
const password = 'a password of this bench';

/** Accounts as people have them: a role on the site, for one in ten some zones of it, and an open session. */
async function fill(store: Awaited<ReturnType<typeof embeddedStore>>): Promise<void> {
  const opened = await openStore(store);
  const derived = await hashPassword(password);
  const [zone = ''] = demoSite.zones.map(({ id }) => id);
  try {
    await sql`insert into account (name, password)
      select 'person' || n, ${derived} from generate_series(1, ${accounts}::integer) n`.execute(opened.db);
    await sql`insert into account_site (account, site, role, zones)
      select 'person' || n, ${demoSite.id}, 'officer',
        case when n % 10 = 0 then array[${zone}::text] end
      from generate_series(1, ${accounts}::integer) n`.execute(opened.db);
    await sql`insert into session (token_hash, account, created_at, expires_at, last_seen_at)
      select md5('a' || n) || md5('b' || n), 'person' || n, now(), now() + interval '12 hours', now()
      from generate_series(1, ${accounts}::integer) n`.execute(opened.db);
  } finally {
    await opened.close();
  }
}

/**
 * `login_ms_p95`: right log-ins by password on a server with 5,000 accounts on the embedded database, one
 * after the other, each of another account from another address.
 */
export const logInsOfMany: FieldBench = {
  name: 'log-ins',
  figures: ['login_ms_p95'],
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-log-ins-'));
    try {
      const store = await embeddedStore(join(folder, 'store'));
      await fill(store);
      const service = await startAlerting({
        ...{ sites: [{ site: demoSite }], store, http: { host: '127.0.0.1', port: 0 } },
        // Nobody listens there: the doors open without a broker.
        broker: { url: 'mqtt://127.0.0.1:9' },
      });
      try {
        const times: number[] = [];
        for (let index = 0; index < logIns; index++) {
          const user = `person${1 + Math.floor((index * accounts) / logIns)}`;
          const answer = await call(`${service.address}/api/v1/session`, {
            ...{ method: 'POST', body: { user, password } },
            from: `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`,
          });
          if (answer.status !== 200) throw new Error(`${user} was refused: ${codeOf(answer)}`);
          times.push(answer.tookMs);
        }
        say(`log-ins: the middle one took ${Math.round(percentile(times, 0.5))} ms`);
        const value = Math.round(percentile(times, 0.95));
        return [{ figure: 'login_ms_p95', value, unit: 'ms', n: times.length }];
      } finally {
        await service.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
