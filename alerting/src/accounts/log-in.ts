import { createHash } from 'node:crypto';
import type { Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import type { AlertingMetrics } from '../health/metrics.ts';
import { findAccount } from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { addressGroup } from './address-group.ts';
import { DeviceCookies } from './device-cookie.ts';
import { LoginLimits } from './login-limits.ts';
import { verifyPassword } from './password.ts';
import { PasswordQueue } from './password-queue.ts';
import { type LoginPolicy, loginPolicy } from './policy.ts';
import type { Sessions } from './sessions.ts';

/** What {@link LogIn} needs. */
export interface LogInOptions {
  readonly db: Queryable;
  readonly sessions: Sessions;
  readonly logins: AlertingMetrics['logins'];
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Signs the cookies of browsers that succeeded. Secret; the same after a restart. */
  readonly deviceKey: Buffer;
  readonly policy?: Partial<LoginPolicy> | undefined;
  /** Default: the process’s own, which nobody sets. */
  readonly monotonicMs?: (() => number) | undefined;
}

/** Somebody who wants to log in, and from where. */
export interface LogInRequest {
  readonly user: string;
  readonly password: string;
  readonly address: string;
  /** What the browser shows of an earlier success on this account. */
  readonly deviceCookie?: string | undefined;
}

/** What a browser gets that logged in. */
export interface LoggedIn {
  readonly token: string;
  readonly session: Session;
  readonly deviceCookie: string;
}

/** The name of the cookie for one account; several people may use a browser. */
export const deviceCookieName = (user: string, isSecure: boolean): string =>
  `${isSecure ? '__Secure-' : ''}wp_known_${createHash('sha256').update(user).digest('hex').slice(0, 16)}`;

/**
 * Log-in: limits, then the line for the derivation, then the session. Every outcome is counted, refusals are
 * in the log.
 */
export class LogIn {
  readonly #options: LogInOptions;
  readonly #policy: LoginPolicy;
  readonly #limits: LoginLimits;
  readonly #queue: PasswordQueue;
  readonly #devices: DeviceCookies;
  readonly #logged = new Map<string, { atMs: number; leftOut: number }>();
  readonly #monotonicMs: () => number;

  constructor(options: LogInOptions) {
    const policy = { ...loginPolicy, ...options.policy };
    this.#options = options;
    this.#policy = policy;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.#limits = new LoginLimits(policy, this.#monotonicMs);
    this.#queue = new PasswordQueue(policy.derivationsAtOnce, policy.waitingAtMost);
    this.#devices = new DeviceCookies(options.deviceKey, policy.deviceMs);
  }

  get deviceMs(): number {
    return this.#policy.deviceMs;
  }

  /** Whether an account had used up what it may be tried from everywhere a short while ago. */
  get isUnderAttack(): boolean {
    return this.#limits.sinceAttackMs < this.#policy.attackMs;
  }

  /** @throws WatchpostError `api.bad_credentials`, `api.login_slowed` or `api.login_busy` */
  async logIn(request: LogInRequest): Promise<LoggedIn> {
    const group = addressGroup(request.address);
    try {
      const done = await this.#try(request, group);
      this.#options.logins.inc({ result: 'ok' });
      this.#options.logger.info({ account: request.user, addressGroup: group }, 'log-in');
      return done;
    } catch (error) {
      if (error instanceof WatchpostError) this.#refused(error, request.user, group);
      throw error;
    }
  }

  async #try({ user, password, deviceCookie }: LogInRequest, group: string): Promise<LoggedIn> {
    const { db, sessions, nowMs } = this.#options;
    const device = this.#devices.read(user, deviceCookie, nowMs());
    const admitted = await this.#limits.admit({ account: user, group, device });
    let outcome: 'right' | 'wrong' | 'unchecked' = 'unchecked';
    try {
      const account = await this.#queue.run(admitted, async () => {
        const found = await findAccount(db, user);
        outcome = 'wrong';
        if (!(await verifyPassword(password, found?.password)) || !found) {
          throw new WatchpostError('api.bad_credentials');
        }
        outcome = 'right';
        return found;
      });
      const opened = await sessions.open(account);
      return { ...opened, deviceCookie: this.#devices.issue(user, nowMs(), device) };
    } finally {
      admitted.settle(outcome);
    }
  }

  #refused({ code, details }: WatchpostError, account: string, group: string): void {
    const result = {
      'api.bad_credentials': 'refused',
      'api.login_slowed': `slowed_${String(details.limit)}`,
      'api.login_busy': 'busy',
    }[code as string];
    this.#options.logins.inc({ result: result ?? 'failed' });
    const atMs = this.#monotonicMs();
    const before = this.#logged.get(group);
    if (before && atMs - before.atMs < this.#policy.loggedEveryMs) {
      before.leftOut++;
      return;
    }
    const leftOut = before?.leftOut ?? 0;
    this.#options.logger.warn({ code, account, addressGroup: group, alsoRefused: leftOut }, 'log-in refused');
    this.#logged.delete(group);
    this.#logged.set(group, { atMs, leftOut: 0 });
    for (const oldest of this.#logged.keys()) {
      if (this.#logged.size <= this.#policy.loggedGroupsAtMost) break;
      this.#logged.delete(oldest);
    }
  }
}
