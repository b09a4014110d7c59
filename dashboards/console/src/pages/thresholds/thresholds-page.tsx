import type { ThresholdRow } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { thresholdsEn } from './texts-en.ts';

const periods = [7, 30, 90, 365] as const;

/** Candidates by camera and list beside what is to be expected by chance, and what that means. */
export function ThresholdsPage({ ask, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof thresholdsEn>();
  const [days, setDays] = useState<number>(30);
  const load = useCallback(() => call(ask, 'GET /threshold-report', { query: { days } }), [ask, days]);
  const { value: report, problem } = useLoaded(load);
  const several = new Set(report?.rows.map(({ site }) => site)).size > 1;
  return (
    <>
      <h2>{t('manage.thresholds')}</h2>
      <p>{t('thresholds.lead')}</p>
      <label className="field thresholds-period">
        <span className="field-label">{t('thresholds.days')}</span>
        <select
          className="field-input"
          value={days}
          onChange={({ target }) => setDays(Number(target.value))}
          data-testid="thresholds-days"
        >
          {periods.map((period) => (
            <option key={period} value={period}>
              {t('thresholds.last', { count: period })}
            </option>
          ))}
        </select>
      </label>
      <p className="problem" role="alert" data-testid="thresholds-problem">
        {problem}
      </p>
      {!report && problem === '' && <p className="muted">{t('app.loading')}</p>}
      {report && report.rows.length === 0 && (
        <p className="notice" data-testid="thresholds-none">
          {t('thresholds.none')}
        </p>
      )}
      {report && report.rows.length > 0 && (
        <>
          <table className="cards-table thresholds" data-testid="thresholds-table">
            <thead>
              <tr>
                <th scope="col">{t('thresholds.camera')}</th>
                <th scope="col">{t('thresholds.answers')}</th>
                <th scope="col">{t('thresholds.bands')}</th>
                <th scope="col">{t('thresholds.expected')}</th>
                <th scope="col">{t('thresholds.meaning')}</th>
              </tr>
            </thead>
            <tbody>
              {report.rows.map((row) => (
                <Row
                  key={`${row.site} ${row.device} ${row.list}`}
                  row={row}
                  site={sites.get(row.site)}
                  several={several}
                />
              ))}
            </tbody>
          </table>
          <p className="muted">{t('thresholds.note')}</p>
        </>
      )}
    </>
  );
}

interface RowProps {
  readonly row: ThresholdRow;
  readonly site: Site | undefined;
  readonly several: boolean;
}

function Row({ row, site, several }: RowProps) {
  const { t, language, number } = usePageTexts<typeof thresholdsEn>();
  const { device, zone, list, shown, confirmed, refused, bands, finding } = row;
  const camera = site?.devices.find(({ id }) => id === device)?.name[language] ?? device;
  const place = site?.zones.find(({ id }) => id === zone)?.name[language];
  const open = shown - confirmed - refused;
  return (
    <tr data-testid="thresholds-row" data-finding={finding}>
      <th scope="row">
        {zone === null ? t('thresholds.gone', { camera }) : camera}
        <small className="muted">
          {[several ? (site?.name[language] ?? row.site) : undefined, place, t(`list.${list}`)]
            .filter((part) => part !== undefined)
            .join(' · ')}
        </small>
      </th>
      <td data-label={t('thresholds.answers')}>
        <ul>
          <li>{t('thresholds.shown', { count: number(shown) })}</li>
          <li>{t('thresholds.confirmed', { count: number(confirmed) })}</li>
          <li>{t('thresholds.refused', { count: number(refused) })}</li>
          {open > 0 && <li>{t('thresholds.open', { count: number(open) })}</li>}
        </ul>
      </td>
      <td data-label={t('thresholds.bands')}>
        <ul>
          {bands
            .filter((band) => band.shown > 0)
            .map((band) => (
              <li key={band.band}>
                {t('thresholds.bandCounts', {
                  band: t(`thresholds.band.${band.band}`),
                  shown: number(band.shown),
                  confirmed: number(band.confirmed),
                  refused: number(band.refused),
                })}
              </li>
            ))}
        </ul>
      </td>
      <td data-label={t('thresholds.expected')}>
        <Expected expected={row.expected} />
      </td>
      <td data-label={t('thresholds.meaning')}>
        <b>{t(`thresholds.finding.${finding}`)}</b>
        <p className="muted">{t(`thresholds.advice.${finding}`)}</p>
      </td>
    </tr>
  );
}

/** Fewer than this are not told apart. */
const fewest = 0.1;

function Expected({ expected }: Pick<ThresholdRow, 'expected'>) {
  const { t, number } = usePageTexts<typeof thresholdsEn>();
  if (!expected) return t('thresholds.expectedNone');
  const { falseCandidates, hours } = expected;
  return (
    <>
      {falseCandidates < fewest
        ? t('thresholds.expectedFewer', { count: number(fewest) })
        : t('thresholds.expectedValue', { count: number(falseCandidates, { maximumSignificantDigits: 2 }) })}
      <p className="muted">{t('thresholds.expectedHours', { count: Math.round(hours) })}</p>
    </>
  );
}
