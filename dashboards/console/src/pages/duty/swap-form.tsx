import type { DutyRota, DutyShift } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { PersonChoice } from './person-choice.tsx';
import type { dutyEn } from './texts-en.ts';

export interface SwapFormProps {
  readonly ask: Ask;
  readonly account: string;
  readonly rotas: readonly DutyRota[];
  /** Those of the person that have not begun. */
  readonly shifts: readonly DutyShift[];
  readonly onDone: () => Promise<void>;
}

/** Asks somebody to take over a shift of one’s own. */
export function SwapForm({ ask, account, rotas, shifts, onDone }: SwapFormProps) {
  const { t, language } = usePageTexts<typeof dutyEn>();
  const action = useAction();
  const [index, setIndex] = useState(0);
  const [id, setId] = useState(newId);
  const shift = shifts[index] ?? shifts[0];
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    if (!shift) return;
    await action.run(async () => {
      await call(ask, 'POST /duty/swaps', {
        query: { site: shift.site },
        body: {
          ...{ id, rota: shift.rota, with: String(fields.get('person') ?? ''), take: null },
          ...{ give: { from: shift.from, until: shift.until }, reason: String(fields.get('reason') ?? '') },
        },
      });
      setId(newId());
      await onDone();
    });
  }
  return (
    <details className="duty-form">
      <summary data-testid="duty-swap">{t('duty.askSwap')}</summary>
      {shift ? (
        <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="swap-form">
          <label className="field">
            <span className="field-label">{t('duty.give')}</span>
            <select
              className="field-input"
              value={index}
              onChange={({ target }) => setIndex(Number(target.value))}
              data-testid="swap-shift"
            >
              {shifts.map(({ rota, from, until }, at) => {
                const { name, timeZone } = rotas.find((one) => one.id === rota) ?? {};
                const times = [from, until].map((time) => minuteTime(time, timeZone, language)).join(' – ');
                return (
                  <option key={`${rota} ${from}`} value={at}>
                    {`${name ?? ''} ${times}`}
                  </option>
                );
              })}
            </select>
          </label>
          <PersonChoice ask={ask} site={shift.site} except={account} testId="swap-person" />
          <Field
            label={t('duty.why')}
            {...{ name: 'reason', required: true, minLength: 3, maxLength: 500, autoComplete: 'off' }}
            data-testid="swap-reason"
          />
          <Submit action={action} label={t('duty.ask')} testId="swap-ask" />
        </form>
      ) : (
        <p>{t('duty.noOwn')}</p>
      )}
    </details>
  );
}
