import type { IncidentDetail } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useEffect } from 'react';
import { Link } from 'wouter';
import { addressOf } from '../../routes/place.ts';
import { whatHappened, whereOnSite, zoneName } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { IncidentSteps } from './incident-steps.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import type { incidentsEn } from './texts-en.ts';

/** How often an incident that is shown is asked for again. */
const everyMs = 5_000;

/** One incident: what, where, since when, whether it is still so, who is on it, and who knew what when. */
export function IncidentPanel({ id, ask, session, sites }: ManagedPageProps & { readonly id: string }) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t } = texts;
  const { value, problem, reload } = useLoaded(
    useCallback(() => call(ask, 'GET /incidents/{id}', { params: { id } }), [ask, id]),
  );
  useEffect(() => {
    const timer = setInterval(() => void reload(), everyMs);
    return () => clearInterval(timer);
  }, [reload]);
  const lead = value?.incident.lead;
  const site = value ? (sites.get(value.incident.site) ?? null) : null;
  return (
    <>
      <p>
        <a href="#all" data-testid="incident-back">
          {t('incidents.all')}
        </a>
      </p>
      <h2 data-testid="incident-title">
        {lead ? whatHappened(texts, lead.eventType, lead.details, lead.device) : t('incidents.what')}
      </h2>
      <p className="problem" role="alert" data-testid="incident-problem">
        {problem}
      </p>
      {value === null && problem === '' && <p className="muted">{t('app.loading')}</p>}
      {value && (
        <>
          <Facts detail={value} site={site} />
          {session.permissions.includes('alerts.decide') && value.incident.mergedInto === null && (
            <IncidentSteps ask={ask} detail={value} site={site} onDone={reload} />
          )}
          <Members detail={value} site={site} />
          <IncidentTimeline detail={value} site={site} />
        </>
      )}
    </>
  );
}

interface PartProps {
  readonly detail: IncidentDetail;
  readonly site: Site | null;
}

function Facts({ detail: { incident, instruction }, site }: PartProps) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t, language } = texts;
  const { severity, state, zones, openedAt, active, takenBy, alerts, events, hidden, flapping } = incident;
  const much = [
    t('incidents.alerts', { count: alerts }),
    t('incidents.events', { count: events }),
    ...(hidden > 0 ? [t('incidents.hidden', { count: hidden })] : []),
    ...(flapping > 0 ? [t('incidents.flapping', { count: flapping })] : []),
  ];
  const facts: readonly (readonly [string, string])[] = [
    [t('incidents.severity'), t(`severity.${severity}`)],
    [t('incidents.state'), t(`incidents.is.${state}`)],
    [t('incidents.where'), zones.map((zone) => zoneName(texts, site, zone)).join(', ')],
    [t('incidents.since'), minuteTime(openedAt, site?.timeZone, language)],
    [t('incidents.still'), t(active ? 'incidents.stillYes' : 'incidents.stillNo')],
    [t('incidents.who'), takenBy.join(', ') || t('incidents.nobody')],
    [t('incidents.count'), much.join(' · ')],
    ...(instruction
      ? [[t('incidents.todo'), instruction.text[language] ?? instruction.text.en ?? ''] as const]
      : []),
  ];
  return (
    <section className="card" data-testid="incident-facts">
      {incident.quiet && <p className="notice">{t('incidents.quiet')}</p>}
      {incident.mergedInto !== null && (
        <p className="notice">
          {t('incidents.merged')} <a href={`#${incident.mergedInto}`}>{t('incidents.toOther')}</a>
        </p>
      )}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Members({ detail: { alerts }, site }: PartProps) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t } = texts;
  return (
    <section className="card" aria-labelledby="incident-members">
      <h3 id="incident-members">{t('incidents.members')}</h3>
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id} data-testid="incident-member">
            <Link href={addressOf({ site: null, alert: alert.id, view: 'alerts', plan: null })}>
              {whatHappened(texts, alert.eventType, alert.details, alert.device)}
            </Link>{' '}
            <small className="muted">
              {[
                whereOnSite(texts, site, alert, false),
                t(`severity.${alert.severity}`),
                t(`state.${alert.state}`),
                ...(alert.eventCount > 1 ? [t('incidents.events', { count: alert.eventCount })] : []),
              ].join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
