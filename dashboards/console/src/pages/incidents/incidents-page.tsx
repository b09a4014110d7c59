import type { IncidentView } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import { whatHappened, zoneName } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import { IncidentPanel } from './incident-panel.tsx';
import type { incidentsEn } from './texts-en.ts';
import { useChosen } from './use-chosen.ts';

const pageSize = 50;

/** Incidents in a list, or the one that the address names. */
export function IncidentsPage(props: ManagedPageProps) {
  const chosen = useChosen();
  return chosen === null ? (
    <IncidentList {...props} />
  ) : (
    <IncidentPanel key={chosen} id={chosen} {...props} />
  );
}

function IncidentList({ ask, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof incidentsEn>();
  const [isOver, setOver] = useState(false);
  const { items, problem, more } = usePaged(
    useCallback(
      async (cursor: string | null) => {
        const query = { state: isOver ? 'over' : null, limit: pageSize, cursor };
        const page = await call(ask, 'GET /incidents', { query });
        return { items: page.incidents, next: page.next };
      },
      [ask, isOver],
    ),
  );
  return (
    <>
      <h2>{t('manage.incidents')}</h2>
      <p className="muted">{t('incidents.lead')}</p>
      <label className="field">
        <span className="field-label">{t('incidents.show')}</span>
        <select
          className="field-input"
          value={isOver ? 'over' : 'on'}
          onChange={({ target }) => setOver(target.value === 'over')}
          data-testid="incidents-show"
        >
          <option value="on">{t('incidents.goingOn')}</option>
          <option value="over">{t('incidents.over')}</option>
        </select>
      </label>
      <p className="problem" role="alert" data-testid="incidents-problem">
        {problem}
      </p>
      {!items && problem === '' && <p className="muted">{t('app.loading')}</p>}
      <p role="status" className="muted" data-testid="incidents-none">
        {items?.length === 0 ? t('incidents.none') : ''}
      </p>
      {items && items.length > 0 && (
        <table className="cards-table" data-testid="incidents-table">
          <thead>
            <tr>
              <th scope="col">{t('incidents.what')}</th>
              <th scope="col">{t('incidents.severity')}</th>
              <th scope="col">{t('incidents.state')}</th>
              <th scope="col">{t('incidents.since')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((incident) => (
              <Row key={incident.id} incident={incident} site={sites.get(incident.site) ?? null} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton more={more} label={t('incidents.more')} testId="incidents-more" />
    </>
  );
}

function Row({ incident, site }: { readonly incident: IncidentView; readonly site: Site | null }) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t, language } = texts;
  const { id, severity, state, openedAt, alerts, events, lead, zones, quiet } = incident;
  return (
    <tr data-testid="incident-row" data-incident-id={id} data-severity={severity}>
      <th scope="row">
        <a href={`#${id}`} data-testid="incident-link">
          {lead ? whatHappened(texts, lead.eventType, lead.details, lead.device) : t('incidents.what')}
        </a>
        <small className="muted">
          {[
            zones.map((zone) => zoneName(texts, site, zone)).join(', '),
            t('incidents.alerts', { count: alerts }),
            t('incidents.events', { count: events }),
          ].join(' · ')}
        </small>
      </th>
      <td data-label={t('incidents.severity')}>{t(`severity.${severity}`)}</td>
      <td data-label={t('incidents.state')}>
        {t(`incidents.is.${state}`)}
        {quiet && <small className="muted">{t('incidents.quiet')}</small>}
      </td>
      <td data-label={t('incidents.since')}>{minuteTime(openedAt, site?.timeZone, language)}</td>
    </tr>
  );
}
