import type { Department, ResponseUnit } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { Choices } from './choices.ts';
import { SeveralChoice, severalOf } from './several-choice.tsx';

export interface UnitFormProps {
  readonly ask: Ask;
  readonly department: Department;
  /** Absent: a new one. */
  readonly unit?: ResponseUnit;
  readonly choices: Choices;
  readonly onDone: () => Promise<void>;
}

/** Makes a unit of a department, or changes one. */
export function UnitForm({ ask, department, unit, choices, onDone }: UnitFormProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const action = useAction();
  const [id, setId] = useState(newId);
  const [isOpen, setOpen] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const plan = {
      name: String(fields.get('name') ?? ''),
      duty: fields.get('always') === null ? ('rotas' as const) : ('always' as const),
      members: severalOf(fields, 'members'),
    };
    await action.run(async () => {
      if (unit)
        await call(ask, 'POST /response/units/{id}', {
          params: { id: unit.id },
          body: { version: unit.version, ...plan },
        });
      else
        await call(ask, 'POST /response/departments/{id}/units', {
          params: { id: department.id },
          body: { id, ...plan },
        });
      setId(newId());
      setOpen(false);
      await onDone();
    });
  }
  return (
    <details
      className="duty-form"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary data-testid={unit ? 'unit-change' : 'unit-new'}>
        {unit ? t('response.change') : t('response.newUnit')}
      </summary>
      {isOpen && (
        <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="unit-form">
          <Field
            label={t('response.name')}
            {...{ name: 'name', required: true, maxLength: 80, autoComplete: 'off' }}
            defaultValue={unit?.name ?? ''}
            data-testid="unit-name"
          />
          <SeveralChoice
            label={t('response.members')}
            name="members"
            options={choices.people}
            chosen={unit?.members.map((one) => one.id) ?? []}
          />
          <label className="response-always">
            <input type="checkbox" name="always" defaultChecked={unit?.duty === 'always'} />{' '}
            {t('response.always')}
          </label>
          <Submit action={action} label={t('response.save')} testId="unit-save" />
        </form>
      )}
    </details>
  );
}
