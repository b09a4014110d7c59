import type { LogInMethods, Session } from '@watchpost/contracts/api';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ConsoleApi } from '../../api/console-api.ts';
import { passkeyHindrance } from '../../api/passkey-hindrance.ts';
import { useTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';

export interface PasskeyLogInProps {
  readonly api: Pick<ConsoleApi, 'logInMethods' | 'passkeyStep' | 'passkeyLogIn'>;
  readonly onSession: (session: Session) => void;
}

/** Log-in by a passkey alone, where this page can; the page of the own account says why it cannot. */
export function PasskeyLogIn({ api, onSession }: PasskeyLogInProps) {
  const { t } = useTexts();
  const action = useAction();
  const [methods, setMethods] = useState<LogInMethods | null>(null);
  useEffect(() => {
    // A server that cannot be asked offers the password alone.
    api.logInMethods().then(setMethods, () => undefined);
  }, [api]);
  if (methods === null || passkeyHindrance(methods.passkey ?? null) !== null) return null;
  const enter = () =>
    action.run(async () => {
      // Not in what everybody loads before the log-in.
      const [{ options }, { signWithPasskey }] = await Promise.all([
        api.passkeyStep(),
        import('../../api/passkeys.ts'),
      ]);
      onSession(await api.passkeyLogIn(await signWithPasskey(options)));
    });
  return (
    <div className="login-provider">
      <p className="problem" role="alert" data-testid="passkey-problem">
        {action.problem}
      </p>
      <Button
        className="button"
        onPress={() => void enter()}
        data-testid="passkey-log-in"
        data-pending={action.busy || undefined}
      >
        {t('login.passkey')}
      </Button>
    </div>
  );
}
