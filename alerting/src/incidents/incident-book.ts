import type { Alert } from '@watchpost/contracts/alert';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { Consequence } from '../store/change-log.ts';
import {
  addMembers,
  extentOfJoinable,
  incidentIdsOf,
  lockIncidents,
  lockOpening,
  membersOf,
  saveIncidents,
} from '../store/incident-store.ts';
import type { Queryable } from '../store/schema.ts';
import { isSuppressed } from '../suppression/suppression.ts';
import { isNear } from './choose-incident.ts';
import { concernOf } from './concern.ts';
import { deriveIncident } from './derive-incident.ts';
import { type IncidentChange, kindOfChange, type MemberChange } from './incident-change.ts';
import { IncidentPlaces } from './incident-places.ts';
import { concernRules, type IncidentPolicy, incidentPolicy } from './policy.ts';

/**
 * Does what follows from changes of incidents, in their transaction. What it returns runs once that is
 * committed. An incident that it is told of is locked.
 */
export type IncidentHook = (
  tx: Queryable,
  changes: readonly IncidentChange[],
) => Promise<(() => void) | undefined>;

/** What {@link IncidentBook} needs. */
export interface IncidentBookOptions {
  readonly directory: Pick<SiteDirectory, 'site' | 'device' | 'planOf'>;
  readonly policy: IncidentPolicy;
  readonly nowMs: () => number;
}

/**
 * Keeps the incidents of a site: written with each change of an alert, in its transaction. Every alert is in
 * exactly one incident from its opening on.
 */
export class IncidentBook {
  readonly #options: IncidentBookOptions;
  readonly #hooks = new Set<IncidentHook>();

  constructor(options: IncidentBookOptions) {
    this.#options = options;
  }

  /** From now on every change of an incident has this consequence, until the returned function is called. */
  also(hook: IncidentHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /** Writes what changes of alerts do to incidents. Further events and notes do nothing. */
  readonly write: Consequence = async (tx, entries) => {
    const members = membersIn(entries, this.#options.directory.site.id);
    if (members.length === 0) return undefined;
    return this.tell(tx, await this.#apply(tx, members));
  };

  /** Tells everybody whom a change of incidents concerns, in its transaction. */
  async tell(tx: Queryable, changes: readonly IncidentChange[]): Promise<(() => void) | undefined> {
    const afterwards: (() => void)[] = [];
    for (const hook of this.#hooks) {
      const told = await hook(tx, changes);
      if (told) afterwards.push(told);
    }
    return () => {
      for (const told of afterwards) told();
    };
  }

  async #apply(tx: Queryable, changed: readonly MemberChange[]): Promise<IncidentChange[]> {
    const { directory, nowMs } = this.#options;
    const site = directory.site.id;
    const incidentOf = await incidentIdsOf(
      tx,
      site,
      changed.map(({ after }) => after.id),
    );
    const without = changed.filter(({ after }) => !incidentOf.has(after.id));
    const near = await this.#joinable(tx, without);
    const locked = await lockIncidents(tx, site, [...incidentOf.values(), ...near.keys()]);
    const places = new IncidentPlaces(locked, near, this.#options);
    for (const change of without) incidentOf.set(change.after.id, places.place(change));
    const now = new Date(nowMs()).toISOString();
    await addMembers(
      tx,
      site,
      without.map(({ after }) => ({ alert: after.id, incident: incidentOf.get(after.id) ?? after.id })),
      now,
    );
    const ids = [...new Set(incidentOf.values())].sort();
    const summaries = await membersOf(tx, site, ids);
    const changes = ids.flatMap((id): IncidentChange[] => {
      const summary = summaries.get(id);
      const begun = places.begun.get(id);
      const was = locked.get(id) ?? begun?.incident;
      if (!summary || !was) return [];
      const members = changed.filter(({ after }) => incidentOf.get(after.id) === id);
      const joined = members.filter(({ before }) => before === undefined).map(({ after }) => after.openedAt);
      const last = joined.toSorted().at(-1);
      const after = {
        ...deriveIncident(was, summary, now, last),
        ...(begun?.isNew ? { version: 1, changedIn: 1 } : {}),
      };
      const before = begun?.isNew ? undefined : was;
      return [{ before, after, kind: kindOfChange(before, after, members), members }];
    });
    await saveIncidents(
      tx,
      changes.map(({ after }) => after),
    );
    return changes;
  }

  /**
   * Devices of the incidents that alerts which have none might join, by incident: only of those near by, so
   * that nobody waits for others.
   */
  async #joinable(
    tx: Queryable,
    without: readonly MemberChange[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const { directory, policy } = this.#options;
    const opening = without.filter(
      ({ before, after }) => !before && concernRules[concernOf(after)].groups !== 'never',
    );
    const [first] = opening;
    if (!first) return new Map();
    const { site } = directory;
    // Two that open at the same time in different transactions are one incident all the same.
    await lockOpening(tx, site.id);
    const concerns = [...new Set(opening.map(({ after }) => concernOf(after)))];
    const since = opening.reduce((ms, { after }) => Math.min(ms, Date.parse(after.openedAt)), Infinity);
    const sinceMs = since - policy.windowMs;
    const zones = [...new Set(opening.map(({ after }) => after.zone))];
    const of = { concerns, zones };
    const known = await extentOfJoinable(tx, site.id, of, sinceMs, incidentPolicy.lookedAt);
    const near = known.filter((extent) =>
      opening.some(({ after }) => isNear(after, extent, directory, policy)),
    );
    return new Map(near.map(({ id, devices }) => [id, devices]));
  }
}

/** What of a transaction concerns incidents: alerts that open, or of which something changed that counts. */
function membersIn(entries: readonly ChangeEntry[], site: string): MemberChange[] {
  const changed = new Map<string, { readonly before: Alert | undefined; after: Alert }>();
  for (const { alert, before } of entries) {
    if (alert.site !== site) continue;
    const known = changed.get(alert.id);
    if (known) known.after = alert;
    else changed.set(alert.id, { before, after: alert });
  }
  return [...changed.values()].filter(
    ({ before, after }) =>
      !before ||
      before.state !== after.state ||
      before.severity !== after.severity ||
      isSuppressed(before) !== isSuppressed(after) ||
      before.details.flapping !== after.details.flapping,
  );
}
