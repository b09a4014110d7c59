import { usePageTexts } from '../../texts/texts.tsx';
import { type Fields, nameIn, textOf } from '../../ui/site-file/file-value.ts';
import type { siteEn } from './texts-en.ts';

export interface EntryListProps {
  readonly entries: readonly Fields[];
  readonly mayEdit: boolean;
  /** What the button says that adds one. */
  readonly add: string;
  readonly testId: string;
  readonly facts: (entry: Fields) => readonly string[];
  readonly onOpen: (id: string | null) => void;
  readonly more?: (entry: Fields) => { readonly text: string; readonly onPress: () => void } | null;
}

/** The entries of a list of the site file. */
export function EntryList({ entries, mayEdit, add, testId, facts, onOpen, more }: EntryListProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  return (
    <div className="managed-stack">
      {mayEdit && (
        <button
          type="button"
          className="button button-primary"
          onClick={() => onOpen(null)}
          data-testid={`${testId}-add`}
        >
          {add}
        </button>
      )}
      {entries.length === 0 && <p className="muted">{t('site.nothing')}</p>}
      <ul className="managed-list">
        {entries.map((entry, index) => {
          const besides = more?.(entry) ?? null;
          return (
            // Two entries of one id are a mistake of the file that is shown all the same.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said
            <li key={`${textOf(entry.id)} ${index}`} data-testid={`${testId}-row`} data-id={textOf(entry.id)}>
              <div>
                <button
                  type="button"
                  className="link-button"
                  onClick={() => onOpen(textOf(entry.id))}
                  data-testid={`${testId}-open`}
                >
                  {nameIn(entry, language)}
                </button>
                <div className="muted">
                  {[textOf(entry.id), ...facts(entry)].filter((fact) => fact !== '').join(' · ')}
                </div>
              </div>
              {besides && (
                <button
                  type="button"
                  className="button"
                  onClick={besides.onPress}
                  aria-label={`${besides.text}: ${nameIn(entry, language)}`}
                  data-testid={`${testId}-more`}
                >
                  {besides.text}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
