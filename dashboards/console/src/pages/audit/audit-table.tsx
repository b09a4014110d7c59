import type { AuditEntry } from '@watchpost/contracts/api';
import { codeText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { absoluteTime } from '../../texts/time-text.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { aboutOf } from './about-text.ts';
import type { auditEn } from './texts-en.ts';

/** Signs of an id that people compare; the whole of it stands in the title and in the export. */
const shownOfId = 8;

type AuditTableProps = Pick<ManagedPageProps, 'sites'> & { readonly entries: readonly AuditEntry[] };

/** Entries of the log, as they were given. */
export function AuditTable({ entries, sites }: AuditTableProps) {
  const texts = usePageTexts<typeof auditEn>();
  const { t, language } = texts;
  // Of the server as a whole: the clock of its only site, else that of whoever reads.
  const only = sites.size === 1 ? [...sites.values()][0] : undefined;
  const zone = (site: string | null) => (site === null ? only : sites.get(site))?.timeZone;
  const who = (actor: AuditEntry['actor']) => {
    if (typeof actor === 'object') return actor.name || t('audit.unknown');
    return t(actor === 'system' ? 'audit.system' : 'audit.console');
  };
  const about = (entry: AuditEntry) => {
    const found = aboutOf(entry);
    if (found.kind === 'nothing') return '';
    if (found.kind === 'named') return found.name;
    const id = found.id.slice(0, shownOfId);
    return found.kind === 'entry' ? t('audit.listEntry', { id }) : id;
  };
  return (
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
          <tr
            key={entry.position}
            data-testid="audit-entry"
            data-action={entry.action}
            data-outcome={entry.outcome}
          >
            <th scope="row" className="when">
              {absoluteTime(entry.at, zone(entry.site), language)}
            </th>
            <td data-label={t('audit.who')}>{who(entry.actor)}</td>
            <td data-label={t('audit.what')}>
              {t(`audit.action.${entry.action}`)}
              {entry.outcome === 'refused' && (
                <>
                  {' · '}
                  <b>{t('audit.refused')}</b>
                  {typeof entry.details.code === 'string' && (
                    <small className="scope-line muted">{codeText(texts, entry.details.code)}</small>
                  )}
                </>
              )}
            </td>
            <td data-label={t('audit.about')} title={entry.subject?.id}>
              {about(entry)}
            </td>
            <td data-label={t('audit.why')}>{entry.reason ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
