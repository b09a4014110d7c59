import type { OnDutyNow } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { dutyEn } from './texts-en.ts';

/** Who is on duty on each rota, until when, and who comes then. */
export function DutyNow({ now }: { readonly now: OnDutyNow }) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  return (
    <section className="managed-part" aria-label={t('duty.now')}>
      <h3>{t('duty.now')}</h3>
      {now.rotas.length === 0 ? (
        <p data-testid="duty-no-rotas">{t('duty.noRotas')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('duty.rota')}</th>
              <th scope="col">{t('duty.person')}</th>
              <th scope="col">{t('duty.until')}</th>
              <th scope="col">{t('duty.next')}</th>
            </tr>
          </thead>
          <tbody>
            {now.rotas.map(({ rota, name, person, cause, until, next, timeZone }) => (
              <tr key={rota} data-testid="duty-now">
                <th scope="row">{name}</th>
                <td data-label={t('duty.person')}>
                  {person ? person.name || t('duty.gone') : <strong>{t('duty.nobody')}</strong>}
                  {cause !== null && cause !== 'rotation' ? ` · ${t(`duty.cause.${cause}`)}` : ''}
                </td>
                <td data-label={t('duty.until')}>
                  {until === null ? '–' : minuteTime(until, timeZone, language)}
                </td>
                <td data-label={t('duty.next')}>
                  {until === null ? '–' : next ? next.name || t('duty.gone') : t('duty.nobody')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
