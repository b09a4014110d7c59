import type { LoadFigures } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { loadEn } from './texts-en.ts';

export interface LoadSumsProps {
  readonly load: LoadFigures;
  readonly site: Site | null;
}

/** How many alerts one position had, over all and by shift. */
export function LoadSums({ load, site }: LoadSumsProps) {
  const { t, number, language } = usePageTexts<typeof loadEn>();
  const { alerts, perPosition, shareAbove, limit, peak, shifts } = load;
  const share = (part: number) => number(part, { style: 'percent', maximumFractionDigits: 1 });
  const facts: readonly (readonly [string, string])[] = [
    [t('load.alerts'), number(alerts)],
    [t('load.perPosition'), number(perPosition)],
    [t('load.shareAbove', { limit: number(limit) }), share(shareAbove)],
    [
      t('load.peak'),
      peak
        ? t('load.peakText', {
            alerts: number(peak.alerts),
            at: minuteTime(peak.at, site?.timeZone, language),
          })
        : t('load.none'),
    ],
  ];
  return (
    <section className="managed-part" aria-label={t('load.alerts')}>
      <table className="cards-table" data-testid="load-sums">
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('load.shifts')}</h3>
      {shifts.length === 0 ? (
        <p data-testid="load-no-shifts">{t('load.noShifts')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('load.shift')}</th>
              <th scope="col">{t('load.hours')}</th>
              <th scope="col">{t('load.alerts')}</th>
              <th scope="col">{t('load.perPosition')}</th>
              <th scope="col">{t('load.shareAbove', { limit: number(limit) })}</th>
            </tr>
          </thead>
          <tbody>
            {shifts.map((shift) => (
              <tr key={`${shift.rota} ${shift.layer}`} data-testid="load-shift">
                <th scope="row">
                  {shift.rotaName} · {shift.layer}
                </th>
                <td data-label={t('load.hours')}>{number(shift.hours)}</td>
                <td data-label={t('load.alerts')}>{number(shift.alerts)}</td>
                <td data-label={t('load.perPosition')}>{number(shift.perPosition)}</td>
                <td data-label={t('load.shareAbove', { limit: number(limit) })}>{share(shift.shareAbove)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
