import type { DutyFinding, DutyRota } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { dutyEn } from './texts-en.ts';

export interface DutyFaultsProps {
  readonly findings: readonly DutyFinding[];
  readonly rotas: readonly DutyRota[];
}

/** What is wrong with the plans of the next 14 days; nothing where nothing is. */
export function DutyFaults({ findings, rotas }: DutyFaultsProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  if (findings.length === 0) return null;
  const rotaOf = (id: string | null) => rotas.find((one) => one.id === id);
  return (
    <section className="managed-part notice" aria-label={t('duty.faults')} data-testid="duty-faults">
      <h3>{t('duty.faults')}</h3>
      <ul>
        {findings.map(({ kind, rota, otherRota, person, from, until, soon }) => {
          const { name = '', timeZone } = rotaOf(rota) ?? {};
          const at = (time: string) => minuteTime(time, timeZone, language);
          const said = t(`duty.fault.${kind}`, {
            ...{ rota: name, other: rotaOf(otherRota)?.name ?? '', person: person?.name ?? '' },
            ...{ from: at(from), until: at(until), year: from.slice(0, 4) },
          });
          return (
            <li key={`${kind} ${rota} ${person?.id} ${from}`} data-testid="duty-fault">
              {said}
              {soon ? <strong> {t('duty.soon')}</strong> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
