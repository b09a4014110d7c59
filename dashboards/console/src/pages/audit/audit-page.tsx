import type { AuditEntry, AuditPage as Page } from '@watchpost/contracts/api';
import { useCallback, useEffect, useState } from 'react';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { AuditFilter } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import type { auditEn } from './texts-en.ts';

/** Who did what, the newest first, and the whole log to take along. */
export function AuditPage({ ask, session, sites }: ManagedPageProps) {
  const texts = usePageTexts<typeof auditEn>();
  const { t } = texts;
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
  // A part of the chain proves nothing, so whoever sees a part gets no export.
  const seesAll = session.sites.every(
    ({ permissions, zones }) => zones === null && permissions.includes('audit.read'),
  );
  return (
    <>
      <h2>{t('manage.audit')}</h2>
      <p className="muted">{t('audit.lead')}</p>
      {seesAll && (
        <div className="managed-stack">
          <a className="button" href="/api/v1/audit/export" download data-testid="audit-export">
            {t('audit.export')}
          </a>
          <p className="muted">
            {t('audit.exportHow')} <code>watchpost audit verify watchpost-audit.jsonl</code>
          </p>
        </div>
      )}
      <AuditFilter onFilter={setFilter} />
      <p className="problem" role="alert" data-testid="audit-problem">
        {problem === null ? '' : problemText(texts, problem)}
      </p>
      <p role="status" className="muted" data-testid="audit-none">
        {entries?.length === 0 ? t('audit.none') : ''}
      </p>
      {entries && entries.length > 0 ? <AuditTable entries={entries} sites={sites} /> : null}
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
