import type { Session } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Ask } from '../api/ask.ts';
import { consolePolicy } from '../policy.ts';
import { managedAddress } from '../routes/place.ts';
import { useTexts } from '../texts/texts.tsx';

export interface TokenNoticeProps {
  readonly ask: Ask;
  readonly session: Pick<Session, 'permissions'>;
}

/** Tells whoever manages accounts of API tokens that end soon, before a program falls silent. */
export function TokenNotice({ ask, session }: TokenNoticeProps) {
  const { t } = useTexts();
  const [count, setCount] = useState(0);
  const isAsked = session.permissions.includes('accounts.manage');
  useEffect(() => {
    if (!isAsked) return undefined;
    const look = () =>
      call(ask, 'GET /api-tokens/due').then(
        ({ tokens }) => setCount(tokens.length),
        // What cannot be asked now is asked again.
        () => undefined,
      );
    void look();
    const timer = setInterval(() => void look(), consolePolicy.dueTokensEveryMs);
    return () => clearInterval(timer);
  }, [ask, isAsked]);
  if (!isAsked || count === 0) return null;
  return (
    <div className="banner" role="status" data-testid="tokens-banner">
      <span>{t('tokens.due', { count })}</span>
      <Link className="button" href={managedAddress('people')}>
        {t('tokens.show')}
      </Link>
    </div>
  );
}
