import type { Incident } from '@watchpost/contracts/alert';
import { describeSession } from '../../accounts/describe-session.ts';
import type { Person } from '../../governance/person.ts';
import { type Account, findAccountById } from '../../store/account-store.ts';
import type { Queryable } from '../../store/schema.ts';

/** A person who may take an incident, with the zones of its site that exist for them; null: all. */
export interface LinkPerson extends Person {
  readonly zones: readonly string[] | null;
}

/** The person of an account, if they may take this incident now: whoever is disabled or limited may not. */
export async function personWhoMayTake(
  db: Queryable,
  account: string,
  { site, zones: places }: Pick<Incident, 'site' | 'zones'>,
): Promise<LinkPerson | undefined> {
  const found = await findAccountById(db, account);
  return found && mayTake(found, site, places);
}

function mayTake(
  account: Account,
  site: Incident['site'],
  places: readonly string[],
): LinkPerson | undefined {
  if (account.isDisabled || account.kind !== 'person') return undefined;
  const { sites } = describeSession({ ...account, hasFactor: true }, [site], '');
  const [reach] = sites;
  if (!reach?.permissions.includes('alerts.decide')) return undefined;
  const { zones } = reach;
  if (zones !== null && !places.some((place) => zones.some((zone) => zone === place))) return undefined;
  return { account: account.id, name: account.name, sites, zones };
}
