import { listStates } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { usePaged } from '../../ui/use-paged.ts';
import { EntryPage } from './entry-page.tsx';
import { EntryTable } from './entry-table.tsx';
import { NewEntry } from './new-entry.tsx';
import type { listsEn } from './texts-en.ts';

interface Filter {
  readonly search: string;
  readonly state: string;
  readonly due: boolean;
}

type View = { readonly kind: 'list' | 'new' } | { readonly kind: 'one'; readonly id: string };

const everything: Filter = { search: '', state: '', due: false };
const list: View = { kind: 'list' };

const queryOf = ({ search, state, due }: Filter, cursor: string | null) => ({
  ...{ search: search.trim() || null, state: state || null, due: due || null, cursor },
});

/** The watch and access lists: who is on them, in which state, and what is due. */
export function ListsPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof listsEn>();
  const [view, setView] = useState<View>(list);
  const heading = useFocusOn<HTMLHeadingElement>(view);
  const proposing = session.sites.filter(({ permissions }) => permissions.includes('lists.propose'));
  const leave = () => setView(list);
  if (view.kind === 'one') return <EntryPage ask={ask} id={view.id} sites={sites} onBack={leave} />;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {t('manage.lists')}
      </h2>
      <p className="muted">{t('lists.lead')}</p>
      {view.kind === 'new' ? (
        <NewEntry
          {...{ ask, proposing, sites }}
          onMade={(id) => setView({ kind: 'one', id })}
          onCancel={leave}
        />
      ) : (
        <>
          <div className="managed-tools">
            {proposing.length > 0 ? (
              <button
                type="button"
                className="button button-primary"
                onClick={() => setView({ kind: 'new' })}
                data-testid="lists-new"
              >
                {t('lists.new')}
              </button>
            ) : null}
            <a className="button" href="/api/v1/lists/export" download data-testid="lists-export">
              {t('lists.export')}
            </a>
          </div>
          <Entries ask={ask} onShow={(id) => setView({ kind: 'one', id })} />
        </>
      )}
    </>
  );
}

interface EntriesProps extends Pick<ManagedPageProps, 'ask'> {
  readonly onShow: (id: string) => void;
}

/** What there is, narrowed by name, state and what is due. */
function Entries({ ask, onShow }: EntriesProps) {
  const { t } = usePageTexts<typeof listsEn>();
  const [filter, setFilter] = useState(everything);
  const {
    items: entries,
    problem,
    more,
  } = usePaged(
    useCallback(
      async (after: string | null) => {
        const page = await call(ask, 'GET /lists', { query: queryOf(filter, after) });
        return { items: page.entries, next: page.next };
      },
      [ask, filter],
    ),
  );
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setFilter({ ...filter, search: String(new FormData(event.currentTarget).get('search') ?? '') });
  };
  const isFiltered = filter.search.trim() !== '' || filter.state !== '' || filter.due;
  return (
    <>
      <form className="managed-tools" onSubmit={search}>
        <Field
          label={t('lists.search')}
          {...{ name: 'search', type: 'search', maxLength: 100, autoComplete: 'off' }}
          data-testid="lists-search"
        />
        <button type="submit" className="button" data-testid="lists-find">
          {t('lists.find')}
        </button>
        <label className="field">
          <span className="field-label">{t('lists.filter')}</span>
          <select
            className="field-input"
            value={filter.state}
            onChange={({ target }) => setFilter({ ...filter, state: target.value })}
            data-testid="lists-state"
          >
            <option value="">{t('lists.all')}</option>
            {listStates.map((state) => (
              <option key={state} value={state}>
                {t(`lists.state.${state}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="choice">
          <input
            type="checkbox"
            checked={filter.due}
            onChange={({ target }) => setFilter({ ...filter, due: target.checked })}
            data-testid="lists-due"
          />
          {t('lists.due')}
        </label>
      </form>
      <p className="problem" role="alert" data-testid="lists-problem">
        {problem}
      </p>
      <p role="status" className="muted" data-testid="lists-none">
        {entries?.length === 0 ? t(isFiltered ? 'lists.noneFound' : 'lists.none') : ''}
      </p>
      {entries && entries.length > 0 ? <EntryTable entries={entries} onShow={onShow} /> : null}
      <MoreButton more={more} label={t('lists.more')} testId="lists-more" />
    </>
  );
}
