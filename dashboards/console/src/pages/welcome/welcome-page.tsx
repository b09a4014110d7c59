import type { AccountLink, Session } from '@watchpost/contracts/api';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { ConsoleApi } from '../../api/console-api.ts';
import { problemText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { BrandMark } from '../../ui/signs.tsx';
import { useTitle } from '../../ui/use-title.ts';

export interface WelcomePageProps {
  readonly api: Pick<ConsoleApi, 'accountLink' | 'setPassword'>;
  /** The secret of the one-time link. */
  readonly token: string;
  readonly onSession: (session: Session) => void;
}

/** Where a one-time link leads: a person chooses a password, and the first administrator a name too. */
export function WelcomePage({ api, token, onSession }: WelcomePageProps) {
  const texts = useTexts();
  const { t } = texts;
  const [link, setLink] = useState<AccountLink | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  useTitle('out');
  useEffect(() => {
    api.accountLink(token).then(setLink, setRefusal);
  }, [api, token]);
  return (
    <div className="login">
      <header className="login-bar">
        <LanguageSwitch />
      </header>
      <main className="login-card">
        <div className="login-brand">
          <BrandMark />
          <div>
            <p className="login-name">{t('app.name')}</p>
            <p className="login-lead">{t('welcome.lead')}</p>
          </div>
        </div>
        <h1 className="sr-only">{t('welcome.title')}</h1>
        {refusal !== null && (
          <>
            <p className="problem" role="alert" data-testid="welcome-refused">
              {problemText(texts, refusal)}
            </p>
            <p className="login-foot">
              <a href="/">{t('welcome.toLogin')}</a>
            </p>
          </>
        )}
        {link && <PasswordForm api={api} token={token} link={link} onSession={onSession} />}
      </main>
    </div>
  );
}

function PasswordForm({ api, token, link, onSession }: WelcomePageProps & { readonly link: AccountLink }) {
  const texts = useTexts();
  const { t } = texts;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>('');
  const hint = useId();
  const isFirst = link.user === null;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const [user, password, again] = ['user', 'password', 'again'].map((name) =>
      String(fields.get(name) ?? ''),
    );
    if (password !== again) {
      setProblem(t('welcome.differ'));
      return;
    }
    setBusy(true);
    setProblem('');
    try {
      const order = { token, password: password ?? '' };
      onSession(await api.setPassword(isFirst ? { ...order, user: (user ?? '').trim() } : order));
    } catch (failure) {
      setProblem(problemText(texts, failure));
      setBusy(false);
    }
  }

  return (
    <>
      <p className="login-note" data-testid="welcome-who">
        {link.user === null ? t('welcome.first') : t('welcome.known', { user: link.user })}
      </p>
      <Form className="login-form" onSubmit={(event) => void submit(event)}>
        <TextField
          name="user"
          isRequired
          autoComplete="username"
          maxLength={64}
          autoFocus={isFirst}
          isReadOnly={!isFirst}
          {...(link.user === null ? {} : { defaultValue: link.user })}
        >
          <Label>{t('login.user')}</Label>
          <Input data-testid="welcome-user" autoCapitalize="none" spellCheck={false} />
        </TextField>
        <TextField
          name="password"
          type="password"
          isRequired
          autoComplete="new-password"
          maxLength={256}
          autoFocus={!isFirst}
          aria-describedby={hint}
        >
          <Label>{t('welcome.password')}</Label>
          <Input data-testid="welcome-password" />
        </TextField>
        <p id={hint} className="login-lead">
          {t('welcome.hint', { count: link.leastCharacters })}
        </p>
        <TextField name="again" type="password" isRequired autoComplete="new-password" maxLength={256}>
          <Label>{t('welcome.again')}</Label>
          <Input data-testid="welcome-again" />
        </TextField>
        <p className="problem" role="alert" data-testid="welcome-problem">
          {problem}
        </p>
        <Button
          type="submit"
          className="button button-primary"
          data-testid="welcome-submit"
          data-pending={busy || undefined}
        >
          {busy ? t('login.busy') : t('welcome.submit')}
        </Button>
      </Form>
    </>
  );
}
