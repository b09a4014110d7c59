import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { addressed } from './addressed.ts';
import type { AreaPartProps } from './area-part.ts';
import type { armingEn } from './texts-en.ts';

/** Disarms an area, with a code where one is asked for or the person has one. */
export function DisarmForm({
  ask,
  area,
  onChanged,
  ownCode,
}: Pick<AreaPartProps, 'ask' | 'area' | 'onChanged'> & { readonly ownCode: boolean }) {
  const { t } = usePageTexts<typeof armingEn>();
  const action = useAction();
  const [id, setId] = useState(newId);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const code = String(new FormData(form).get('code') ?? '');
    void action.run(async () => {
      await call(ask, 'POST /arming/{area}/disarm', {
        ...addressed(area),
        body: { id, version: area.version, ...(code === '' ? {} : { code }) },
      });
      setId(newId());
      form.reset();
      await onChanged();
    });
  };
  return (
    <form onSubmit={submit} className="area-form" data-testid="area-disarm-form">
      {(area.needsCode || ownCode) && (
        <Field
          label={t('arming.code')}
          {...{ name: 'code', type: 'password', inputMode: 'numeric', autoComplete: 'off' }}
          {...{ pattern: '[0-9]{4,10}', required: area.needsCode }}
          data-testid="area-code"
        />
      )}
      <button type="submit" className="button button-large" disabled={action.busy} data-testid="area-disarm">
        {t('arming.disarm')}
      </button>
      <p className="problem" role="alert" data-testid="area-disarm-problem">
        {action.problem}
      </p>
    </form>
  );
}
