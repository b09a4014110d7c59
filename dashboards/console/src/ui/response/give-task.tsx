import type { ProposedUnit, ResponseOffer } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../field.tsx';
import { Submit } from '../submit.tsx';
import { useAction } from '../use-action.ts';
import { useLoaded } from '../use-loaded.ts';
import type { responseEn } from './texts-en.ts';

export interface GiveTaskProps {
  readonly ask: Ask;
  readonly offer: ResponseOffer;
  readonly onChanged: () => Promise<void>;
}

/** Units of the department as they are proposed, with how far and how old; somebody chooses. */
export function GiveTask({ ask, offer, onChanged }: GiveTaskProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="duty-form"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      data-testid="give"
    >
      <summary data-testid="give-open">{t('response.give')}</summary>
      {isOpen && <GiveForm ask={ask} offer={offer} onChanged={onChanged} />}
    </details>
  );
}

function GiveForm({ ask, offer, onChanged }: GiveTaskProps) {
  const { t, number } = usePageTexts<typeof responseEn>();
  const action = useAction();
  const [id, setId] = useState(newId);
  const { subject } = offer;
  const department = offer.department.id;
  const { value, problem, reload } = useLoaded(
    useCallback(
      () => call(ask, 'GET /response/nearest', { query: { subject, department } }),
      [ask, subject, department],
    ),
  );
  const said = ({ unit, state, distanceM, ageSeconds }: ProposedUnit) => {
    const common = { unit: unit.name, state: t(`response.unitState.${state}`) };
    if (distanceM === null || ageSeconds === null) return t('response.proposalNoPlace', common);
    const minutes = Math.round(ageSeconds / 60);
    const age =
      ageSeconds < 90
        ? t('response.ageSeconds', { count: ageSeconds })
        : t('response.ageMinutes', { count: minutes });
    return t('response.proposal', { ...common, distance: number(distanceM), age });
  };
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const reason = String(fields.get('reason') ?? '').trim();
    await action.run(async () => {
      await call(ask, 'POST /response/offers/{id}/tasks', {
        params: { id: offer.id },
        body: {
          ...{ id, unit: String(fields.get('unit') ?? '') },
          ...(reason === '' ? {} : { reason }),
        },
      });
      setId(newId());
      await Promise.all([onChanged(), reload()]);
    });
  }
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="give-form">
      <p className="problem" role="alert">
        {problem}
      </p>
      <p className="muted">{t('response.proposalHint')}</p>
      <fieldset className="response-choice">
        <legend>{t('response.unit')}</legend>
        {value?.units.map((unit, index) => (
          <label key={unit.unit.id} data-testid="proposal">
            <input type="radio" name="unit" value={unit.unit.id} defaultChecked={index === 0} required />
            {said(unit)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t('response.reason')}
        {...{ name: 'reason', minLength: 3, maxLength: 500, autoComplete: 'off' }}
        data-testid="give-reason"
      />
      <Submit action={action} label={t('response.giveNow')} testId="give-now" />
    </form>
  );
}
