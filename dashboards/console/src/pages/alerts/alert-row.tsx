import type { Alert } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { memo } from 'react';
import { alertKind, signedPoints, whatHappened, whereText } from '../../texts/alert-texts.ts';
import { useTexts } from '../../texts/texts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LineSign, SeveritySign, signPaths } from '../../ui/signs.tsx';
import { mainFactors } from './risk-sum.ts';

export interface AlertRowProps {
  readonly alert: Alert;
  readonly site: Site | null;
  /** Whether the row names its site. */
  readonly several: boolean;
  readonly selected: boolean;
  /** Whether the person has not seen it yet. */
  readonly isNew: boolean;
  /** Whether it is selected to be acted on with others; undefined while nothing is being selected. */
  readonly picked: boolean | undefined;
  /** Whether Tab stops here. */
  readonly tabStop: boolean;
  readonly onSelect: (id: string) => void;
  /** Selects it or not; `isRange`: with all from the last one on. */
  readonly onPick: (id: string, isRange: boolean) => void;
}

/** One alert in the list. Drawn again only when its alert changed: a busy stream must not redraw them all. */
export const AlertRow = memo(function AlertRow(props: AlertRowProps) {
  const { alert, site, several, selected, isNew, picked, tabStop, onSelect, onPick } = props;
  const texts = useTexts();
  const { t, number } = texts;
  const reason = mainFactors(alert.risk, 2)
    .map((factor) => `${t(`factor.${factor.name}`)} ${signedPoints(texts, factor.points)}`)
    .join(' · ');
  const taken = alert.state === 'open' ? null : (alert.resolvedBy ?? alert.acknowledgedBy);
  const score = number(alert.risk.score, { maximumFractionDigits: 0 });
  return (
    <div
      className="alert-row"
      data-testid="alert-row"
      data-alert-id={alert.id}
      data-event-type={alert.eventType}
      data-severity={alert.severity}
      data-state={alert.state}
      data-event-time={alert.lastEventAt}
      data-kind={alertKind(alert)}
      data-device={alert.device}
      data-site={alert.site}
      data-version={alert.version}
    >
      <button
        type="button"
        className="alert-row-button"
        aria-current={selected || undefined}
        tabIndex={tabStop ? 0 : -1}
        aria-pressed={picked}
        onClick={({ shiftKey }) => (picked === undefined ? onSelect(alert.id) : onPick(alert.id, shiftKey))}
      >
        {picked !== undefined && <span className="row-pick" data-picked={picked} aria-hidden="true" />}
        <SeveritySign severity={alert.severity} />
        <span className="row-head">
          <b className="row-severity">{t(`severity.${alert.severity}`)}</b>
          <RelativeTime time={alert.lastEventAt} site={site} />
          {isNew && (
            <b className="row-new" data-testid="row-new">
              {t('row.new')}
            </b>
          )}
        </span>
        <span className="row-what">{whatHappened(texts, alert.eventType, alert.details, alert.device)}</span>
        <span className="row-where">
          {several && (
            <b className="row-site" data-testid="row-site">
              {site?.name[texts.language] ?? alert.site}
            </b>
          )}
          {whereText(texts, site, alert)}
        </span>
        {reason && <span className="row-why">{reason}</span>}
        <span className="row-foot">
          <span className="state" data-state={alert.state}>
            {t(`state.${alert.state}`)}
            {taken !== null && ` · ${t('row.by', { user: taken })}`}
          </span>
          {alert.suppressions && (
            <span data-testid="alert-quiet">
              <LineSign path={signPaths.soundOff} />
              {t('alert.quiet')}
            </span>
          )}
          {alert.lateMs !== undefined && (
            <span className="warn" data-testid="alert-late">
              {t('alert.late', { minutes: number(Math.round(alert.lateMs / 60_000)) })}
            </span>
          )}
          {alert.eventCount > 1 && (
            <span className="row-count">{t('row.count', { count: alert.eventCount })}</span>
          )}
        </span>
        <span className="row-score" title={t('row.risk', { score })}>
          {score}
          <span className="sr-only">{t('score.of')}</span>
        </span>
      </button>
    </div>
  );
});
