import type { Account } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import { Field } from '../../ui/field.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import { DueTokens } from './due-tokens.tsx';
import { scopeText } from './scope-text.ts';
import type { peopleEn } from './texts-en.ts';

export interface PeopleListProps {
  readonly ask: Ask;
  readonly sites: ReadonlyMap<string, Site>;
  readonly onShow: (id: string) => void;
  readonly onInvite: (kind: Account['kind']) => void;
}

/** Accounts of a page, and by how much the list grows when somebody wants more. */
const pageSize = 100;
const mostAtOnce = 500;

/** Every account, searched by name. */
export function PeopleList({ ask, sites, onShow, onInvite }: PeopleListProps) {
  const { t } = usePageTexts<typeof peopleEn>();
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(pageSize);
  const load = useCallback(
    () => call(ask, 'GET /accounts', { query: { limit, search: search.trim() || null } }),
    [ask, search, limit],
  );
  const { value, problem } = useLoaded(load);
  return (
    <>
      <div className="managed-tools">
        <Field
          label={t('people.search')}
          {...{ type: 'search', maxLength: 64, value: search, autoComplete: 'off' }}
          onChange={({ target }) => setSearch(target.value)}
          data-testid="people-search"
        />
        <button
          type="button"
          className="button button-primary"
          onClick={() => onInvite('person')}
          data-testid="people-invite"
        >
          {t('people.invite')}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => onInvite('service')}
          data-testid="people-add-program"
        >
          {t('people.addProgram')}
        </button>
      </div>
      <DueTokens ask={ask} onShow={onShow} />
      <p className="problem" role="alert">
        {problem}
      </p>
      <p role="status" className="muted" data-testid="people-count">
        {value && (value.total === 0 ? t('people.none') : t('people.count', { count: value.total }))}
      </p>
      {value && value.accounts.length > 0 && (
        <PeopleTable accounts={value.accounts} sites={sites} onShow={onShow} />
      )}
      {value && value.next !== null && limit < mostAtOnce && (
        <button
          type="button"
          className="button"
          onClick={() => setLimit(Math.min(mostAtOnce, limit + pageSize))}
          data-testid="people-more"
        >
          {t('people.more')}
        </button>
      )}
    </>
  );
}

type PeopleTableProps = Pick<PeopleListProps, 'sites' | 'onShow'> & { readonly accounts: readonly Account[] };

function PeopleTable({ accounts, sites, onShow }: PeopleTableProps) {
  const texts = usePageTexts<typeof peopleEn>();
  const { t, language } = texts;
  const factorText = ({ factors, factorRequired, byProvider }: Account) => {
    const own = factors.filter((kind) => kind !== 'recovery').map((kind) => t(`people.factor.${kind}`));
    if (byProvider) return t('people.factorProvider');
    if (own.length > 0) return own.join(t('list.separator'));
    return t(factorRequired ? 'people.factorMissing' : 'people.factorNone');
  };
  return (
    <table className="cards-table">
      <thead>
        <tr>
          <th scope="col">{t('people.name')}</th>
          <th scope="col">{t('people.state')}</th>
          <th scope="col">{t('people.scopes')}</th>
          <th scope="col">{t('people.factors')}</th>
          <th scope="col">{t('people.used')}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr key={account.id} data-testid="person-row" data-name={account.name} data-state={account.state}>
            <th scope="row">
              <button
                type="button"
                className="link-button"
                onClick={() => onShow(account.id)}
                data-testid="person-open"
              >
                {account.displayName}
              </button>
              {account.displayName !== account.name && <small className="muted"> {account.name}</small>}
              {account.kind === 'service' && <small className="muted"> {t('people.service')}</small>}
            </th>
            <td data-label={t('people.state')}>{t(`people.state.${account.state}`)}</td>
            <td data-label={t('people.scopes')}>
              {account.scopes.length === 0
                ? t('people.noScope')
                : account.scopes.map((scope) => (
                    <span key={scope.site} className="scope-line">
                      {scopeText(texts, sites, scope)}
                    </span>
                  ))}
            </td>
            <td data-label={t('people.factors')}>{account.kind === 'person' ? factorText(account) : ''}</td>
            <td data-label={t('people.used')}>
              {account.lastUsed === null
                ? t('people.never')
                : minuteTime(account.lastUsed, undefined, language)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
