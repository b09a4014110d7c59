import type { DutyRota } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { PersonChoice } from './person-choice.tsx';
import type { dutyEn } from './texts-en.ts';

export interface OverrideFormProps {
  readonly ask: Ask;
  /** At least one. */
  readonly rotas: readonly DutyRota[];
  readonly onDone: () => Promise<void>;
}

/** Somebody else is on duty for a time, by the wall clock of the rota. */
export function OverrideForm({ ask, rotas, onDone }: OverrideFormProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const action = useAction();
  const [chosen, setRotaId] = useState(rotas[0]?.id ?? '');
  // A press that is repeated after a lost answer makes one.
  const [id, setId] = useState(newId);
  const rota = rotas.find((one) => one.id === chosen) ?? rotas[0];
  if (!rota) return null;
  const { id: rotaId, site } = rota;
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const given = (name: string) => String(fields.get(name) ?? '');
    await action.run(async () => {
      await call(ask, 'POST /duty/exceptions', {
        query: { site },
        body: {
          ...{ id, kind: 'override', rota: rotaId, person: given('person'), reason: given('reason') },
          ...{ from: given('from').slice(0, 16), until: given('until').slice(0, 16) },
        },
      });
      setId(newId());
      form.reset();
      await onDone();
    });
  }
  return (
    <details className="duty-form">
      <summary data-testid="duty-override">{t('duty.override')}</summary>
      <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="override-form">
        {rotas.length > 1 && (
          <label className="field">
            <span className="field-label">{t('duty.rota')}</span>
            <select
              className="field-input"
              value={rota.id}
              onChange={({ target }) => setRotaId(target.value)}
              data-testid="override-rota"
            >
              {rotas.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <PersonChoice ask={ask} site={rota.site} testId="override-person" />
        <Field
          label={t('duty.from')}
          hint={t('duty.timeHint', { zone: rota.timeZone })}
          {...{ name: 'from', type: 'datetime-local', required: true }}
          data-testid="override-from"
        />
        <Field
          label={t('duty.until')}
          {...{ name: 'until', type: 'datetime-local', required: true }}
          data-testid="override-until"
        />
        <Field
          label={t('duty.why')}
          {...{ name: 'reason', required: true, minLength: 3, maxLength: 500, autoComplete: 'off' }}
          data-testid="override-reason"
        />
        <Submit action={action} label={t('duty.set')} testId="override-set" />
      </form>
    </details>
  );
}
