import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAlerting } from '@watchpost/alerting';
import { hashPassword } from '../../../alerting/src/accounts/password.ts';
import { openStore } from '../../../alerting/src/store/open-store.ts';
import { embeddedStore } from '../../../alerting/src/testing/empty-cluster.ts';
import { demoSite } from '../../support/demo-site.ts';
import { call, codeOf } from '../../support/http-caller.ts';
import type { FieldBench } from '../field/field-bench.ts';
import { percentile } from '../figure.ts';

const accounts = 5_000;
const logIns = 300;
const accountsAtOnce = 500;
const password = 'a password of this bench';

/** Accounts as people have them: a role on the site, for one in ten some zones of it, and an open session. */
async function fill(store: Awaited<ReturnType<typeof embeddedStore>>): Promise<void> {
  const opened = await openStore(store);
  const derived = await hashPassword(password);
  const [zone = ''] = demoSite.zones.map(({ id }) => id);
  const nowMs = Date.now();
  const [now, expires] = [nowMs, nowMs + 12 * 3_600_000].map((ms) => new Date(ms).toISOString());
  const numbers = Array.from({ length: accounts }, (_, index) => index + 1);
  try {
    for (let from = 0; from < accounts; from += accountsAtOnce) {
      const part = numbers.slice(from, from + accountsAtOnce).map((number) => ({
        name: `person${number}`,
        zones: number % 10 === 0 ? [zone] : null,
        tokenHash: number.toString(16).padStart(64, '0'),
      }));
      await opened.db
        .insertInto('account')
        .values(part.map(({ name }) => ({ name, password: derived })))
        .execute();
      await opened.db
        .insertInto('account_site')
        .values(part.map(({ name, zones }) => ({ account: name, site: demoSite.id, role: 'officer', zones })))
        .execute();
      await opened.db
        .insertInto('session')
        .values(
          part.map(({ name, tokenHash }) => ({
            ...{ token_hash: tokenHash, account: name, created_at: now ?? '' },
            ...{ expires_at: expires ?? '', last_seen_at: now ?? '' },
          })),
        )
        .execute();
    }
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
