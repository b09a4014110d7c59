import type {
  Account,
  AccountRequest,
  AccountScope,
  AccountWithLink,
  Language,
  Session,
} from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ScopeEditor } from './scope-editor.tsx';
import type { peopleEn } from './texts-en.ts';

export interface InviteFormProps {
  readonly ask: Ask;
  /** A person, or a program, which gets no link and speaks no language. */
  readonly kind: Account['kind'];
  readonly session: Pick<Session, 'sites'>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly onMade: (made: AccountWithLink) => void;
  readonly onCancel: () => void;
}

/** A new person, who gets a one-time link, or a new program. */
export function InviteForm({ ask, kind, session, sites, onMade, onCancel }: InviteFormProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const action = useAction();
  const isPerson = kind === 'person';
  const first = session.sites[0]?.site;
  const [scopes, setScopes] = useState<readonly AccountScope[]>(
    first === undefined ? [] : [{ site: first, role: 'viewer', zones: null }],
  );
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = (name: string) => String(fields.get(name) ?? '').trim();
    const request: AccountRequest = {
      name: given('name'),
      ...(given('displayName') === '' ? {} : { displayName: given('displayName') }),
      kind,
      language: given('language') === '' ? null : (given('language') as Language),
      scopes: [...scopes],
    };
    await action.run(async () => onMade(await call(ask, 'POST /accounts', { body: request })));
  }
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="invite-form">
      <h3>{t(isPerson ? 'people.invite' : 'people.addProgram')}</h3>
      <p>{t(isPerson ? 'people.inviteText' : 'people.addProgramText')}</p>
      <Field
        label={t(isPerson ? 'people.userName' : 'people.programName')}
        {...{ name: 'name', required: true, maxLength: 64, autoComplete: 'off', autoCapitalize: 'none' }}
        data-testid="invite-name"
      />
      <Field
        label={t('people.displayName')}
        {...{ name: 'displayName', maxLength: 100, autoComplete: 'off' }}
        data-testid="invite-display-name"
      />
      {isPerson && (
        <label className="field">
          <span className="field-label">{t('people.language')}</span>
          <select className="field-input" name="language" defaultValue="">
            <option value="">{t('people.languageNone')}</option>
            <option value="zh-CN" lang="zh-CN">
              简体中文
            </option>
            <option value="en" lang="en">
              English
            </option>
          </select>
        </label>
      )}
      <ScopeEditor scopes={scopes} session={session} sites={sites} onChange={setScopes} />
      <div className="steps-row">
        <Submit action={action} label={t('people.create')} testId="invite-submit" />
        <button type="button" className="button" onClick={onCancel} data-testid="invite-cancel">
          {t('manage.cancel')}
        </button>
      </div>
    </form>
  );
}
