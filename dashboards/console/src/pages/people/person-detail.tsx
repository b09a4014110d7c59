import type { Account, AccountScope, AccountWithLink, Session } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { PersonFacts } from './person-facts.tsx';
import { PersonSteps } from './person-steps.tsx';
import { ScopeEditor } from './scope-editor.tsx';
import type { peopleEn } from './texts-en.ts';
import { TokenPart } from './token-part.tsx';

export interface PersonDetailProps {
  readonly ask: Ask;
  readonly id: string;
  readonly session: Session;
  readonly sites: ReadonlyMap<string, Site>;
  /** A new link of the account. */
  readonly onLink: (answer: AccountWithLink) => void;
  readonly onLeave: () => void;
}

/** One account: what it is, what it may do, and what may be done with it. */
export function PersonDetail({ ask, id, session, sites, onLink, onLeave }: PersonDetailProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const load = useCallback(() => call(ask, 'GET /accounts/{id}', { params: { id } }), [ask, id]);
  const { value: account, problem, reload } = useLoaded(load);
  // What was pressed may be gone by then: whoever uses no mouse begins at the name again.
  const [steps, setSteps] = useState(0);
  const [isSaved, setIsSaved] = useState(false);
  const heading = useFocusOn<HTMLHeadingElement>(steps);
  const stepped = async (wasSaved: boolean) => {
    await reload();
    setIsSaved(wasSaved);
    setSteps((before) => before + 1);
  };
  return (
    <div className="managed-stack" data-testid="person-detail" data-id={id}>
      <button type="button" className="button button-quiet" onClick={onLeave} data-testid="person-back">
        {t('people.back')}
      </button>
      <p className="problem" role="alert">
        {problem}
      </p>
      {account && (
        <>
          <h3 ref={heading} tabIndex={-1} data-testid="person-name">
            {account.displayName}
          </h3>
          <p role="status" data-testid="person-saved">
            {isSaved ? t('people.saved') : ''}
          </p>
          <PersonFacts account={account} />
          <RightsForm
            // What was saved, here or by somebody else, is what the form begins with.
            key={JSON.stringify([account.scopes, account.displayName])}
            {...{ ask, account, session, sites }}
            onSaved={() => stepped(true)}
          />
          {account.kind === 'service' && (
            <TokenPart
              ask={ask}
              account={account.id}
              isDisabled={account.state === 'disabled'}
              onChanged={reload}
            />
          )}
          <PersonSteps {...{ ask, account, onLink }} onChanged={() => stepped(false)} onDeleted={onLeave} />
        </>
      )}
    </div>
  );
}

type RightsFormProps = Pick<PersonDetailProps, 'ask' | 'session' | 'sites'> & {
  readonly account: Account;
  readonly onSaved: () => Promise<void>;
};

function RightsForm({ ask, account, session, sites, onSaved }: RightsFormProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const action = useAction();
  const [scopes, setScopes] = useState<readonly AccountScope[]>(account.scopes);
  const isOwn = account.id === session.account;
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const displayName = String(new FormData(event.currentTarget).get('displayName') ?? '').trim();
    await action.run(async () => {
      await call(ask, 'POST /accounts/{id}', {
        params: { id: account.id },
        body: {
          ...(displayName === '' ? {} : { displayName }),
          // Nobody changes their own rights: the API refuses even the same ones.
          ...(isOwn ? {} : { scopes }),
        },
      });
      await onSaved();
    });
  }
  return (
    <section className="managed-part" aria-labelledby="person-edit">
      <h4 id="person-edit">{t('people.edit')}</h4>
      <form className="managed-form" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('people.displayName')}
          {...{ name: 'displayName', maxLength: 100, autoComplete: 'off' }}
          defaultValue={account.displayName}
          data-testid="person-display-name"
        />
        {isOwn ? (
          <p className="muted">{t('people.own')}</p>
        ) : (
          <ScopeEditor scopes={scopes} session={session} sites={sites} onChange={setScopes} />
        )}
        <Submit action={action} label={t('people.save')} testId="person-save" />
      </form>
    </section>
  );
}
