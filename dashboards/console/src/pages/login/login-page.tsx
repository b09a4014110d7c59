import type { SecondStep, Session } from '@watchpost/contracts/api';
import { type FormEvent, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { ConsoleApi } from '../../api/console-api.ts';
import { useAlarm } from '../../live/use-alarm.ts';
import { problemText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';
import { LanguageSwitch } from '../../ui/language-switch.tsx';
import { BrandMark } from '../../ui/signs.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { PasskeyLogIn } from './passkey-log-in.tsx';
import { ProviderLogIn } from './provider-log-in.tsx';
import { SecondStepForm } from './second-step-form.tsx';

export interface LoginPageProps {
  readonly api: ConsoleApi;
  /** The visitor was logged in until a moment ago. */
  readonly ended: boolean;
  readonly onSession: (session: Session) => void;
}

const nothingWaits = { waiting: { low: 0, medium: 0, high: 0, critical: 0 }, trouble: false };
const deaf = { ...nothingWaits, trouble: true };

/** Nobody has logged in: nothing to tell. */
function NobodyHere() {
  useTitle('out');
  return null;
}

/**
 * Somebody relies on this screen and it tells nothing any more: that is said aloud until somebody logs in or
 * silences it.
 */
function SessionEnded() {
  const { t } = useTexts();
  const [silenced, setSilenced] = useState(false);
  const [sound] = useAlarm(silenced ? nothingWaits : deaf);
  useTitle('ended');
  return (
    <div className="banner" role="alert" data-testid="session-ended" data-sound={sound}>
      <span>{t('login.ended')}</span>
      {!silenced && sound === 'ready' && (
        <Button className="button" onPress={() => setSilenced(true)} data-testid="silence">
          {t('login.silence')}
        </Button>
      )}
    </div>
  );
}

export function LoginPage({ api, ended, onSession }: LoginPageProps) {
  const texts = useTexts();
  const { t } = texts;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [step, setStep] = useState<SecondStep | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await api.logIn(String(fields.get('user')), String(fields.get('password')));
      if (!('secondFactor' in answer)) return onSession(answer);
      setStep(answer);
      setBusy(false);
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  }

  return (
    <div className="login">
      {ended ? <SessionEnded /> : <NobodyHere />}
      <header className="login-bar">
        <LanguageSwitch />
      </header>
      <main className="login-card">
        <div className="login-brand">
          <BrandMark />
          <div>
            <p className="login-name">{t('app.name')}</p>
            <p className="login-lead">{t('login.lead')}</p>
          </div>
        </div>
        <h1 className="sr-only">{t('login.title')}</h1>
        {step ? (
          <SecondStepForm api={api} step={step} onSession={onSession} onCancel={() => setStep(null)} />
        ) : (
          <>
            <Form className="login-form" onSubmit={(event) => void submit(event)}>
              <TextField name="user" isRequired autoComplete="username" maxLength={64} autoFocus>
                <Label>{t('login.user')}</Label>
                <Input data-testid="login-user" autoCapitalize="none" spellCheck={false} />
              </TextField>
              <TextField
                name="password"
                type="password"
                isRequired
                autoComplete="current-password"
                maxLength={256}
              >
                <Label>{t('login.password')}</Label>
                <Input data-testid="login-password" />
              </TextField>
              <p className="problem" role="alert" data-testid="login-problem">
                {problem === null ? '' : problemText(texts, problem)}
              </p>
              <Button
                type="submit"
                className="button button-primary"
                data-testid="login-submit"
                data-pending={busy || undefined}
              >
                {busy ? t('login.busy') : t('login.submit')}
              </Button>
            </Form>
            <PasskeyLogIn api={api} onSession={onSession} />
            <ProviderLogIn api={api} />
          </>
        )}
        <p className="login-foot">{t('login.privacy')}</p>
      </main>
    </div>
  );
}
