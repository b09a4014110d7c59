import type { ListedEntry } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { calendarDay } from '../../texts/time-text.ts';
import type { listsEn } from './texts-en.ts';

export interface EntryTableProps {
  readonly entries: readonly ListedEntry[];
  readonly onShow: (id: string) => void;
}

/** Entries that were found. */
export function EntryTable({ entries, onShow }: EntryTableProps) {
  const { t, language } = usePageTexts<typeof listsEn>();
  return (
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
          <tr key={entry.id} data-testid="lists-row" data-state={entry.state}>
            <th scope="row">
              <button
                type="button"
                className="link-button"
                onClick={() => onShow(entry.id)}
                data-testid="lists-open"
              >
                {entry.label || t('lists.erasedLabel')}
              </button>
            </th>
            <td data-label={t('lists.list')}>{t(entry.list === 'watch' ? 'lists.watch' : 'lists.access')}</td>
            <td data-label={t('lists.state')}>{t(`lists.state.${entry.state}`)}</td>
            <td data-label={t('lists.expires')}>{calendarDay(entry.expires, language)}</td>
            <td data-label={t('lists.review')}>{calendarDay(entry.review, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
