import { type Incident, severities } from '@watchpost/contracts/alert';
import type { AcknowledgedByLink, AcknowledgeLink, Session } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { NotifySection } from '@watchpost/contracts/site';
import { append } from '../../governance/audit-log.ts';
import { actorOf } from '../../governance/person.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import { findLinkedNotice, type LinkedNotice, useLink } from '../../store/acknowledge-link-store.ts';
import { findIncidentWithAlerts } from '../../store/incident-store.ts';
import { findIncidentOn } from '../../store/incident-view-store.ts';
import type { Queryable } from '../../store/schema.ts';
import { composeNotice, type NoticeSite, siteTime } from '../outbox/compose-notice.ts';
import { defaultAcknowledgeLink } from '../policy.ts';
import { LinkKeys } from './link-keys.ts';
import { type LinkPerson, personWhoMayTake } from './link-person.ts';
import { isSignedBy, type LinkContent, readLinkToken } from './link-token.ts';

/** What {@link AcknowledgeLinks} needs. */
export interface AcknowledgeLinksOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly desk: Pick<Incidents, 'step'>;
  readonly sites: ReadonlyMap<string, Pick<NoticeSite, 'site' | 'instructions'>>;
  readonly policy?: NotifySection['acknowledgeLink'];
}

/** A link that is good: of whose notice, about what. */
interface GoodLink {
  readonly content: LinkContent;
  readonly notice: LinkedNotice;
  readonly incident: Incident;
  readonly person: LinkPerson;
}

/**
 * Takes incidents by the links of notices. A link is bound to its notice, the incident in the version that
 * the notice told of, and the person whose receiver it was sent to; it is good for a time, while the incident
 * goes on, and once. To look at it uses nothing up: mail scanners do.
 */
export class AcknowledgeLinks {
  readonly #options: AcknowledgeLinksOptions;
  readonly #keys: LinkKeys;

  constructor(options: AcknowledgeLinksOptions) {
    this.#options = options;
    this.#keys = new LinkKeys(options.db, options.nowMs);
  }

  /** @throws WatchpostError `acknowledge.*`, `incident.stale`, `incident.merged` */
  async look(token: string): Promise<AcknowledgeLink> {
    const { db, nowMs, sites } = this.#options;
    const { content, incident, notice } = await this.#good(token);
    const at = sites.get(incident.site);
    const found = await findIncidentWithAlerts(db, incident.site, incident.id, 1);
    if (!at || !found) throw new WatchpostError('acknowledge.over');
    const { language } = notice;
    const told = composeNotice(
      found,
      { ...at, console: undefined },
      {
        ...{ id: notice.id, seq: notice.seq, kind: 'opened', language, nowMs: nowMs() },
        ...{ cappedUntil: null, others: [], linesAtMost: 0 },
      },
    );
    return {
      ...{ site: incident.site, incident: incident.id, severity: incident.severity },
      ...{ title: told.title, openedAt: incident.openedAt },
      since: siteTime(incident.openedAt, at.site.timeZone, nowMs()),
      expires: new Date(content.expiresMs).toISOString(),
      ...{ needsLogIn: this.#needsLogIn(incident), place: placeOf(incident) },
    };
  }

  /**
   * Takes the incident in the name of the person, which uses the link up.
   * @param session of whoever presses, if there is one
   * @throws WatchpostError `acknowledge.*`, `incident.stale`, `incident.merged`
   */
  async use(token: string, session: Session | undefined): Promise<AcknowledgedByLink> {
    const { nowMs, desk } = this.#options;
    const { content, incident, person, notice } = await this.#good(token);
    if (this.#needsLogIn(incident)) requireSession(session, content.account, incident);
    if (incident.state === 'acknowledged') return { outcome: 'taken' };
    const step = { version: content.seq, to: 'acknowledged' as const };
    let outcome: AcknowledgedByLink['outcome'] = 'taken';
    await desk.step(incident, step, person.name, person.zones ?? undefined, async (tx, changed) => {
      // Somebody else took it a moment ago.
      if (changed === 0) return;
      if (!(await useLink(tx, notice, nowMs()))) throw new WatchpostError('acknowledge.link_used');
      await append(tx, {
        ...{ at: new Date(nowMs()).toISOString(), actor: actorOf(person), site: incident.site },
        ...{ action: 'incident_acknowledged_by_link', subject: { kind: 'incident', id: incident.id } },
        ...{ reason: null, outcome: 'done' },
        details: { by: 'link', channel: notice.channel, notice: notice.id, loggedIn: session !== undefined },
      });
      outcome = 'acknowledged';
    });
    return { outcome };
  }

  /** Everything that makes a link good, but a session. */
  async #good(token: string): Promise<GoodLink> {
    const { db, nowMs, sites } = this.#options;
    const content = readLinkToken(token);
    if (!content) throw new WatchpostError('acknowledge.link_invalid');
    const key = await this.#keys.find(content.period);
    if (!key) throw new WatchpostError('acknowledge.link_expired');
    if (!isSignedBy(token, key)) throw new WatchpostError('acknowledge.link_invalid');
    const notice = await findLinkedNotice(db, [...sites.keys()], content.notice);
    const isSame = notice?.person === content.account && notice.seq === content.seq;
    if (!notice || !isSame) throw new WatchpostError('acknowledge.link_invalid');
    const incident = await findIncidentOn(db, [notice.site], content.incident);
    if (!incident || incident.state === 'over') {
      if (incident && incident.mergedInto !== null)
        throw new WatchpostError('incident.merged', { details: { place: placeOf(incident) } });
      throw new WatchpostError('acknowledge.over');
    }
    const details = { place: placeOf(incident) };
    if (notice.usedAt !== null) throw new WatchpostError('acknowledge.link_used', { details });
    if (content.expiresMs <= nowMs()) throw new WatchpostError('acknowledge.link_expired', { details });
    // Somebody who has it needs to see no more; who rose meanwhile was told of it by a newer notice.
    if (incident.state === 'open' && incident.changedIn > content.seq)
      throw new WatchpostError('incident.stale', { details });
    const person = await personWhoMayTake(db, content.account, incident);
    if (!person) throw new WatchpostError('acknowledge.not_yours', { details });
    return { content, notice, incident, person };
  }

  #needsLogIn({ severity }: Incident): boolean {
    const { logInFrom } = this.#options.policy ?? defaultAcknowledgeLink;
    return severities.indexOf(severity) >= severities.indexOf(logInFrom);
  }
}

const placeOf = ({ site, id }: Incident): string => `/sites/${site}/alerts/${id}`;

/** @throws WatchpostError `acknowledge.log_in_needed`, `acknowledge.not_yours` */
function requireSession(session: Session | undefined, account: string, incident: Incident): void {
  const details = { place: placeOf(incident) };
  if (!session || session.factorNeeded) throw new WatchpostError('acknowledge.log_in_needed', { details });
  if (session.account !== account) throw new WatchpostError('acknowledge.not_yours', { details });
}
