import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useAction } from '../../ui/use-action.ts';
import type { armingEn } from './texts-en.ts';

/** The codes of the person, which are never shown again. */
export function OwnCode({
  ask,
  isSet,
  onChanged,
}: Pick<ManagedPageProps, 'ask'> & {
  readonly isSet: boolean;
  readonly onChanged: () => Promise<void>;
}) {
  const { t } = usePageTexts<typeof armingEn>();
  const action = useAction();
  const [isDone, setIsDone] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const duress = String(fields.get('duress') ?? '');
    setIsDone(false);
    void action.run(async () => {
      const codes = { code: String(fields.get('code')), duress: duress === '' ? null : duress };
      await call(ask, 'PUT /arming/code', { body: codes });
      form.reset();
      setIsDone(true);
      await onChanged();
    });
  };
  const digits = {
    ...({ type: 'password', inputMode: 'numeric', autoComplete: 'off', pattern: '[0-9]{4,10}' } as const),
  };
  return (
    <details className="managed-part">
      <summary data-testid="own-code">{t('arming.codes')}</summary>
      <p className="muted">{t('arming.codesLead')}</p>
      {isSet && <p>{t('arming.codeIs')}</p>}
      <form onSubmit={submit} className="area-form">
        <Field
          label={t('arming.codeNew')}
          {...{ ...digits, name: 'code', required: true }}
          data-testid="own-code-new"
        />
        <Field
          label={t('arming.duressNew')}
          hint={t('arming.duressHint')}
          {...{ ...digits, name: 'duress' }}
          data-testid="own-code-duress"
        />
        <button type="submit" className="button" disabled={action.busy} data-testid="own-code-set">
          {t('arming.setCode')}
        </button>
        <p role="status">{isDone && t('arming.codeSet')}</p>
        <p className="problem" role="alert" data-testid="own-code-problem">
          {action.problem}
        </p>
      </form>
    </details>
  );
}
