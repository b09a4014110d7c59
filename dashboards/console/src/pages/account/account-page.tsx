import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { FactorPart } from '../../ui/factors/factor-part.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { LanguagePart } from './language-part.tsx';
import { PasswordPart } from './password-part.tsx';
import { RightsPart } from './rights-part.tsx';
import { SessionPart } from './session-part.tsx';
import type { accountEn } from './texts-en.ts';

/** One's own account: who one is, how one logs in, where one is logged in. */
export function AccountPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof accountEn>();
  const load = useCallback(() => call(ask, 'GET /account'), [ask]);
  const { value: account, problem, reload } = useLoaded(load);
  return (
    <>
      <h2>{t('manage.account')}</h2>
      <p className="problem" role="alert">
        {problem}
      </p>
      {account && (
        <p data-testid="account-who">
          {account.displayName === account.name
            ? t('account.whoSame', { user: account.name })
            : t('account.who', { name: account.displayName, user: account.name })}
        </p>
      )}
      <RightsPart session={session} sites={sites} />
      {account && (
        <>
          <LanguagePart ask={ask} account={account} onChanged={reload} />
          <PasswordPart ask={ask} account={account} />
          <FactorPart ask={ask} account={account} onChanged={reload} />
        </>
      )}
      <SessionPart ask={ask} />
    </>
  );
}
