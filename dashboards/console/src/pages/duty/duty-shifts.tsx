import type { DutyRota, DutyShift } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { dutyEn } from './texts-en.ts';

export interface DutyShiftsProps {
  readonly shifts: readonly DutyShift[];
  readonly rotas: readonly DutyRota[];
}

/** The shifts of the next 14 days, by the clock of each rota. */
export function DutyShifts({ shifts, rotas }: DutyShiftsProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  const known = new Map(rotas.map((rota) => [rota.id as string, rota]));
  const ahead = shifts.filter(({ rota }) => known.has(rota));
  return (
    <section className="managed-part" aria-label={t('duty.shifts')}>
      <h3>{t('duty.shifts')}</h3>
      {ahead.length === 0 ? (
        <p data-testid="duty-no-shifts">{t('duty.noShifts')}</p>
      ) : (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('duty.from')}</th>
              <th scope="col">{t('duty.until')}</th>
              <th scope="col">{t('duty.person')}</th>
              <th scope="col">{t('duty.rota')}</th>
              <th scope="col">{t('duty.cause')}</th>
            </tr>
          </thead>
          <tbody>
            {ahead.map(({ rota, from, until, person, cause, layer }) => {
              const { name, timeZone } = known.get(rota) ?? {};
              return (
                <tr key={`${rota} ${from}`} data-testid="duty-shift">
                  <th scope="row">{minuteTime(from, timeZone, language)}</th>
                  <td data-label={t('duty.until')}>{minuteTime(until, timeZone, language)}</td>
                  <td data-label={t('duty.person')}>{person.name || t('duty.gone')}</td>
                  <td data-label={t('duty.rota')}>{name}</td>
                  <td data-label={t('duty.cause')}>{layer ?? t(`duty.cause.${cause}`)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
