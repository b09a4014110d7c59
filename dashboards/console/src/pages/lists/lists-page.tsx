import {
  type ListEntry,
  type ListEntryRequest,
  type ListedEntry,
  type ListPage,
  listStates,
} from '@watchpost/contracts/api';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { EntryForm } from './entry-form.tsx';
import { EntryPage } from './entry-page.tsx';
import type { listsEn } from './texts-en.ts';

interface Filter {
  readonly search: string;
  readonly state: string;
  readonly due: boolean;
}

const everything: Filter = { search: '', state: '', due: false };

function queryOf({ search, state, due }: Filter, cursor: string | null): string {
  const query = new URLSearchParams();
  if (search.trim() !== '') query.set('search', search.trim());
  if (state !== '') query.set('state', state);
  if (due) query.set('due', 'true');
  if (cursor !== null) query.set('cursor', cursor);
  return query.size === 0 ? '' : `?${query}`;
}

/** The watch and access lists: who is on them, in which state, and what is due. */
export function ListsPage({ ask, session, sites }: ManagedPageProps) {
  const texts = usePageTexts<typeof listsEn>();
  const { t, language } = texts;
  const [filter, setFilter] = useState(everything);
  const [entries, setEntries] = useState<readonly ListedEntry[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [busy, setBusy] = useState(false);
  const proposing = session.sites.filter(({ permissions }) => permissions.includes('lists.propose'));
  const [siteId, setSiteId] = useState<string>(proposing[0]?.site ?? '');
  const site = sites.get(siteId);

  const load = useCallback(
    async (wanted: Filter, cursor: string | null) => {
      setProblem(null);
      const page = await ask<ListPage>('GET', `/lists${queryOf(wanted, cursor)}`);
      setEntries((before) => (cursor === null ? page.entries : [...(before ?? []), ...page.entries]));
      setNext(page.next);
    },
    [ask],
  );
  useEffect(() => {
    if (shown === null) load(filter, null).catch(setProblem);
  }, [load, filter, shown]);

  async function create(request: ListEntryRequest): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      const made = await ask<ListEntry>('POST', `/lists?site=${siteId}`, request);
      setIsNew(false);
      setShown(made.id);
    } catch (failure) {
      setProblem(failure);
    }
    setBusy(false);
  }
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setFilter({ ...filter, search: String(new FormData(event.currentTarget).get('search') ?? '') });
  };
  if (shown !== null) return <EntryPage ask={ask} id={shown} sites={sites} onBack={() => setShown(null)} />;
  return (
    <>
      <h2>{t('manage.lists')}</h2>
      <p className="muted">{t('lists.lead')}</p>
      <p className="problem" role="alert" data-testid="lists-problem">
        {problem === null ? '' : problemText(texts, problem)}
      </p>
      {isNew ? (
        <section className="managed-part" aria-label={t('lists.new')}>
          {proposing.length > 1 ? (
            <label className="list-field">
              {t('lists.site')}
              <select
                value={siteId}
                onChange={({ target }) => setSiteId(target.value)}
                data-testid="entry-site"
              >
                {proposing.map((one) => (
                  <option key={one.site} value={one.site}>
                    {sites.get(one.site)?.name[language] ?? one.site}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          {site ? (
            <EntryForm
              key={siteId}
              site={site}
              busy={busy}
              onSave={(request) => void create(request)}
              onCancel={() => setIsNew(false)}
            />
          ) : null}
        </section>
      ) : (
        <div className="list-buttons">
          {proposing.length > 0 ? (
            <button
              type="button"
              className="button button-primary"
              onClick={() => setIsNew(true)}
              data-testid="lists-new"
            >
              {t('lists.new')}
            </button>
          ) : null}
          <a className="button" href="/api/v1/lists/export" download data-testid="lists-export">
            {t('lists.export')}
          </a>
        </div>
      )}
      <form className="list-filter" onSubmit={search}>
        <label className="list-field">
          {t('lists.search')}
          <input name="search" type="search" maxLength={100} data-testid="lists-search" />
        </label>
        <button type="submit" className="button" data-testid="lists-find">
          {t('lists.find')}
        </button>
        <label className="list-field">
          {t('lists.filter')}
          <select
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
        <label>
          <input
            type="checkbox"
            checked={filter.due}
            onChange={({ target }) => setFilter({ ...filter, due: target.checked })}
            data-testid="lists-due"
          />
          {t('lists.due')}
        </label>
      </form>
      {entries?.length === 0 ? <p data-testid="lists-none">{t('lists.none')}</p> : null}
      {entries && entries.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('lists.label')}</th>
              <th scope="col">{t('lists.list')}</th>
              <th scope="col">{t('lists.state')}</th>
              <th scope="col">{t('lists.expires')}</th>
              <th scope="col">{t('lists.review')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <th scope="row">
                  <button
                    type="button"
                    className="button button-quiet"
                    onClick={() => setShown(entry.id)}
                    data-testid="lists-open"
                  >
                    {entry.label || t('lists.erasedLabel')}
                  </button>
                </th>
                <td data-label={t('lists.list')}>
                  {t(entry.list === 'watch' ? 'lists.watch' : 'lists.access')}
                </td>
                <td data-label={t('lists.state')}>{t(`lists.state.${entry.state}`)}</td>
                <td data-label={t('lists.expires')}>{entry.expires.slice(0, 10)}</td>
                <td data-label={t('lists.review')}>{entry.review.slice(0, 10)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {next === null ? null : (
        <button
          type="button"
          className="button"
          onClick={() => void load(filter, next).catch(setProblem)}
          data-testid="lists-more"
        >
          {t('lists.more')}
        </button>
      )}
    </>
  );
}
