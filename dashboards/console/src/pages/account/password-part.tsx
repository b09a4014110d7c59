import type { OwnAccount } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { accountEn } from './texts-en.ts';

/** Changes the password; who does shows the one of before. */
export function PasswordPart({ ask, account }: { readonly ask: Ask; readonly account: OwnAccount }) {
  const { t } = usePageTexts<typeof accountEn>();
  const action = useAction();
  const [changed, setChanged] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const given = (name: string) => String(fields.get(name) ?? '');
    const [old, password, again] = [given('old'), given('password'), given('again')];
    setChanged(false);
    if (password !== again) return action.refuse(t('account.passwordDiffer'));
    const isDone = await action.run(async () => {
      await call(ask, 'POST /account/password', { body: { old, password } });
    });
    if (!isDone) return;
    form.reset();
    setChanged(true);
  }
  return (
    <section className="managed-part" aria-labelledby="account-password">
      <h3 id="account-password">{t('account.password')}</h3>
      {account.hasPassword ? (
        <form className="managed-form" onSubmit={(event) => void submit(event)}>
          {/* Password managers want to know whose it is. */}
          <input type="text" autoComplete="username" value={account.name} readOnly hidden />
          <Field
            label={t('account.passwordOld')}
            {...{ name: 'old', type: 'password', required: true, maxLength: 256 }}
            autoComplete="current-password"
            data-testid="password-old"
          />
          <Field
            label={t('account.passwordNew')}
            hint={t('account.passwordHint', { count: account.leastCharacters })}
            {...{ name: 'password', type: 'password', required: true, maxLength: 256 }}
            autoComplete="new-password"
            data-testid="password-new"
          />
          <Field
            label={t('account.passwordAgain')}
            {...{ name: 'again', type: 'password', required: true, maxLength: 256 }}
            autoComplete="new-password"
            data-testid="password-again"
          />
          <Submit action={action} label={t('account.passwordChange')} testId="password-change" />
          <p role="status" data-testid="password-changed">
            {changed ? t('account.passwordChanged') : ''}
          </p>
        </form>
      ) : (
        <p>{t(account.byProvider ? 'account.byProvider' : 'account.passwordNone')}</p>
      )}
    </section>
  );
}
