import type { LogInMethods } from '@watchpost/contracts/api';
import { useEffect, useState } from 'react';
import type { ConsoleApi } from '../../api/console-api.ts';
import { logInProblemOf } from '../../routes/log-in-problem.ts';
import { codeText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';

/** The way to the identity provider, where there is one, and why it led back without success. */
export function ProviderLogIn({ api }: { readonly api: Pick<ConsoleApi, 'logInMethods'> }) {
  const texts = useTexts();
  const { t, language } = texts;
  const [methods, setMethods] = useState<LogInMethods | null>(null);
  const [problem] = useState(() => logInProblemOf(location));
  useEffect(() => {
    // A server that cannot be asked offers the password alone.
    api.logInMethods().then(setMethods, () => undefined);
  }, [api]);
  useEffect(() => {
    // Loaded anew, the page does not tell an old story.
    if (problem !== null) history.replaceState(null, '', '/');
  }, [problem]);
  return (
    <div className="login-provider">
      <p className="problem" role="alert" data-testid="provider-problem">
        {problem === null ? '' : codeText(texts, problem)}
      </p>
      {methods?.oidc && (
        <a className="button" href="/api/v1/session/oidc" data-testid="provider-log-in">
          {t('login.provider', { label: methods.oidc.label[language] })}
        </a>
      )}
    </div>
  );
}
