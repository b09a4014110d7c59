import type { OwnSession } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { accountEn } from './texts-en.ts';

/** Where somebody is logged in, to end what should not be. */
export function SessionPart({ ask }: { readonly ask: Ask }) {
  const { t, language } = usePageTexts<typeof accountEn>();
  const load = useCallback(() => call(ask, 'GET /account/sessions'), [ask]);
  const { value, problem, reload } = useLoaded(load);
  const action = useAction();
  const when = (time: string) => minuteTime(time, undefined, language);
  const unknown = t('account.sessionUnknown');
  const browserOf = ({ browser: { name, system } }: OwnSession) =>
    name !== null && system !== null ? t('account.sessionOn', { name, system }) : (name ?? system ?? unknown);
  const end = (id: string) =>
    action.run(async () => {
      await call(ask, 'DELETE /account/sessions/{id}', { params: { id } });
      await reload();
    });
  return (
    <section className="managed-part" aria-labelledby="account-sessions">
      <h3 id="account-sessions">{t('account.sessions')}</h3>
      <p className="problem" role="alert">
        {problem || action.problem}
      </p>
      {value && (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('account.sessionBrowser')}</th>
              <th scope="col">{t('account.sessionFrom')}</th>
              <th scope="col">{t('account.sessionSince')}</th>
              <th scope="col">{t('account.sessionUsed')}</th>
              <th scope="col">
                <span className="sr-only">{t('account.sessionEnd')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {value.sessions.map((session) => (
              <tr key={session.id} data-testid="session-row" data-current={session.current || undefined}>
                <th scope="row">{browserOf(session)}</th>
                <td data-label={t('account.sessionFrom')}>{session.addressGroup ?? unknown}</td>
                <td data-label={t('account.sessionSince')}>{when(session.createdAt)}</td>
                <td data-label={t('account.sessionUsed')}>{when(session.lastUsed)}</td>
                <td>
                  {session.current ? (
                    <span className="muted">{t('account.sessionHere')}</span>
                  ) : (
                    <button
                      type="button"
                      className="button"
                      aria-label={t('account.sessionEndLabel', {
                        browser: browserOf(session),
                        from: session.addressGroup ?? unknown,
                      })}
                      onClick={() => void end(session.id)}
                      data-testid="session-end"
                    >
                      {t('account.sessionEnd')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value && value.sessions.length > 1 && (
        <AskFirst
          button={t('account.sessionEndOthers')}
          testId="sessions-end-others"
          title={t('account.sessionEndOthers')}
          text={t('account.sessionEndOthersText')}
          onConfirm={async () => {
            await call(ask, 'POST /account/sessions/end-others', { body: {} });
            await reload();
          }}
        />
      )}
    </section>
  );
}
