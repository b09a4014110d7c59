import type { ResponseSubject } from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';
import { type Person, zonesFor } from '../governance/person.ts';
import { concernOf } from '../incidents/concern.ts';
import { findAlertOn } from '../store/alert-store.ts';
import { incidentIdsOf } from '../store/incident-store.ts';
import type { Queryable } from '../store/schema.ts';
import { type LeadAlert, leadAlerts } from '../store/subject-store.ts';

/** What can be offered: incidents, by their own id or by that of an alert. */
export interface SubjectLookup {
  /** As far as it exists for the person; undefined where it does not. */
  find(
    db: Queryable,
    person: Person,
    sites: readonly SiteId[],
    id: string,
  ): Promise<ResponseSubject | undefined>;
  /**
   * Whatever their zones, because who was offered it sees what it is; by the id that was asked for, the most
   * urgent first.
   */
  offered(
    db: Queryable,
    sites: readonly string[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, ResponseSubject>>;
}

/** What whoever helps has to know: no score, no name and no entry of a list. */
function subjectOf({ incident, state, alert }: LeadAlert): ResponseSubject {
  const { site, eventType, details, severity, zone, device, openedAt } = alert;
  return {
    ...{ site, id: incident, state, alert: alert.id, eventType, severity, zone, device, openedAt },
    kind: typeof details.kind === 'string' ? details.kind : null,
    concern: concernOf(alert),
  };
}

/** Zones of sites that exist for a person, where that is not the whole site. */
export const zonesWithin = (person: Person, sites: readonly SiteId[]) =>
  Object.fromEntries(
    sites.flatMap((site) => {
      const zones = zonesFor(person, site);
      return zones === null ? [] : [[site, zones]];
    }),
  );

/** Incidents. */
export const incidentSubjects: SubjectLookup = {
  async find(db, person, sites, id) {
    const within = zonesWithin(person, sites);
    const alert = await findAlertOn(db, sites, id, within);
    const incident = alert && (await incidentIdsOf(db, alert.site, [id])).get(id);
    const [found] = await leadAlerts(db, sites, [incident ?? id], within);
    return found && subjectOf(found);
  },
  async offered(db, sites, ids) {
    const found = await leadAlerts(db, sites, ids, {});
    return new Map(found.map((one) => [one.asked, subjectOf(one)]));
  },
};
