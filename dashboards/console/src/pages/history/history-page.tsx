import type { Alert } from '@watchpost/contracts/alert';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import { Link } from 'wouter';
import { addressOf } from '../../routes/place.ts';
import { whatHappened, whereOnSite } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import { HistoryFilter } from './history-filter.tsx';
import { historyQuery } from './history-query.ts';
import type { historyEn } from './texts-en.ts';

const pageSize = 50;

/** Alerts that were handled, the last one first, found by words, kind, place, outcome and time. */
export function HistoryPage({ ask, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof historyEn>();
  const [query, setQuery] = useState(() => historyQuery([]));
  const { items, problem, more } = usePaged(
    useCallback(
      async (cursor: string | null) => {
        const page = await call(ask, 'GET /alerts', { query: { ...query, limit: pageSize, cursor } });
        return { items: page.alerts, next: page.next };
      },
      [ask, query],
    ),
  );
  return (
    <>
      <h2>{t('manage.history')}</h2>
      <p className="muted">{t('history.lead')}</p>
      <HistoryFilter sites={sites} onFilter={setQuery} />
      <p className="problem" role="alert" data-testid="history-problem">
        {problem}
      </p>
      {!items && problem === '' && <p className="muted">{t('app.loading')}</p>}
      <p role="status" className="muted" data-testid="history-none">
        {items?.length === 0 ? t('history.none') : ''}
      </p>
      {items && items.length > 0 && (
        <table className="cards-table" data-testid="history-table">
          <thead>
            <tr>
              <th scope="col">{t('history.alert')}</th>
              <th scope="col">{t('history.severity')}</th>
              <th scope="col">{t('history.openedAt')}</th>
              <th scope="col">{t('history.done')}</th>
              <th scope="col">{t('history.disposition')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((alert) => (
              <Row
                key={alert.id}
                alert={alert}
                site={sites.get(alert.site) ?? null}
                several={sites.size > 1}
              />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton more={more} label={t('history.more')} testId="history-more" />
    </>
  );
}

interface RowProps {
  readonly alert: Alert;
  readonly site: Site | null;
  readonly several: boolean;
}

function Row({ alert, site, several }: RowProps) {
  const texts = usePageTexts<typeof historyEn>();
  const { t, language } = texts;
  const { id, severity, openedAt, updatedAt, state, disposition, resolvedBy, eventCount } = alert;
  return (
    <tr data-testid="history-row" data-alert-id={id} data-severity={severity}>
      <th scope="row">
        <Link href={addressOf({ site: null, alert: id, view: 'alerts', plan: null })}>
          {whatHappened(texts, alert.eventType, alert.details, alert.device)}
        </Link>
        <small className="muted">
          {whereOnSite(texts, site, alert, several)}
          {eventCount > 1 && ` · ${t('row.count', { count: eventCount })}`}
        </small>
      </th>
      <td data-label={t('history.severity')}>{t(`severity.${severity}`)}</td>
      <td data-label={t('history.openedAt')}>{minuteTime(openedAt, site?.timeZone, language)}</td>
      <td data-label={t('history.done')}>
        {minuteTime(updatedAt, site?.timeZone, language)}
        <small className="muted">
          {t(`state.${state}`)}
          {resolvedBy !== null && ` · ${t('row.by', { user: resolvedBy })}`}
        </small>
      </td>
      <td data-label={t('history.disposition')}>
        {disposition === null ? '' : t(`disposition.${disposition}`)}
      </td>
    </tr>
  );
}
