import type { IncidentDetail, IncidentMoment } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { whatHappened } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { incidentsEn } from './texts-en.ts';

/** The server's own actor name for steps that no person took. */
const systemActor = 'system';

/** Who knew and did what when, the newest first. */
export function IncidentTimeline({
  detail: { alerts, timeline },
  site,
}: {
  readonly detail: IncidentDetail;
  readonly site: Site | null;
}) {
  const texts = usePageTexts<typeof incidentsEn>();
  const { t, language } = texts;
  const said = (moment: IncidentMoment): string => {
    if (moment.kind === 'notice')
      return `${t(`incidents.told.${moment.state}`, { receiver: moment.receiver })} – ${t(`incidents.says.${moment.says}`)}`;
    if (moment.kind === 'note')
      return moment.what === 'comment'
        ? t('incidents.moment.comment')
        : t(`incidents.moment.${moment.what}`, { count: moment.alerts });
    const { from, to, alert: id } = moment.step;
    const alert = alerts.find((one) => one.id === id);
    const what = alert ? whatHappened(texts, alert.eventType, alert.details, alert.device) : '';
    if (from === null) return t('incidents.moment.opened', { what });
    return from === to
      ? t('incidents.moment.note', { what })
      : t('incidents.moment.step', { state: t(`state.${to}`), what });
  };
  /** Who it was, and what they wrote. The server's own reasons are English notes for the log. */
  const rest = (moment: IncidentMoment): string => {
    if (moment.kind === 'notice') return '';
    if (moment.kind === 'note') return [moment.actor, moment.text].filter(Boolean).join(': ');
    const { actor, reason } = moment.step;
    return actor === systemActor ? '' : [actor, reason].filter(Boolean).join(': ');
  };
  return (
    <section className="card" aria-labelledby="incident-timeline">
      <h3 id="incident-timeline">{t('incidents.timeline')}</h3>
      <ol className="response-lines">
        {timeline.toReversed().map((moment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a record have no other name
          <li key={index} data-testid="incident-moment">
            <time dateTime={moment.at}>{absoluteTime(moment.at, site?.timeZone, language)}</time>{' '}
            {[said(moment), rest(moment)].filter(Boolean).join(' · ')}
          </li>
        ))}
      </ol>
    </section>
  );
}
