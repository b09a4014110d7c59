import type { AuditActor } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { append } from '../../governance/audit-log.ts';
import type { AlertingMetrics } from '../../health/metrics.ts';
import type { Account } from '../../store/account-store.ts';
import type { Queryable } from '../../store/schema.ts';
import type { SessionOrigin } from '../../store/session-store.ts';
import type { Sessions } from '../sessions.ts';
import { admitIdentity, dismissIdentity } from './admit-identity.ts';
import { claimedName, claimedScopes } from './claimed-scopes.ts';
import { OidcProvider, type ProvedIdentity } from './oidc-provider.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { OidcSteps } from './oidc-step.ts';

/** What {@link OidcLogIn} needs. */
export interface OidcLogInOptions {
  readonly settings: OidcSettings;
  readonly db: Queryable;
  readonly sessions: Sessions;
  readonly logins: AlertingMetrics['logins'];
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Signs the cookies of log-ins that begin. Secret. */
  readonly key: Buffer;
}

/** Log-in through the identity provider: the browser goes there, and comes back with a code. */
export class OidcLogIn {
  readonly #options: OidcLogInOptions;
  readonly #provider: OidcProvider;
  readonly #steps: OidcSteps;

  constructor(options: OidcLogInOptions) {
    this.#options = options;
    this.#provider = new OidcProvider(options.settings);
    this.#steps = new OidcSteps(options.key, options.nowMs);
  }

  /** What the log-in page calls the provider. */
  get label(): OidcSettings['label'] {
    return this.#options.settings.label;
  }

  /** Where the browser goes, and the cookie that it must bring back. */
  async begin(redirectUri: string): Promise<{ readonly url: string; readonly cookie: string }> {
    const { url, step } = await this.#provider.begin(redirectUri);
    return { url, cookie: this.#steps.seal(step) };
  }

  /**
   * Logs in whom the provider means; the token of the session comes back. Every outcome is counted and in the
   * audit log.
   * @throws WatchpostError `account.oidc_*`, `account.disabled`
   */
  async finish(answer: URL, cookie: string | undefined, origin: SessionOrigin): Promise<string> {
    const group = origin.addressGroup ?? '';
    let who: AuditActor = { account: null, name: '' };
    try {
      const step = this.#steps.take(cookie);
      if (!step) throw new WatchpostError('account.oidc_step');
      const identity = await this.#provider.finish(answer, step);
      const account = await this.#admit(identity);
      who = { account: account.id, name: account.name };
      const { token } = await this.#options.sessions.open(account, origin);
      await this.#used(account);
      await this.#record(who, group, null);
      return token;
    } catch (failure) {
      if (failure instanceof WatchpostError) await this.#record(who, group, failure.code);
      throw failure;
    }
  }

  async #admit(identity: ProvedIdentity) {
    const { db, settings, nowMs } = this.#options;
    const { claims } = identity;
    try {
      const scopes = claimedScopes(claims, settings.roles);
      const name = () => claimedName(claims, settings.nameClaim);
      return await admitIdentity(db, identity, { name, scopes }, new Date(nowMs()).toISOString());
    } catch (failure) {
      const isDismissed = failure instanceof WatchpostError && failure.code === 'account.oidc_no_role';
      if (isDismissed) await dismissIdentity(db, identity);
      throw failure;
    }
  }

  /** As after a log-in with a password: who looks after accounts sees which are used. */
  async #used({ id }: Account): Promise<void> {
    const { db, nowMs } = this.#options;
    const at = new Date(nowMs()).toISOString();
    await db.updateTable('account').set({ last_used_at: at }).where('id', '=', id).execute();
  }

  async #record(actor: AuditActor, group: string, code: string | null): Promise<void> {
    const { db, logins, logger, nowMs } = this.#options;
    logins.inc({ result: code === null ? 'ok' : 'refused' });
    if (code === null) logger.info({ addressGroup: group, by: 'oidc' }, 'log-in');
    else logger.warn({ code, addressGroup: group, by: 'oidc' }, 'log-in refused');
    await append(db, {
      at: new Date(nowMs()).toISOString(),
      actor,
      site: null,
      action: code === null ? 'log_in' : 'log_in_refused',
      subject: null,
      reason: null,
      outcome: code === null ? 'done' : 'refused',
      details: { by: 'oidc', addressGroup: group, ...(code === null ? {} : { code }) },
    });
  }
}
