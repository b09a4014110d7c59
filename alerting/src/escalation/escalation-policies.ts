import type {
  EscalationPolicy,
  EscalationPolicyRequest,
  EscalationReach,
  EscalationRun,
  EscalationStep,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { DutyLookup } from '../duty/roster.ts';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { findRota } from '../store/duty-store.ts';
import { deletePolicy, policiesOf, type StoredPolicy, savePolicy } from '../store/escalation-policy-store.ts';
import { type RunRow, reachedBy, runsOf } from '../store/escalation-store.ts';
import { personsAccount } from '../store/receiver-store.ts';
import type { Queryable } from '../store/schema.ts';
import { escalationPolicy } from './policy.ts';

/** What {@link EscalationPolicies} needs. */
export interface EscalationPoliciesOptions {
  readonly db: Queryable;
  /** Sites of this server with the zones of each. */
  readonly sites: ReadonlyMap<string, ReadonlySet<string>>;
  readonly duty: DutyLookup;
  readonly nowMs: () => number;
}

/**
 * By which steps people of a site are told, and how far that has come. Every change is one transaction with
 * its entry in the audit log; what runs keeps the steps with which it began.
 */
export class EscalationPolicies {
  readonly #options: EscalationPoliciesOptions;

  constructor(options: EscalationPoliciesOptions) {
    this.#options = options;
  }

  /** Those of a site, in the order in which they are asked, with whom each step would tell now. */
  async list(site: SiteId): Promise<EscalationPolicy[]> {
    const policies = await policiesOf(this.#options.db, site);
    return Promise.all(policies.map((policy) => this.#toView(site, policy)));
  }

  /**
   * Makes or changes one; the same again changes nothing.
   * @throws WatchpostError `escalation.changed`, `escalation.too_many`, `escalation.last_step`,
   *   `escalation.target_unknown`, `escalation.zone_unknown`
   */
  async save(person: Person, site: SiteId, request: EscalationPolicyRequest): Promise<EscalationPolicy> {
    const { db } = this.#options;
    const saved = await db.transaction().execute(async (tx) => {
      const known = await policiesOf(tx, site);
      const before = known.find(({ id }) => id === request.id);
      if (before && isSame(before, request)) return before;
      if ((before?.version ?? null) !== request.version)
        throw new WatchpostError('escalation.changed', { path: '/version' });
      if (!before && known.length >= escalationPolicy.atMost)
        throw new WatchpostError('escalation.too_many', { details: { atMost: escalationPolicy.atMost } });
      await this.#check(tx, site, request);
      const policy = { ...request, version: (before?.version ?? 0) + 1, changedAt: this.#now() };
      await savePolicy(tx, site, policy);
      const { id, name, version, severities, steps } = policy;
      const details = { name, version, severities: [...severities], steps: steps.length };
      await this.#note(tx, person, site, 'escalation_policy_saved', id, details);
      return policy;
    });
    return this.#toView(site, saved);
  }

  /** What runs by it goes on. @throws WatchpostError `api.not_found` */
  async remove(person: Person, site: SiteId, id: string): Promise<void> {
    await this.#options.db.transaction().execute(async (tx) => {
      const name = await deletePolicy(tx, site, id);
      if (name === undefined) throw new WatchpostError('api.not_found');
      await this.#note(tx, person, site, 'escalation_policy_removed', id, { name });
    });
  }

  /** What goes on, or how far one alert has come. */
  async runs(site: SiteId, subject: string | undefined): Promise<EscalationRun[]> {
    const rows = await runsOf(this.#options.db, site, subject, escalationPolicy.runsShown);
    return rows.map(toRun);
  }

  async #check(tx: Queryable, site: SiteId, { zones, steps }: EscalationPolicyRequest): Promise<void> {
    const known = this.#options.sites.get(site) ?? new Set();
    const unknown = (zones ?? []).findIndex((zone) => !known.has(zone));
    if (unknown >= 0) throw new WatchpostError('escalation.zone_unknown', { path: `/zones/${unknown}` });
    const receivers = await tx
      .selectFrom('receiver')
      .select(['id', 'account'])
      .where('site', '=', site)
      .execute();
    const ofNobody = new Set(receivers.flatMap(({ id, account }) => (account === null ? [id] : [])));
    for (const [step, { targets }] of steps.entries())
      for (const [index, target] of targets.entries()) {
        const isKnown =
          target.kind === 'receiver'
            ? receivers.some(({ id }) => id === target.receiver)
            : target.kind === 'person'
              ? (await personsAccount(tx, site, target.account)) !== undefined
              : (await findRota(tx, [{ site, zones: null }], target.rota)) !== undefined;
        const path = `/steps/${step}/targets/${index}`;
        if (!isKnown) throw new WatchpostError('escalation.target_unknown', { path });
      }
    const last = steps.at(-1);
    const isForPrograms = last?.targets.some((one) => one.kind === 'receiver' && ofNobody.has(one.receiver));
    if (!isForPrograms || last?.repeat?.times !== null || last.onlyFor !== null)
      throw new WatchpostError('escalation.last_step', { path: `/steps/${steps.length - 1}` });
  }

  async #toView(site: SiteId, policy: StoredPolicy): Promise<EscalationPolicy> {
    const reached = await Promise.all(policy.steps.map((step) => this.#reached(site, step)));
    return { ...policy, site, reached };
  }

  async #reached(site: SiteId, { targets, channels }: EscalationStep): Promise<EscalationReach[]> {
    const { db, duty, nowMs } = this.#options;
    const receivers: string[] = [];
    const people: string[] = [];
    for (const target of targets) {
      if (target.kind === 'receiver') receivers.push(target.receiver);
      if (target.kind === 'person') people.push(target.account);
      if (target.kind === 'rota') people.push((await duty.onDuty(site, target.rota, nowMs()))?.person ?? '');
    }
    return reachedBy(db, site, { receivers, people, channels });
  }

  async #note(
    tx: Queryable,
    person: Person,
    site: SiteId,
    action: 'escalation_policy_saved' | 'escalation_policy_removed',
    id: string,
    details: Parameters<typeof append>[1]['details'],
  ): Promise<void> {
    await append(tx, {
      ...{ at: this.#now(), actor: actorOf(person), site, action, details },
      ...{ subject: { kind: 'escalation_policy', id }, reason: null, outcome: 'done' },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

const textOf = ({
  id,
  name,
  place,
  severities,
  zones,
  concerns,
  steps,
}: Omit<StoredPolicy, 'version' | 'changedAt'>) =>
  JSON.stringify({ id, name, place, severities, zones, concerns, steps: steps.map(inOrder) });
/** JSON of the database has an order of its own. */
const inOrder = ({ waitSeconds, targets, channels, onlyFor, repeat }: EscalationStep) => ({
  ...{ waitSeconds, channels, onlyFor },
  targets: targets.map((target) => Object.entries(target).sort()),
  repeat: repeat && { every: repeat.everySeconds, times: repeat.times },
});
const isSame = (before: StoredPolicy, { version: _, ...request }: EscalationPolicyRequest): boolean =>
  textOf(before) === textOf(request);

function toRun({
  policy,
  name,
  policy_version: version,
  ...row
}: RunRow & { next_at: Date | null }): EscalationRun {
  const { subject, steps, state, severity, step } = row;
  return {
    ...{ subject, steps, state, severity, step },
    policy: policy === null ? null : { id: policy, name: name ?? '', version: version ?? 1 },
    nextAt: row.next_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by === '' ? null : row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    emptyAt: row.empty_at?.toISOString() ?? null,
  };
}
