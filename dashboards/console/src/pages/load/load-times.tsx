import type { LoadFigures } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import type { loadEn } from './texts-en.ts';

/**
 * How long it took until somebody had an alert, and until it was resolved; those that never were are counted.
 */
export function LoadTimes({ load }: { readonly load: LoadFigures }) {
  const { t, number } = usePageTexts<typeof loadEn>();
  const long = (seconds: number | null): string => {
    if (seconds === null) return t('load.none');
    if (seconds < 90) return t('load.seconds', { count: Math.round(seconds) });
    if (seconds < 90 * 60) return t('load.minutes', { count: Math.round(seconds / 60) });
    return t('load.hoursLong', { count: Math.round(seconds / 3_600) });
  };
  return (
    <section className="managed-part" aria-label={t('load.times')}>
      <h3>{t('load.times')}</h3>
      <table className="cards-table">
        <thead>
          <tr>
            <th scope="col">{t('load.step')}</th>
            <th scope="col">{t('load.median')}</th>
            <th scope="col">{t('load.p90')}</th>
            <th scope="col">{t('load.never')}</th>
          </tr>
        </thead>
        <tbody>
          {(['acknowledge', 'resolve'] as const).map((step) => (
            <tr key={step} data-testid={`load-${step}`}>
              <th scope="row">{t(`load.${step}`)}</th>
              <td data-label={t('load.median')}>{long(load[step].medianSeconds)}</td>
              <td data-label={t('load.p90')}>{long(load[step].p90Seconds)}</td>
              <td data-label={t('load.never')}>{number(load[step].never)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
