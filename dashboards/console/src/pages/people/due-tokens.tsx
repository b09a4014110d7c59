import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { peopleEn } from './texts-en.ts';

export interface DueTokensProps {
  readonly ask: Ask;
  readonly onShow: (account: string) => void;
}

/** API tokens that end soon or have ended: a program whose token ends falls silent. */
export function DueTokens({ ask, onShow }: DueTokensProps) {
  const { t, language } = usePageTexts<typeof peopleEn>();
  const load = useCallback(() => call(ask, 'GET /api-tokens/due'), [ask]);
  const { value } = useLoaded(load);
  if (!value || value.tokens.length === 0) return null;
  return (
    <section className="notice" aria-label={t('people.tokensDue')} data-testid="due-tokens">
      <p>
        <b>{t('people.tokensDue')}</b>
      </p>
      <ul className="managed-list">
        {value.tokens.map(({ account, token }) => (
          <li key={token.id} data-testid="due-token" data-state={token.state}>
            <button
              type="button"
              className="link-button"
              onClick={() => onShow(account.id)}
              data-testid="due-token-show"
            >
              {account.name}: {token.name}
            </button>{' '}
            <span>
              {t(token.state === 'ended' ? 'people.tokenEnded' : 'people.tokenEnds', {
                time: absoluteTime(token.expires, undefined, language),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
