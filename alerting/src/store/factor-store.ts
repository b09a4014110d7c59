import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';

/** A second factor as stored. */
export type StoredFactor = Selectable<Database['account_factor']>;

/**
 * Whether the account of a statement is one that an identity provider vouches for, and has no password here:
 * the provider answers for how it knows the person, a second factor among it.
 */
export const isByProviderColumn: RawBuilder<boolean> = sql<boolean>`(account.password not like 'argon2id$%'
  and exists (select from account_identity where account_identity.account = account.id))`;

/** Whether the account of a statement has a second factor that is set up, here or at its provider. */
export const hasFactorColumn: RawBuilder<boolean> = sql<boolean>`(exists (select from account_factor
  where account_factor.account = account.id and confirmed_at is not null) or ${isByProviderColumn})`;

/** As {@link isByProviderColumn}, of one account by its id. */
export async function isByProvider(db: Queryable, account: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select(isByProviderColumn.as('by_provider'))
    .where('id', '=', account)
    .executeTakeFirst();
  return row?.by_provider ?? false;
}

/** A factor to be stored. */
export interface NewFactor {
  /** Id of the account. */
  readonly account: string;
  readonly kind: StoredFactor['kind'];
  readonly label: string;
  /** Sealed. */
  readonly secret?: string;
  /** By which a passkey is found. */
  readonly credential?: string;
  /** What the kind needs besides, no secret. */
  readonly data?: object;
  /** Of a passkey: what its authenticator has counted so far. */
  readonly step?: number;
  /** Asked for at log-in from now on; else once {@link confirmFactor} was called. */
  readonly isConfirmed: boolean;
}

/** Stores a factor; of a time-based one that waits for its code only the newest stays. */
export async function insertFactor(tx: Queryable, factor: NewFactor, now: string): Promise<string> {
  const { account, kind, label, secret = null, credential = null, data = {}, isConfirmed } = factor;
  const { step = null } = factor;
  if (!isConfirmed)
    await tx
      .deleteFrom('account_factor')
      .where('account', '=', account)
      .where('kind', '=', kind)
      .where('confirmed_at', 'is', null)
      .execute();
  const { id } = await tx
    .insertInto('account_factor')
    .values({
      ...{ account, kind, label, secret, credential, data: JSON.stringify(data) },
      created_at: now,
      confirmed_at: isConfirmed ? now : null,
      last_step: step,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The factors of an account, oldest first: those that are set up, or those that wait. */
export function factorsOf(db: Queryable, account: string, isConfirmed = true): Promise<StoredFactor[]> {
  return db
    .selectFrom('account_factor')
    .selectAll()
    .where('account', '=', account)
    .where('confirmed_at', isConfirmed ? 'is not' : 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** From now on the factor is asked for. */
export async function confirmFactor(tx: Queryable, id: string, step: number, now: string): Promise<void> {
  await tx
    .updateTable('account_factor')
    .set({ confirmed_at: now, last_used_at: now, last_step: step })
    .where('id', '=', id)
    .execute();
}

/** Uses a time step up; false when it, or a later one, was used: of two who come at once, one gets it. */
export async function useStep(tx: Queryable, id: string, step: number, now: string): Promise<boolean> {
  const result = await tx
    .updateTable('account_factor')
    .set({ last_step: step, last_used_at: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/** The passkey with this credential id, whosever it is. */
export function findCredential(db: Queryable, credential: string): Promise<StoredFactor | undefined> {
  return db
    .selectFrom('account_factor')
    .selectAll()
    .where('kind', '=', 'passkey')
    .where('credential', '=', credential)
    .executeTakeFirst();
}

/**
 * Notes what the authenticator of a passkey has counted; false when it did not rise, unless it counts nothing
 * and says 0.
 */
export async function useCounter(tx: Queryable, id: string, counter: number, now: string): Promise<boolean> {
  const result = await tx
    .updateTable('account_factor')
    .set({ last_step: counter, last_used_at: now })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([
        eb('last_step', 'is', null),
        eb('last_step', '<', counter),
        ...(counter === 0 ? [eb('last_step', '=', 0)] : []),
      ]),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/** Takes the passkeys of an account away; with the last factor the recovery codes go too. */
export async function deletePasskeys(tx: Queryable, account: string): Promise<void> {
  await tx
    .deleteFrom('account_factor')
    .where('account', '=', account)
    .where('kind', '=', 'passkey')
    .execute();
  if ((await factorsOf(tx, account)).length === 0) await replaceRecoveryCodes(tx, account, []);
}

/** Removes a factor of an account; false when it has none with this id. */
export async function deleteFactor(tx: Queryable, account: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('account_factor')
    .where('account', '=', account)
    .where('id', '=', id)
    .executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

/** Takes every factor and recovery code of an account away. */
export async function deleteFactors(tx: Queryable, account: string): Promise<void> {
  await tx.deleteFrom('account_factor').where('account', '=', account).execute();
  await tx.deleteFrom('account_recovery_code').where('account', '=', account).execute();
}

/** Puts these hashes in the place of the recovery codes of before. */
export async function replaceRecoveryCodes(
  tx: Queryable,
  account: string,
  hashes: readonly string[],
): Promise<void> {
  await tx.deleteFrom('account_recovery_code').where('account', '=', account).execute();
  if (hashes.length === 0) return;
  await tx
    .insertInto('account_recovery_code')
    .values(hashes.map((code_hash) => ({ account, code_hash })))
    .execute();
}

/** Uses a recovery code up; false when there is none with this hash. */
export async function takeRecoveryCode(tx: Queryable, account: string, hash: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('account_recovery_code')
    .where('account', '=', account)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(db: Queryable, account: string): Promise<number> {
  const row = await db
    .selectFrom('account_recovery_code')
    .select((eb) => eb.fn.countAll<number>().as('codes'))
    .where('account', '=', account)
    .executeTakeFirst();
  return Number(row?.codes ?? 0);
}
