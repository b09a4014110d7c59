import type { Alert, Incident } from '@watchpost/contracts/alert';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import type { Consequence } from '../store/change-log.ts';
import {
  addMembers,
  incidentIdsOf,
  lockIncidents,
  membersOf,
  saveIncidents,
} from '../store/incident-store.ts';
import type { Queryable } from '../store/schema.ts';
import { isSuppressed } from '../suppression/suppression.ts';
import { deriveIncident, incidentOfOne } from './derive-incident.ts';
import { type IncidentChange, kindOfChange, type MemberChange } from './incident-change.ts';

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
  readonly site: string;
  readonly nowMs: () => number;
}

/** An alert of an incident that is not stored yet. */
interface Begun {
  readonly incident: Incident;
  readonly isNew: boolean;
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
    const members = membersIn(entries, this.#options.site);
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
    const { site, nowMs } = this.#options;
    const known = await incidentIdsOf(
      tx,
      site,
      changed.map(({ after }) => after.id),
    );
    const begun = new Map<string, Begun>();
    const joining: { readonly incident: string; readonly alert: string }[] = [];
    for (const { before, after } of changed) {
      if (known.has(after.id)) continue;
      // Of an alert without one, as tests and older services leave them, it is as if it had one all along.
      begun.set(after.id, { incident: incidentOfOne(before ?? after), isNew: before === undefined });
      known.set(after.id, after.id);
      joining.push({ incident: after.id, alert: after.id });
    }
    const now = new Date(nowMs()).toISOString();
    const ids = [...new Set(known.values())].sort();
    const locked = await lockIncidents(tx, site, ids);
    await addMembers(tx, site, joining, now);
    const summaries = await membersOf(tx, site, ids);
    const changes = ids.flatMap((id): IncidentChange[] => {
      const summary = summaries.get(id);
      const started = begun.get(id);
      const was = locked.get(id) ?? started?.incident;
      if (!summary || !was) return [];
      const members = changed.filter(({ after }) => known.get(after.id) === id);
      const before = started?.isNew ? undefined : was;
      const after = before ? deriveIncident(was, summary, now) : was;
      return [{ before, after, kind: kindOfChange(before, after, members), members }];
    });
    await saveIncidents(
      tx,
      changes.map(({ after }) => after),
    );
    return changes;
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
      isSuppressed(before) !== isSuppressed(after),
  );
}
