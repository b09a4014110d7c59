import type { ApiToken, NewApiToken } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { peopleEn } from './texts-en.ts';
import { TokenForm } from './token-form.tsx';

export interface TokenPartProps {
  readonly ask: Ask;
  /** Id of a service account. */
  readonly account: string;
  readonly isDisabled: boolean;
  /** One was made or revoked. */
  readonly onChanged: () => Promise<void>;
}

/** The API tokens of a program: what each opens, until when, and a new one. */
export function TokenPart({ ask, account, isDisabled, onChanged }: TokenPartProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const load = useCallback(
    () => call(ask, 'GET /accounts/{id}/tokens', { params: { id: account } }),
    [ask, account],
  );
  const { value, problem, reload } = useLoaded(load);
  const [made, setMade] = useState<NewApiToken | null>(null);
  const changed = async () => {
    await reload();
    await onChanged();
  };
  return (
    <section className="managed-part" aria-labelledby="person-tokens">
      <h4 id="person-tokens">{t('people.tokens')}</h4>
      <p>{t('people.tokensText')}</p>
      <p className="problem" role="alert">
        {problem}
      </p>
      {made && (
        <ShownOnce
          label={t('people.tokenSecret', { name: made.token.name })}
          value={made.secret}
          testId="token-secret"
          onDone={() => setMade(null)}
        />
      )}
      {value?.tokens.length === 0 && <p data-testid="tokens-none">{t('people.tokensNone')}</p>}
      {value && value.tokens.length > 0 && (
        <TokenTable
          tokens={value.tokens}
          onRevoke={async (id) => {
            await call(ask, 'DELETE /accounts/{id}/tokens/{token}', { params: { id: account, token: id } });
            await changed();
          }}
        />
      )}
      {value && !isDisabled && (
        <TokenForm
          offered={value.permissions}
          mostDays={value.mostDays}
          onMake={async (request) => {
            const of = { params: { id: account }, body: request };
            setMade(await call(ask, 'POST /accounts/{id}/tokens', of));
            await changed();
          }}
        />
      )}
    </section>
  );
}

interface TokenTableProps {
  readonly tokens: readonly ApiToken[];
  readonly onRevoke: (id: string) => Promise<void>;
}

function TokenTable({ tokens, onRevoke }: TokenTableProps) {
  const { t, language } = usePageTexts<typeof peopleEn>();
  const when = (time: string) => absoluteTime(time, undefined, language);
  return (
    <table className="cards-table">
      <thead>
        <tr>
          <th scope="col">{t('people.tokenName')}</th>
          <th scope="col">{t('people.tokenOpens')}</th>
          <th scope="col">{t('people.tokenEnd')}</th>
          <th scope="col">{t('people.used')}</th>
          <th scope="col">
            <span className="sr-only">{t('people.tokenRevoke')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id} data-testid="token-row" data-state={token.state}>
            <th scope="row">{token.name}</th>
            <td data-label={t('people.tokenOpens')}>
              {token.permissions.map((one) => t(`people.permission.${one}`)).join(t('list.separator'))}
            </td>
            <td data-label={t('people.tokenEnd')}>
              {token.state === 'good'
                ? when(token.expires)
                : t(token.state === 'ended' ? 'people.tokenEnded' : 'people.tokenEnds', {
                    time: when(token.expires),
                  })}
            </td>
            <td data-label={t('people.used')}>
              {token.lastUsed === null ? t('people.never') : when(token.lastUsed)}
            </td>
            <td>
              <AskFirst
                button={t('people.tokenRevoke')}
                testId="token-revoke"
                title={t('people.tokenRevokeTitle', { name: token.name })}
                text={t('people.tokenRevokeText')}
                onConfirm={() => onRevoke(token.id)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
