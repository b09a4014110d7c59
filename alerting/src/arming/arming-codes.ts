import { type OwnArmingCode, rolePermissions } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ArmingArea } from '@watchpost/contracts/site';
import { hashPassword, verifyPassword } from '../accounts/password.ts';
import { PasswordQueue } from '../accounts/password-queue.ts';
import { TokenBuckets } from '../accounts/token-buckets.ts';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person, zonesFor } from '../governance/person.ts';
import { everySite, findAccount } from '../store/account-store.ts';
import { codesOf, saveCodes } from '../store/arming-store.ts';
import type { Queryable } from '../store/schema.ts';
import { armingPolicy } from './policy.ts';

/** Whose code was typed, and whether it says that they were forced. */
export interface CheckedCode {
  readonly account: string;
  readonly name: string;
  readonly silent: boolean;
}

/** What a code was typed for. */
export interface TypedCode {
  readonly site: string;
  readonly area: ArmingArea;
  readonly code: string;
}

/** Digits that count up, count down, or are all the same. */
function isRow(code: string): boolean {
  const steps = [...code].slice(1).map((digit, index) => Number(digit) - Number(code[index]));
  return [-1, 0, 1].some((step) => steps.every((one) => one === step));
}

/**
 * The codes with which people disarm. Both of a person are always checked, so that neither the answer nor its
 * time says which one was typed, or whether there is a second one.
 */
export class ArmingCodes {
  readonly #db: Queryable;
  readonly #monotonicMs: () => number;
  readonly #wrong = new TokenBuckets(armingPolicy.codes, armingPolicy.codeKeysAtMost);
  readonly #queue = new PasswordQueue(armingPolicy.codeChecks.atOnce, armingPolicy.codeChecks.waitingAtMost);

  constructor(db: Queryable, monotonicMs: () => number) {
    this.#db = db;
    this.#monotonicMs = monotonicMs;
  }

  async has(account: string): Promise<boolean> {
    return (await codesOf(this.#db, account)) !== undefined;
  }

  /**
   * Checks the code of a person who is logged in.
   * @throws WatchpostError `arming.code_wrong`, `arming.code_slowed`, `api.login_busy`
   */
  ofPerson({ account, name }: Person, typed: TypedCode): Promise<CheckedCode> {
    return this.#check({ account, name }, name, typed);
  }

  /**
   * Checks the code of somebody whom a program names: an unknown name answers as a wrong code does.
   * @throws WatchpostError as {@link ofPerson}
   */
  async ofName(user: string, typed: TypedCode): Promise<CheckedCode> {
    const account = await findAccount(this.#db, user);
    const role = account && (account.roles[typed.site] ?? account.roles[everySite]);
    const zones = account?.zones[typed.site];
    const may =
      account?.isDisabled === false &&
      role !== undefined &&
      rolePermissions[role].includes('arming.set') &&
      (zones === undefined || typed.area.zones.every((zone) => zones.includes(zone)));
    return this.#check(may ? { account: account.id, name: account.name } : undefined, user, typed);
  }

  async #check(
    owner: Omit<CheckedCode, 'silent'> | undefined,
    name: string,
    { site, area, code }: TypedCode,
  ): Promise<CheckedCode> {
    const key = `${name} ${site} ${area.id}`;
    const nowMs = this.#monotonicMs();
    const waitMs = this.#wrong.waitMs(key, nowMs);
    if (waitMs > 0)
      throw new WatchpostError('arming.code_slowed', {
        details: { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
      });
    // Taken before the check, so that tries side by side count too.
    this.#wrong.take(key, nowMs);
    const stored = owner && (await codesOf(this.#db, owner.account));
    const { isCode, isDuress } = await this.#queue.run({ lane: 'known', failures: 0 }, async () => ({
      isCode: await verifyPassword(code, stored?.code),
      isDuress: await verifyPassword(code, stored?.duress ?? undefined),
    }));
    if (!owner || !(isCode || isDuress)) throw new WatchpostError('arming.code_wrong');
    this.#wrong.clear(key);
    return { ...owner, silent: isDuress };
  }

  /**
   * Sets the codes of a person. `areas`: of the sites on which they may arm.
   * @throws WatchpostError `arming.code_unfit`, `arming.duress_seen`
   */
  async set(
    person: Person,
    areas: readonly { readonly site: string; readonly area: ArmingArea }[],
    { code, duress }: OwnArmingCode,
    nowMs: number,
  ): Promise<void> {
    if (isRow(code)) throw new WatchpostError('arming.code_unfit', { path: '/code' });
    if (duress !== null && (isRow(duress) || duress === code))
      throw new WatchpostError('arming.code_unfit', { path: '/duress' });
    if (duress !== null && !isHiddenFrom(person, areas)) throw new WatchpostError('arming.duress_seen');
    const stored = await this.#queue.run({ lane: 'known', failures: 0 }, async () => ({
      code: await hashPassword(code),
      duress: duress === null ? null : await hashPassword(duress),
    }));
    const at = new Date(nowMs).toISOString();
    await this.#db.transaction().execute(async (tx) => {
      await saveCodes(tx, person.account, stored, at);
      // Whether there is a second code is nobody’s business.
      await append(tx, {
        ...{ at, actor: actorOf(person), site: null, action: 'arming_code_set', outcome: 'done' },
        ...{ subject: { kind: 'account', id: person.account }, reason: null, details: {} },
      });
    });
  }
}

/** Whether a silent alarm would be heard by others and seen on no screen of the person. */
function isHiddenFrom(
  person: Person,
  areas: readonly { readonly site: string; readonly area: ArmingArea }[],
): boolean {
  const silent = areas.filter(({ area }) => area.silentZone !== undefined);
  return (
    silent.length > 0 &&
    silent.every(({ site, area }) => {
      const zones = zonesFor(person, site);
      return zones !== null && !zones.some((zone) => zone === area.silentZone);
    })
  );
}
