import type { Account, AccountWithLink } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import type { peopleEn } from './texts-en.ts';

export interface PersonStepsProps {
  readonly ask: Ask;
  readonly account: Account;
  readonly onChanged: () => Promise<void>;
  readonly onLink: (answer: AccountWithLink) => void;
  readonly onDeleted: () => void;
}

/** What may be done with an account as a whole; each asks first. */
export function PersonSteps({ ask, account, onChanged, onLink, onDeleted }: PersonStepsProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const name = account.displayName;
  const step = (to: 'disable' | 'enable' | 'reset' | 'end-sessions') =>
    call(ask, `POST /accounts/{id}/${to}`, { params: { id: account.id }, body: {} });
  const withLink = (to: 'enable' | 'reset') => async () => {
    const answer = await step(to);
    await onChanged();
    if (answer) onLink(answer);
  };
  const isPerson = account.kind === 'person';
  return (
    <section className="managed-part" aria-labelledby="person-danger">
      <h4 id="person-danger">{t('people.danger')}</h4>
      <p className="muted">{t('people.noted')}</p>
      <div className="steps-row">
        {isPerson && account.state !== 'disabled' && (
          <AskFirst
            button={t('people.reset')}
            testId="person-reset"
            title={t('people.resetTitle', { name })}
            text={t('people.resetText')}
            onConfirm={withLink('reset')}
          />
        )}
        {isPerson && account.sessions > 0 && (
          <AskFirst
            button={t('people.endSessions')}
            testId="person-end-sessions"
            title={t('people.endSessionsTitle', { name })}
            text={t('people.endSessionsText')}
            onConfirm={async () => {
              await step('end-sessions');
              await onChanged();
            }}
          />
        )}
        {account.state === 'disabled' ? (
          <AskFirst
            key="enable"
            button={t('people.enable')}
            testId="person-enable"
            danger={false}
            title={t('people.enableTitle', { name })}
            text={t(isPerson ? 'people.enableText' : 'people.enableProgramText')}
            onConfirm={withLink('enable')}
          />
        ) : (
          <AskFirst
            key="disable"
            button={t('people.disable')}
            testId="person-disable"
            title={t('people.disableTitle', { name })}
            text={t('people.disableText')}
            onConfirm={async () => {
              await step('disable');
              await onChanged();
            }}
          />
        )}
        <AskFirst
          button={t('people.delete')}
          testId="person-delete"
          title={t('people.deleteTitle', { name })}
          text={t('people.deleteText')}
          onConfirm={async () => {
            await call(ask, 'DELETE /accounts/{id}', { params: { id: account.id } });
            onDeleted();
          }}
        />
      </div>
    </section>
  );
}
