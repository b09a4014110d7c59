import { randomUUID } from 'node:crypto';
import {
  type AuditEntry,
  type ListEntry,
  type ListEntryRequest,
  rolePermissions,
} from '@watchpost/contracts/api';
import { siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import { pino } from 'pino';
import { entriesAfter } from '../governance/audit-log.ts';
import { Governance } from '../governance/governance.ts';
import { ListReconciler } from '../governance/list-reconciler.ts';
import type { Person } from '../governance/person.ts';
import { defaultSiteListsPolicy, type SiteListsPolicy } from '../governance/policy.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from './empty-cluster.ts';
import { FakeEnroller } from './fake-enroller.ts';
import { FakePermits } from './permit-contract.ts';

export const north = siteIdSchema.parse('north');
export const zone = (id: string) => zoneIdSchema.parse(id);
export const dayMs = 86_400_000;
export const jpeg = (text: string) => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(text)]);

type Role = keyof typeof rolePermissions;

/** Somebody with an account on the site; `zones` null = all of them. */
export const person = (
  role: Role = 'supervisor',
  zones: string[] | null = null,
  account: string = randomUUID(),
): Person => ({
  ...{ account, name: `${role} ${account.slice(0, 4)}` },
  sites: [{ site: north, role, permissions: [...rolePermissions[role]], zones: zones?.map(zone) ?? null }],
});

/** A step of somebody on an entry as they saw it. */
export const order = (who: Person, { id, version }: Pick<ListEntry, 'id' | 'version'>, reason?: string) => ({
  ...{ person: who, sites: [north], id, version, reason },
});

/** `done`, or the code and the path of what an attempt was refused for. */
export const refused = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code?: string; path?: string }) => [error.code, error.path].filter(Boolean).join(' '),
  );

/** The lists of a site of three zones over a store of their own, with a clock that tests move. */
export class ListSite {
  readonly store: Store;
  nowMs = Date.UTC(2026, 10, 27);
  enroller = new FakeEnroller();
  permits = new FakePermits();
  #governance: Governance | undefined;
  #reconciler: ListReconciler | undefined;

  private constructor(store: Store) {
    this.store = store;
  }

  static async open(): Promise<ListSite> {
    return new ListSite(await openStore(await embeddedStore()));
  }

  get governance(): Governance {
    if (!this.#governance) throw new Error('not begun');
    return this.#governance;
  }

  get reconciler(): ListReconciler {
    if (!this.#reconciler) throw new Error('not begun');
    return this.#reconciler;
  }

  /** Begins anew, with nobody on a list. */
  async begin(): Promise<void> {
    this.nowMs = Date.UTC(2026, 10, 27);
    await sql`delete from list_entry`.execute(this.store.db);
    this.enroller = new FakeEnroller();
    this.permits = new FakePermits();
    this.govern(defaultSiteListsPolicy);
  }

  /** The lists as they are with these numbers of the site. */
  govern(policy: SiteListsPolicy): void {
    const { enroller, permits } = this;
    this.#governance = new Governance({
      ...{ ...this.#options, enroller, permits },
      sites: new Map([[north, new Set(['hall', 'gate', 'vault'])]]),
      policies: new Map([[north, policy]]),
    });
    this.#reconciler = this.newReconciler(policy);
  }

  /** One that knows nothing of what went before, as after a start. */
  newReconciler(policy: SiteListsPolicy = defaultSiteListsPolicy): ListReconciler {
    const { enroller, permits } = this;
    return new ListReconciler({ ...this.#options, site: north, permits, enroller, policy });
  }

  /** A moment so many days from now. */
  at(days: number): string {
    return new Date(this.nowMs + days * dayMs).toISOString();
  }

  request(changed: Partial<ListEntryRequest> = {}): ListEntryRequest {
    return {
      ...{
        list: 'watch',
        label: 'Zhang San 张三',
        legalBasis: 'Order 7',
        authority: 'Court',
        purpose: 'Theft',
      },
      ...{ reason: 'Stole twice', instruction: 'Call the police', area: [zone('hall')] },
      ...{ expires: this.at(90), review: this.at(30), ...changed },
    };
  }

  async proposed(who: Person, changed: Partial<ListEntryRequest> = {}): Promise<ListEntry> {
    const { lists, photos } = this.governance;
    const draft = await lists.create(who, north, this.request(changed));
    const { entry } = await photos.add(order(who, draft), jpeg(draft.id), false);
    return lists.propose(order(who, entry));
  }

  async active(changed: Partial<ListEntryRequest> = {}): Promise<ListEntry> {
    return this.governance.lists.approve(order(person(), await this.proposed(person(), changed)));
  }

  /** The whole audit log. */
  log(): Promise<AuditEntry[]> {
    return entriesAfter(this.store.db, 0, 10_000);
  }

  get #options() {
    const log = pino({ level: 'silent' });
    return { db: this.store.db, nowMs: () => this.nowMs, newId: () => randomUUID(), logger: log };
  }
}
