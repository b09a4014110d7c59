import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import { PassCode } from './pass-code.tsx';
import type { passesEn } from './texts-en.ts';

export interface LinkedPassProps {
  readonly ask: Ask;
  /** The secret of the link. */
  readonly token: string;
}

/** Where the link of a visitor leads: the pass on the phone, while it is good. Nobody logs in here. */
export function LinkedPassPage({ ask, token }: LinkedPassProps) {
  const { t, language } = usePageTexts<typeof passesEn>();
  const { value, problem } = useLoaded(
    useCallback(() => call(ask, 'POST /pass-link', { body: { token } }), [ask, token]),
  );
  return (
    <div className="login">
      <header className="login-bar">
        <LanguageSwitch />
      </header>
      <main className="login-card pass-linked">
        <h1>{t('passes.linkedTitle')}</h1>
        <p className="problem" role="alert" data-testid="linked-problem">
          {problem}
        </p>
        {value && problem === '' ? (
          <>
            <PassCode {...value} name={value.name[language]} />
            <p className="muted">{t('passes.linkedHint')}</p>
          </>
        ) : null}
      </main>
    </div>
  );
}
