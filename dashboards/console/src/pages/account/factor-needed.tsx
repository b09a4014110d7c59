import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { FactorPart } from '../../ui/factors/factor-part.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { accountEn } from './texts-en.ts';

export interface FactorNeededProps {
  readonly ask: Ask;
  /** A second factor is there: the session is asked for anew. */
  readonly onDone: () => void;
  readonly onLogOut: () => void;
}

/** For whose role demands a second factor that is missing: how to set one up, and the way out. */
export function FactorNeeded({ ask, onDone, onLogOut }: FactorNeededProps) {
  const { t } = usePageTexts<typeof accountEn>();
  const load = useCallback(() => call(ask, 'GET /account'), [ask]);
  const { value: account, problem, reload } = useLoaded(load);
  return (
    <div className="factor-needed">
      <header className="login-bar">
        <LanguageSwitch />
        <button type="button" className="button button-quiet" onClick={onLogOut} data-testid="log-out">
          {t('session.logOut')}
        </button>
      </header>
      <main className="managed-page" tabIndex={-1} data-testid="factor-needed">
        <h1>{t('account.needTitle')}</h1>
        <p>{t('account.needText')}</p>
        <p className="problem" role="alert">
          {problem}
        </p>
        {account && <FactorPart ask={ask} account={account} onChanged={reload} />}
        {account && account.factors.length > 0 && (
          <button type="button" className="button button-primary" onClick={onDone} data-testid="factor-done">
            {t('account.needDone')}
          </button>
        )}
      </main>
    </div>
  );
}
