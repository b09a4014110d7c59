import { isDeepStrictEqual } from 'node:util';
import type { AccountScope } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { lockAccounts } from '../../store/account-link-store.ts';
import { type Account, findAccount, rightsOf, writeAccount } from '../../store/account-store.ts';
import { accountOfIdentity, bindIdentity, type ProviderIdentity } from '../../store/identity-store.ts';
import type { Queryable } from '../../store/schema.ts';

/** The stored password of who has none: nothing that anybody types gives it. */
const noPassword = 'none';

/**
 * The account of an identity, with the roles that the provider gives it now: made at the first log-in. An
 * account of the same name that is not bound to this identity stays somebody else’s.
 * @throws WatchpostError `account.oidc_name_taken`, `account.disabled`
 */
export function admitIdentity(
  db: Queryable,
  identity: ProviderIdentity,
  { name, scopes }: { readonly name: () => string; readonly scopes: readonly AccountScope[] },
  now: string,
): Promise<Account> {
  return db.transaction().execute(async (tx) => {
    await lockAccounts(tx);
    const bound = await accountOfIdentity(tx, identity);
    const rights = rightsOf(scopes);
    if (bound) {
      if (bound.isDisabled) throw new WatchpostError('account.disabled');
      const isSame = isDeepStrictEqual([bound.roles, bound.zones], [rights.roles, rights.zones]);
      if (!isSame) await writeAccount(tx, { name: bound.name, password: bound.password, ...rights });
      return { ...bound, ...rights };
    }
    const chosen = name();
    if (await findAccount(tx, chosen)) throw new WatchpostError('account.oidc_name_taken');
    await writeAccount(tx, { name: chosen, password: noPassword, ...rights });
    const made = await findAccount(tx, chosen);
    if (!made) throw new WatchpostError('api.internal');
    await bindIdentity(tx, identity, made.id, now);
    return made;
  });
}

/** Takes the roles of an identity away, which ends its sessions: the provider gives it none any more. */
export async function dismissIdentity(db: Queryable, identity: ProviderIdentity): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockAccounts(tx);
    const bound = await accountOfIdentity(tx, identity);
    if (!bound) return;
    await tx.deleteFrom('account_site').where('account', '=', bound.name).execute();
    await tx.deleteFrom('session').where('account', '=', bound.name).execute();
  });
}
