import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { DutyChanges } from './duty-changes.tsx';
import { DutyFaults } from './duty-faults.tsx';
import { loadDuty } from './duty-loaded.ts';
import { DutyNow } from './duty-now.tsx';
import { DutyShifts } from './duty-shifts.tsx';
import { HandoverDetail } from './handover-detail.tsx';
import { Handovers } from './handovers.tsx';
import { Rotas } from './rotas.tsx';
import type { dutyEn } from './texts-en.ts';

/** Who is on duty, who comes next, what takes the place of the rotation, and hand-overs. */
export function DutyPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const { value, problem, reload } = useLoaded(useCallback(() => loadDuty(ask), [ask]));
  const [handover, setHandover] = useState<string | null>(null);
  const parts = { ask, session, sites, onChanged: reload };
  return (
    <>
      <h2>{t('manage.duty')}</h2>
      {handover === null ? (
        <>
          <p className="muted">{t('duty.lead')}</p>
          <p className="problem" role="alert" data-testid="duty-problem">
            {problem}
          </p>
          {value && (
            <>
              <DutyFaults findings={value.findings} rotas={value.rotas} />
              <DutyNow now={value.now} />
              <DutyChanges {...parts} loaded={value} />
              <DutyShifts shifts={value.shifts} rotas={value.rotas} />
              <Rotas {...parts} rotas={value.rotas} />
              <Handovers {...parts} now={value.now} onShow={setHandover} />
            </>
          )}
          <button type="button" className="button" onClick={() => void reload()} data-testid="duty-again">
            {t('duty.again')}
          </button>
        </>
      ) : (
        <HandoverDetail {...parts} id={handover} onBack={() => setHandover(null)} />
      )}
    </>
  );
}
