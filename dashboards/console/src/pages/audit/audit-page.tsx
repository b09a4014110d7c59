import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { MoreButton } from '../../ui/more-button.tsx';
import { usePaged } from '../../ui/use-paged.ts';
import { AuditFilter } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import type { auditEn } from './texts-en.ts';

/** Who did what, the newest first, and the whole log to take along. */
export function AuditPage({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof auditEn>();
  const [filter, setFilter] = useState('');
  const {
    items: entries,
    problem,
    more,
  } = usePaged(
    useCallback(
      async (before: number | null) => {
        const query = { ...Object.fromEntries(new URLSearchParams(filter)), before };
        const page = await call(ask, 'GET /audit', { query });
        return { items: page.entries, next: page.next };
      },
      [ask, filter],
    ),
  );
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
        {problem}
      </p>
      <p role="status" className="muted" data-testid="audit-none">
        {entries?.length === 0 ? t('audit.none') : ''}
      </p>
      {entries && entries.length > 0 ? <AuditTable entries={entries} sites={sites} /> : null}
      <MoreButton more={more} label={t('audit.more')} testId="audit-more" />
    </>
  );
}
