import type { Alert, AlertTransition, Incident } from '@watchpost/contracts/alert';
import type {
  IncidentCommentRequest,
  IncidentMergeRequest,
  IncidentSplitRequest,
  IncidentStepRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import { isUnresolved, takeStep } from '../alerts/alert-lifecycle.ts';
import { type ChangeEntry, entriesOf } from '../alerts/change-entry.ts';
import { countCandidates } from '../candidates/count-candidates.ts';
import { append as appendAudit } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { correctIncidents } from '../places/alert-incidents.ts';
import { updateAlerts } from '../store/alert-store.ts';
import type { ChangeLog } from '../store/change-log.ts';
import {
  addNote,
  lockIncidents,
  lockMemberAlerts,
  lockMembers,
  membersOf,
  moveMembers,
  saveIncidents,
} from '../store/incident-store.ts';
import { findIncidentOn } from '../store/incident-view-store.ts';
import type { Queryable } from '../store/schema.ts';
import { deriveIncident } from './derive-incident.ts';
import type { IncidentBook } from './incident-book.ts';
import { kindOfChange } from './incident-change.ts';

/** What {@link Incidents} needs. */
export interface IncidentsOptions {
  readonly db: Queryable;
  readonly changes: Pick<ChangeLog, 'commit'>;
  readonly nowMs: () => number;
  /** Who is told of what changes, by site. */
  readonly books: (site: string) => Pick<IncidentBook, 'tell'> | undefined;
}

/** What people do with incidents as a whole. */
export class Incidents {
  readonly #options: IncidentsOptions;

  constructor(options: IncidentsOptions) {
    this.#options = options;
  }

  /**
   * Acknowledges or resolves the unresolved alerts of an incident, or those of them in these zones. What is
   * so already stays as it is.
   * @param also is written in the same transaction, told how many alerts changed; what it throws undoes it
   * @throws WatchpostError `incident.stale`, `incident.merged`, `alert.disposition_required`
   */
  async step(
    incident: Incident,
    { version, to, reason, disposition }: IncidentStepRequest,
    actor: string,
    zones: readonly string[] | undefined,
    also?: (tx: Queryable, changed: number) => Promise<void>,
  ): Promise<void> {
    const { changes } = this.#options;
    const { site, id } = incident;
    await changes.commit(async (tx, append) => {
      const alerts = await lockMemberAlerts(tx, site, id);
      this.#requireSeen(await current(tx, incident), version);
      const now = this.#now();
      const entries: ChangeEntry[] = [];
      const changed: { before: Alert; after: Alert }[] = [];
      for (const before of alerts) {
        if (zones && !zones.includes(before.zone)) continue;
        const steps: AlertTransition[] = [];
        let after = before;
        const take = (next: 'acknowledged' | 'resolved') => {
          const step = takeStep(after, {
            ...{ to: next, actor, now, reason },
            disposition: next === 'resolved' ? disposition : undefined,
          });
          after = step.alert;
          steps.push(...step.steps);
        };
        if (before.state === 'open') take('acknowledged');
        if (to === 'resolved' && isUnresolved(after.state)) take('resolved');
        if (steps.length === 0) continue;
        changed.push({ before, after });
        entries.push(...entriesOf(before, after, steps));
      }
      await updateAlerts(
        tx,
        changed.map(({ after }) => after),
      );
      await correctIncidents(tx, site, changed);
      await countCandidates(tx, changed);
      await also?.(tx, changed.length);
      await append(entries);
    });
  }

  /**
   * The alerts of an incident become those of another one of its site.
   * @throws WatchpostError `api.not_found`, `incident.stale`, `incident.merged`
   */
  async merge(incident: Incident, request: IncidentMergeRequest, person: Person): Promise<void> {
    const { site, id } = incident;
    const { into, version, reason } = request;
    if (into === id) throw new WatchpostError('api.invalid', { path: '/into' });
    await this.#change(site, async (tx) => {
      await lockMembers(tx, site, [id, into]);
      const locked = await lockIncidents(tx, site, [id, into]);
      const [from, to] = [locked.get(id), locked.get(into)];
      if (!from || !to) throw new WatchpostError('api.not_found', { path: '/into' });
      // A repeat.
      if (from.mergedInto === into) return [];
      this.#requireSeen(from, version);
      this.#requireSeen(to, to.version);
      const now = this.#now();
      const moved = await moveMembers(tx, site, id, into);
      const summary = (await membersOf(tx, site, [into])).get(into);
      if (!summary) throw new WatchpostError('api.not_found', { path: '/into' });
      const latest = [from.lastMemberAt, to.lastMemberAt].toSorted().at(-1);
      const next = deriveIncident(to, summary, now, latest);
      // Greater than all that was told of either.
      const after = { ...next, version: Math.max(from.version, to.version) + 1 };
      const gone: Incident = {
        ...{ ...from, version: from.version + 1, state: 'over', quiet: false, alerts: 0 },
        ...{ updatedAt: now, closedAt: now, mergedInto: into },
      };
      await saveIncidents(tx, [after, gone]);
      const note = { at: now, what: 'merged', actor: person.name, text: reason, alerts: moved } as const;
      await addNote(tx, { ...note, site, incident: id, other: into });
      await addNote(tx, { ...note, site, incident: into, other: id });
      await this.#audit(tx, site, person, 'incident_merged', id, { into, alerts: moved }, reason);
      return [
        { before: to, after, kind: kindOfChange(to, after, []), members: [] },
        { before: from, after: gone, kind: 'merged', members: [] },
      ];
    });
  }

  /**
   * Alerts of an incident become one of their own.
   * @throws WatchpostError `incident.stale`, `incident.merged`, `incident.not_its_alerts`
   */
  async split(incident: Incident, request: IncidentSplitRequest, person: Person): Promise<void> {
    const { site, id } = incident;
    const { id: newId, alerts, version, reason } = request;
    await this.#change(site, async (tx) => {
      const members = new Set(await lockMembers(tx, site, [id]));
      const locked = await lockIncidents(tx, site, [id, newId]);
      const from = locked.get(id);
      if (!from) throw new WatchpostError('api.not_found');
      // A repeat.
      if (locked.has(newId)) return [];
      this.#requireSeen(from, version);
      const wanted = [...new Set(alerts)];
      if (wanted.length >= members.size || wanted.some((one) => !members.has(one)))
        throw new WatchpostError('incident.not_its_alerts', { path: '/alerts' });
      const now = this.#now();
      await moveMembers(tx, site, id, newId, wanted);
      const summaries = await membersOf(tx, site, [id, newId]);
      const [left, taken] = [summaries.get(id), summaries.get(newId)];
      if (!left || !taken) throw new WatchpostError('incident.not_its_alerts', { path: '/alerts' });
      const after = deriveIncident(from, left, now);
      const begun: Incident = {
        ...deriveIncident({ ...from, id: newId, closedAt: null }, taken, now),
        ...{ version: 1, changedIn: 1, openedAt: now, flapping: 0, mergedInto: null },
      };
      await saveIncidents(tx, [after, begun]);
      const note = {
        at: now,
        what: 'split',
        actor: person.name,
        text: reason,
        alerts: wanted.length,
      } as const;
      await addNote(tx, { ...note, site, incident: id, other: newId });
      await addNote(tx, { ...note, site, incident: newId, other: id });
      const details = { into: newId, alerts: wanted.length };
      await this.#audit(tx, site, person, 'incident_split', id, details, reason);
      return [
        { before: from, after, kind: kindOfChange(from, after, []), members: [] },
        { before: undefined, after: begun, kind: kindOfChange(undefined, begun, []), members: [] },
      ];
    });
  }

  /** Says something about an incident; a repeat says nothing. */
  async comment(
    { site, id: incident }: Incident,
    request: IncidentCommentRequest,
    actor: string,
  ): Promise<void> {
    const { id, text } = request;
    const note = { id, at: this.#now(), what: 'comment', actor, text, other: null, alerts: 0 } as const;
    await addNote(this.#options.db, { ...note, site, incident });
  }

  /** Changes incidents and tells of it, in one transaction. */
  async #change(
    site: string,
    work: (tx: Queryable) => Promise<Parameters<IncidentBook['tell']>[1]>,
  ): Promise<void> {
    const { db, books } = this.#options;
    const told = await db.transaction().execute(async (tx) => {
      const changed = await work(tx);
      return changed.length === 0 ? undefined : books(site)?.tell(tx, changed);
    });
    told?.();
  }

  #requireSeen(incident: Incident, version: number): void {
    const { mergedInto, severity, state } = incident;
    if (mergedInto !== null)
      throw new WatchpostError('incident.merged', { details: { incident: mergedInto } });
    if (version > incident.version)
      throw new WatchpostError('api.invalid', { path: '/version', details: { version: incident.version } });
    if (incident.changedIn <= version) return;
    const details = { seen: version, version: incident.version, severity, state };
    throw new WatchpostError('incident.stale', { path: '/version', details });
  }

  async #audit(
    tx: Queryable,
    site: string,
    person: Person,
    action: 'incident_merged' | 'incident_split',
    id: string,
    details: Readonly<Record<string, string | number>>,
    reason: string,
  ): Promise<void> {
    await appendAudit(tx, {
      ...{ at: this.#now(), actor: actorOf(person), action, reason, outcome: 'done', details },
      ...{ site: site as SiteId, subject: { kind: 'incident', id } },
    });
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** @throws WatchpostError `api.not_found` */
async function current(tx: Queryable, { site, id }: Incident): Promise<Incident> {
  const found = await findIncidentOn(tx, [site], id);
  if (!found) throw new WatchpostError('api.not_found');
  return found;
}
