import type { SecondStep, SecondStepRequest, Session } from '@watchpost/contracts/api';
import { type FormEvent, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { ConsoleApi } from '../../api/console-api.ts';
import { problemText } from '../../texts/problem-text.ts';
import { useTexts } from '../../texts/texts.tsx';

export interface SecondStepFormProps {
  readonly api: Pick<ConsoleApi, 'secondStep'>;
  readonly step: SecondStep;
  readonly onSession: (session: Session) => void;
  /** The log-in begins anew. */
  readonly onCancel: () => void;
}

type CodeKind = 'totp' | 'recovery';

/**
 * The password was right; now what only the person has: a passkey, a code of the app, or one that was kept.
 */
export function SecondStepForm({ api, step, onSession, onCancel }: SecondStepFormProps) {
  const texts = useTexts();
  const { t } = texts;
  const kinds = step.secondFactor.filter((kind): kind is CodeKind => kind === 'totp' || kind === 'recovery');
  const [kind, setKind] = useState<CodeKind>(kinds[0] ?? 'recovery');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const other = kinds.find((one) => one !== kind);

  async function send(proof: () => Promise<SecondStepRequest>) {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      onSession(await api.secondStep(await proof()));
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code') ?? '').trim();
    void send(async () => ({ kind, code }));
  }
  const { passkey } = step;

  return (
    <Form className="login-form" onSubmit={submit} data-testid="second-step">
      {passkey && (
        <Button
          className="button button-primary"
          onPress={() =>
            void send(async () => {
              const { signWithPasskey } = await import('../../api/passkeys.ts');
              return { kind: 'passkey', response: await signWithPasskey(passkey) };
            })
          }
          data-testid="second-passkey"
        >
          {t('login.passkeyNow')}
        </Button>
      )}
      <p>{t(kind === 'totp' ? 'login.totpText' : 'login.recoveryText')}</p>
      <TextField
        key={kind}
        name="code"
        isRequired
        maxLength={64}
        autoFocus={!passkey}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
      >
        <Label>{t(kind === 'totp' ? 'login.totp' : 'login.recovery')}</Label>
        <Input
          data-testid="second-code"
          inputMode={kind === 'totp' ? 'numeric' : 'text'}
          autoCapitalize="none"
          spellCheck={false}
        />
      </TextField>
      <p className="problem" role="alert" data-testid="second-problem">
        {problem === null ? '' : problemText(texts, problem)}
      </p>
      <Button
        type="submit"
        className="button button-primary"
        data-testid="second-submit"
        data-pending={busy || undefined}
      >
        {busy ? t('login.busy') : t('login.submit')}
      </Button>
      {other !== undefined && (
        <Button className="button" onPress={() => setKind(other)} data-testid="second-other">
          {t(other === 'totp' ? 'login.totpInstead' : 'login.recoveryInstead')}
        </Button>
      )}
      <p className="muted">{t('login.neither')}</p>
      <Button className="button button-quiet" onPress={onCancel} data-testid="second-cancel">
        {t('login.anew')}
      </Button>
    </Form>
  );
}
