import type { Department } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../field.tsx';
import { Submit } from '../submit.tsx';
import { useAction } from '../use-action.ts';
import type { responseEn } from './texts-en.ts';

export interface OfferFormProps {
  readonly ask: Ask;
  /** An alert. */
  readonly subject: string;
  /** At least one. */
  readonly departments: readonly Department[];
  readonly onDone: () => Promise<void>;
}

/** Offers an alert to one more department. */
export function OfferForm({ ask, subject, departments, onDone }: OfferFormProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const action = useAction();
  // A press that is repeated after a lost answer is one offer.
  const [id, setId] = useState(newId);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const given = (name: string) => String(fields.get(name) ?? '');
    await action.run(async () => {
      await call(ask, 'POST /response/offers', {
        body: {
          ...{ id, subject, department: given('department'), note: given('note') },
        },
      });
      setId(newId());
      form.reset();
      await onDone();
    });
  }
  return (
    <details className="duty-form">
      <summary data-testid="offer-open">{t('response.offer')}</summary>
      <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="offer-form">
        <label className="field">
          <span className="field-label">{t('response.department')}</span>
          <select className="field-input" name="department" required data-testid="offer-department">
            {departments.map((department) => (
              <option key={department.id} value={department.id}>
                {department.name}
              </option>
            ))}
          </select>
        </label>
        <Field
          label={t('response.noteLabel')}
          {...{ name: 'note', maxLength: 500, autoComplete: 'off' }}
          data-testid="offer-note"
        />
        <Submit action={action} label={t('response.offerNow')} testId="offer-now" />
      </form>
    </details>
  );
}
