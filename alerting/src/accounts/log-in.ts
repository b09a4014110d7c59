import { createHash } from 'node:crypto';
import type { AuditDetails, SecondStep, SecondStepRequest, Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import { append } from '../governance/audit-log.ts';
import type { AlertingMetrics } from '../health/metrics.ts';
import { type Account, findAccount } from '../store/account-store.ts';
import { factorsOf } from '../store/factor-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { SessionOrigin } from '../store/session-store.ts';
import { addressGroup } from './address-group.ts';
import { DeviceCookies } from './device-cookie.ts';
import { LoginLimits } from './login-limits.ts';
import type { RelyingParty } from './passkeys/relying-party.ts';
import { verifyPassword } from './password.ts';
import { PasswordQueue } from './password-queue.ts';
import { type LoginPolicy, loginPolicy } from './policy.ts';
import type { SecondSteps } from './second-steps.ts';
import type { Sessions } from './sessions.ts';
import { hasPassword } from './stored-password.ts';

/** What {@link LogIn} needs. */
export interface LogInOptions {
  readonly db: Queryable;
  readonly sessions: Sessions;
  readonly logins: AlertingMetrics['logins'];
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Signs the cookies of browsers that succeeded. Secret; the same after a restart. */
  readonly deviceKey: Buffer;
  /** Without it nobody is asked for a second factor. */
  readonly secondSteps?: SecondSteps | undefined;
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
  /** As the person will recognise the session. */
  readonly origin?: SessionOrigin | undefined;
  /** The page at which the person is, where passkeys can be used there. */
  readonly rp?: RelyingParty | undefined;
}

/** The second step of a log-in. */
export interface SecondStepTry extends Pick<LogInRequest, 'address' | 'origin'> {
  /** Of the half session. */
  readonly token: string;
  readonly proof: SecondStepRequest;
  /** What the browser shows of an earlier success on an account. */
  readonly deviceCookies: (user: string) => string | undefined;
}

/** A log-in that wants a second factor: the secret of its half session, and what is wanted. */
export interface HalfLoggedIn {
  readonly half: string;
  readonly step: SecondStep;
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

  /**
   * Takes name and password, and opens a session, or says what is wanted besides.
   * @throws WatchpostError `api.bad_credentials`, `api.login_slowed` or `api.login_busy`
   */
  async logIn(request: LogInRequest): Promise<LoggedIn | HalfLoggedIn> {
    return this.#noted(request.user, addressGroup(request.address), async (group) => {
      const { account, device } = await this.#check(request, group);
      const half = await this.#options.secondSteps?.begin(account, request.rp);
      if (half) return { half: half.token, step: half.step };
      return this.#open(account, request, device, group);
    });
  }

  /**
   * Takes the second factor. Its tries count as those of passwords do.
   * @throws WatchpostError `account.factor_*`, `api.login_slowed` or `api.login_busy`
   */
  async second({ token, proof, deviceCookies, ...request }: SecondStepTry): Promise<LoggedIn> {
    const steps = this.#options.secondSteps;
    if (!steps) throw new WatchpostError('account.factor_step_ended');
    const { name } = steps.accountOf(token);
    return this.#noted(name, addressGroup(request.address), async (group) => {
      const device = this.#devices.read(name, deviceCookies(name), this.#options.nowMs());
      const admitted = await this.#limits.admit({ account: name, group, device });
      let outcome: 'right' | 'wrong' | 'unchecked' = 'unchecked';
      try {
        outcome = 'wrong';
        const account = await steps.prove(token, proof);
        outcome = 'right';
        return await this.#open(account, request, device, group, proof.kind);
      } finally {
        admitted.settle(outcome);
      }
    });
  }

  /**
   * Opens a session for whom `prove` finds, by another way than the password. `name`: who it is about, as far
   * as that is known; empty: nobody.
   * @throws WatchpostError what `prove` throws
   */
  proven(
    {
      name,
      factor,
      deviceCookies,
      ...request
    }: Omit<SecondStepTry, 'token' | 'proof'> & {
      readonly name: string;
      readonly factor: string;
    },
    prove: () => Promise<Account>,
  ): Promise<LoggedIn> {
    return this.#noted(name, addressGroup(request.address), async (group) => {
      const account = await prove();
      const device = this.#devices.read(account.name, deviceCookies(account.name), this.#options.nowMs());
      return this.#open(account, request, device, group, factor);
    });
  }

  /**
   * Whether somebody who is logged in knows the password of the account, tried within the same limits.
   * @throws WatchpostError `account.wrong_password`, `account.no_password`, `api.login_slowed` or
   *   `api.login_busy`
   */
  async prove(request: LogInRequest): Promise<Account> {
    const group = addressGroup(request.address);
    const known = await findAccount(this.#options.db, request.user);
    if (known && !hasPassword(known.password)) throw new WatchpostError('account.no_password');
    try {
      return (await this.#check(request, group, 'right')).account;
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw error;
      await this.#refused(error, request.user, group);
      if (error.code === 'api.bad_credentials')
        throw new WatchpostError('account.wrong_password', { path: '/password' });
      throw error;
    }
  }

  async #noted<T extends LoggedIn | HalfLoggedIn>(
    user: string,
    group: string,
    work: (group: string) => Promise<T>,
  ): Promise<T> {
    try {
      const done = await work(group);
      if ('session' in done) {
        this.#options.logins.inc({ result: 'ok' });
        this.#options.logger.info({ account: user, addressGroup: group }, 'log-in');
      }
      return done;
    } catch (error) {
      if (error instanceof WatchpostError) await this.#refused(error, user, group);
      throw error;
    }
  }

  async #open(
    account: Account,
    { origin }: Pick<LogInRequest, 'origin'>,
    device: string | undefined,
    group: string,
    factor?: string,
  ): Promise<LoggedIn> {
    const { db, sessions, nowMs } = this.#options;
    const { id, name } = account;
    const opened = await sessions.open(account, origin);
    const at = new Date(nowMs()).toISOString();
    await db.transaction().execute(async (tx) => {
      await tx.updateTable('account').set({ last_used_at: at }).where('id', '=', id).execute();
      await append(tx, {
        ...{ at, actor: { account: id, name }, site: null, action: 'log_in', reason: null, outcome: 'done' },
        subject: { kind: 'account', id },
        details: { addressGroup: group, ...(factor === undefined ? {} : { factor }) },
      });
    });
    return { ...opened, deviceCookie: this.#devices.issue(name, nowMs(), device) };
  }

  /**
   * Checks name and password. A right password that is not the end of it forgives nothing: who knows it must
   * not get more tries at the second factor by it.
   */
  async #check(
    { user, password, deviceCookie }: LogInRequest,
    group: string,
    whenRight?: 'right',
  ): Promise<{ readonly account: Account; readonly device: string | undefined }> {
    const { db, nowMs } = this.#options;
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
        outcome = whenRight ?? ((await this.#wantsMore(found)) ? 'unchecked' : 'right');
        return found;
      });
      return { account, device };
    } finally {
      admitted.settle(outcome);
    }
  }

  async #wantsMore({ id }: Account): Promise<boolean> {
    return this.#options.secondSteps !== undefined && (await factorsOf(this.#options.db, id)).length > 0;
  }

  /** Counted each time; in the log and in the audit log at most so often for an address group. */
  async #refused({ code, details }: WatchpostError, account: string, group: string): Promise<void> {
    const result = {
      'api.bad_credentials': 'refused',
      'api.login_slowed': `slowed_${String(details.limit)}`,
      'api.login_busy': 'busy',
      'account.factor_wrong': 'factor_wrong',
      'account.passkey_refused': 'passkey_refused',
      'account.passkey_copied': 'passkey_refused',
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
    await this.#auditRefusal(code, account, { addressGroup: group, alsoRefused: leftOut });
  }

  /** What nobody is called may be a password that was typed in the wrong place: it is not written down. */
  async #auditRefusal(code: string, user: string, details: AuditDetails): Promise<void> {
    const { db, nowMs, logger } = this.#options;
    try {
      const known = await findAccount(db, user);
      await append(db, {
        ...{ at: new Date(nowMs()).toISOString(), site: null, reason: null, outcome: 'refused' },
        actor: known ? { account: known.id, name: known.name } : { account: null, name: '' },
        action: 'log_in_refused',
        subject: known ? { kind: 'account', id: known.id } : null,
        details: { code, ...details },
      });
    } catch (err) {
      logger.error({ err }, 'a refused log-in could not be written into the audit log');
    }
  }
}
