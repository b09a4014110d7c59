import type { Incident } from '@watchpost/contracts/alert';
import type { SiteDirectory } from '../places/site-directory.ts';
import { chooseIncident, type JoinableIncident } from './choose-incident.ts';
import { incidentOfOne } from './derive-incident.ts';
import type { MemberChange } from './incident-change.ts';
import type { IncidentPolicy } from './policy.ts';

/** An incident that is not stored yet. */
interface BegunIncident {
  readonly incident: Incident;
  /** Not of an alert of before. */
  readonly isNew: boolean;
}

/**
 * Where alerts without an incident go in one transaction: those that open together find each other, and what
 * is there already.
 */
export class IncidentPlaces {
  /** Incidents that begin, by their id. */
  readonly begun = new Map<string, BegunIncident>();
  readonly #joinable: JoinableIncident[];
  readonly #options: {
    readonly directory: Pick<SiteDirectory, 'device' | 'planOf'>;
    readonly policy: IncidentPolicy;
  };

  /** `near`: devices of the incidents that may be joined, by incident; one that is over meanwhile may not. */
  constructor(
    locked: ReadonlyMap<string, Incident>,
    near: ReadonlyMap<string, readonly string[]>,
    options: {
      readonly directory: Pick<SiteDirectory, 'device' | 'planOf'>;
      readonly policy: IncidentPolicy;
    },
  ) {
    this.#options = options;
    this.#joinable = [...near].flatMap(([id, devices]) => {
      const incident = locked.get(id);
      return incident && incident.closedAt === null ? [{ incident, devices }] : [];
    });
  }

  /** The id of the incident that an alert belongs to from now on. */
  place({ before, after }: MemberChange): string {
    const { directory, policy } = this.#options;
    const chosen = before ? undefined : chooseIncident(after, this.#joinable, directory, policy);
    if (chosen) {
      this.#joinable.splice(this.#joinable.indexOf(chosen), 1, grown(chosen, after));
      return chosen.incident.id;
    }
    // Of an alert without one, as tests and older services leave them, it is as if it had one all along.
    const incident = incidentOfOne(before ?? after);
    this.begun.set(incident.id, { incident, isNew: before === undefined });
    if (!before) this.#joinable.push({ incident, devices: [after.device] });
    return incident.id;
  }
}

function grown({ incident, devices }: JoinableIncident, alert: MemberChange['after']): JoinableIncident {
  return {
    incident: {
      ...incident,
      zones: [...new Set([...incident.zones, alert.zone])],
      lastMemberAt: alert.openedAt,
      alerts: incident.alerts + 1,
    },
    devices: [...new Set([...devices, alert.device])],
  };
}
