import { type AuditEntry, auditActions, type AuditPage as Page } from '@watchpost/contracts/api';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { auditEn } from './texts-en.ts';

/** Who did what, the newest first. */
export function AuditPage({ ask, sites }: ManagedPageProps) {
  const texts = usePageTexts<typeof auditEn>();
  const { t, language } = texts;
  const [filter, setFilter] = useState('');
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  const load = useCallback(
    async (wanted: string, before: number | null) => {
      setProblem(null);
      const query = new URLSearchParams(wanted);
      if (before !== null) query.set('before', String(before));
      const page = await ask<Page>('GET', `/audit${query.size === 0 ? '' : `?${query}`}`);
      setEntries((shown) => (before === null ? page.entries : [...(shown ?? []), ...page.entries]));
      setNext(page.next);
    },
    [ask],
  );
  useEffect(() => {
    load(filter, null).catch(setProblem);
  }, [load, filter]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget))
      if (typeof value === 'string' && value !== '') query.set(name, value);
    setFilter(String(query));
  };
  const who = (actor: AuditEntry['actor']) => {
    if (typeof actor === 'object') return actor.name;
    return t(actor === 'system' ? 'audit.system' : 'audit.console');
  };
  const zone = (site: string | null) => (site === null ? undefined : sites.get(site)?.timeZone);
  return (
    <>
      <h2>{t('manage.audit')}</h2>
      <p className="muted">{t('audit.lead')}</p>
      <p className="problem" role="alert" data-testid="audit-problem">
        {problem === null ? '' : problemText(texts, problem)}
      </p>
      <form className="list-filter" onSubmit={submit}>
        <label className="list-field">
          {t('audit.what')}
          <select name="action" data-testid="audit-action">
            <option value="">{t('audit.every')}</option>
            {auditActions.map((action) => (
              <option key={action} value={action}>
                {t(`audit.action.${action}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="list-field">
          {t('audit.outcome')}
          <select name="outcome" data-testid="audit-outcome">
            <option value="">{t('audit.every')}</option>
            <option value="done">{t('audit.done')}</option>
            <option value="refused">{t('audit.refused')}</option>
          </select>
        </label>
        <label className="list-field">
          {t('audit.name')}
          <input name="actor" maxLength={64} data-testid="audit-actor" />
        </label>
        <button type="submit" className="button" data-testid="audit-filter">
          {t('audit.filter')}
        </button>
      </form>
      {entries?.length === 0 ? <p>{t('audit.none')}</p> : null}
      {entries && entries.length > 0 ? (
        <table className="cards-table">
          <thead>
            <tr>
              <th scope="col">{t('audit.when')}</th>
              <th scope="col">{t('audit.who')}</th>
              <th scope="col">{t('audit.what')}</th>
              <th scope="col">{t('audit.about')}</th>
              <th scope="col">{t('audit.why')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.position} data-testid="audit-entry">
                <th scope="row">{absoluteTime(entry.at, zone(entry.site), language)}</th>
                <td data-label={t('audit.who')}>{who(entry.actor)}</td>
                <td data-label={t('audit.what')}>
                  {t(`audit.action.${entry.action}`)}
                  {entry.outcome === 'refused'
                    ? ` · ${t('audit.refused')} (${String(entry.details.code ?? '')})`
                    : ''}
                </td>
                <td data-label={t('audit.about')} className="mono">
                  {entry.subject?.id ?? ''}
                </td>
                <td data-label={t('audit.why')}>{entry.reason ?? ''}</td>
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
          data-testid="audit-more"
        >
          {t('audit.more')}
        </button>
      )}
    </>
  );
}
