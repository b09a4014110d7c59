import type { Site } from '@watchpost/contracts/site';
import type { Logger } from 'pino';
import type { AlertingOptions } from '../config.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import type { ServerOptions } from '../http/server.ts';
import type { Queryable } from '../store/schema.ts';
import { serverKey } from '../store/server-key.ts';
import type { Teardown } from '../teardown.ts';
import { BearerTokens } from './bearer-tokens.ts';
import { RecoveryFactor, TotpFactor } from './code-factors.ts';
import { ensureAccounts } from './configured-accounts.ts';
import { LogIn } from './log-in.ts';
import { OidcLogIn } from './oidc/oidc-log-in.ts';
import { PasskeyFactor } from './passkeys/passkey-factor.ts';
import { accountPolicyOf, defaultTokenLife } from './policy.ts';
import { SecondSteps } from './second-steps.ts';
import { Sessions } from './sessions.ts';

type AccessPart = 'sessions' | 'bearers' | 'tokenLife' | 'logIn' | 'oidc' | 'factorRequired' | 'factorKey';

/** Who may come in: sessions and log-in, with the accounts of the configuration. */
export async function openAccess(
  { accounts, http, serverPolicy, oidc: settings }: AlertingOptions,
  parts: {
    readonly db: Queryable;
    readonly metrics: AlertingMetrics;
    readonly logger: Logger;
    readonly nowMs: () => number;
    readonly sites: readonly Site['id'][];
  },
  teardown: Teardown,
): Promise<Pick<ServerOptions, AccessPart>> {
  const { db, metrics, logger, nowMs, sites } = parts;
  const configured = serverPolicy ? accountPolicyOf(serverPolicy) : undefined;
  const { factorRequired = () => false, tokenLife = defaultTokenLife } = configured ?? {};
  const own = { ...configured?.sessions, ...http.sessions };
  const sessions = new Sessions(db, nowMs, sites, own, factorRequired);
  if (accounts) await ensureAccounts(db, accounts);
  sessions.start();
  teardown.add(async () => sessions.stop());
  const bearers = new BearerTokens({ db, nowMs, sites, logger });
  bearers.start();
  teardown.add(async () => bearers.stop());
  const factorKey = await serverKey(db, 'second-factor');
  const logIn = new LogIn({
    db,
    sessions,
    logins: metrics.logins,
    logger,
    nowMs,
    deviceKey: await serverKey(db, 'device'),
    secondSteps: new SecondSteps(
      db,
      [new TotpFactor(factorKey, nowMs), new PasskeyFactor(nowMs), new RecoveryFactor()],
      nowMs,
    ),
    policy: { ...configured?.login, ...http.login },
  });
  const common = { db, sessions, logins: metrics.logins, logger, nowMs };
  const oidc = settings && new OidcLogIn({ ...common, settings, key: await serverKey(db, 'oidc') });
  return { sessions, bearers, tokenLife, logIn, oidc, factorRequired, factorKey };
}
