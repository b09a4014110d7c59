import type { PrivacyEntry } from '@watchpost/contracts/api';
import { useCallback, useMemo, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { FileState } from '../../ui/site-file/change-steps.tsx';
import type { siteFileEn } from '../../ui/site-file/file-texts-en.ts';
import { entriesOf, type Fields, fieldsOf, nameIn, textOf, valueAt } from '../../ui/site-file/file-value.ts';
import { siteFileApi } from '../../ui/site-file/site-file-api.ts';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { useFocusOn } from '../../ui/use-focus-on.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { RecordForm } from './record-form.tsx';
import { RecordRemoval } from './record-removal.tsx';
import type { privacyEn } from './texts-en.ts';

export interface RecordEditorProps {
  readonly ask: Ask;
  readonly site: string;
  readonly name: string;
  readonly timeZone: string;
  /** The record that somebody wants to edit; null: they choose here. */
  readonly wanted: PrivacyEntry | null;
  readonly onLeave: () => void;
}

type View =
  | { readonly kind: 'list' }
  | { readonly kind: 'edit'; readonly was: Fields | null }
  | { readonly kind: 'remove'; readonly was: Fields };

/** The privacy records of one site as they stand in its file, to be written, changed and taken away. */
export function RecordEditor({ ask, site, name, timeZone, wanted, onLeave }: RecordEditorProps) {
  const { t } = usePageTexts<typeof privacyEn>();
  const api = useMemo(() => siteFileApi(ask, site), [ask, site]);
  const { value: view, problem, reload } = useLoaded(useCallback(() => api.read(), [api]));
  return (
    <>
      <button type="button" className="button button-quiet" onClick={onLeave} data-testid="privacy-back">
        {t('privacy.back')}
      </button>
      <p className="problem" role="alert" data-testid="privacy-problem">
        {problem}
      </p>
      {view && <LoadedRecords {...{ api, view, reload, name, timeZone, wanted }} />}
    </>
  );
}

interface LoadedRecordsProps
  extends Pick<RecordEditorProps, 'name' | 'timeZone' | 'wanted'>,
    Pick<SitePartProps, 'api' | 'view' | 'reload'> {}

function LoadedRecords({ api, view, reload, name, timeZone, wanted }: LoadedRecordsProps) {
  const { t } = usePageTexts<typeof privacyEn & typeof siteFileEn>();
  const file = fieldsOf(view.value);
  const records = entriesOf(file.privacy);
  // What somebody wanted when the page was opened; what others save afterwards closes no form.
  const [first] = useState(() => wanted && (records.find((record) => isOf(record, wanted)) ?? null));
  const [shown, setShown] = useState<View>(first ? { kind: 'edit', was: first } : { kind: 'list' });
  const [said, setSaid] = useState(wanted && !first ? t('privacy.changedMeanwhile') : '');
  const heading = useFocusOn<HTMLHeadingElement>(shown.kind);
  const choose = (next: View) => {
    setSaid('');
    setShown(next);
  };
  const done = (words: string) => {
    setShown({ kind: 'list' });
    setSaid(words);
    void reload();
  };
  const toList = () => choose({ kind: 'list' });
  return (
    <>
      <h3 ref={heading} tabIndex={-1}>
        {t('privacy.recordsOf', { site: name })}
      </h3>
      <p role="status" className="site-said" data-testid="privacy-said">
        {said}
      </p>
      <FileState view={view} />
      {shown.kind === 'list' && (
        <Records
          records={records}
          file={file}
          onEdit={(was) => choose({ kind: 'edit', was })}
          onNew={() => choose({ kind: 'edit', was: null })}
        />
      )}
      {shown.kind === 'edit' && (
        <RecordForm
          {...{ api, view, reload, was: shown.was, timeZone, mayEdit: true, onDone: done, onLeave: toList }}
          onRemove={() => shown.was && choose({ kind: 'remove', was: shown.was })}
        />
      )}
      {shown.kind === 'remove' && (
        <RecordRemoval
          {...{ api, view, reload, was: shown.was }}
          onDone={() => done(t('site.applied', { name: textOf(shown.was.purpose) }))}
          onLeave={() => choose({ kind: 'edit', was: shown.was })}
        />
      )}
    </>
  );
}

/** Whether a record of the file is the one that is shown as being in force. */
const isOf = (record: Fields, { purpose, assessment }: PrivacyEntry): boolean =>
  textOf(record.purpose).trim() === purpose &&
  valueAt(record, ['assessment', 'reference']) === assessment.reference;

interface RecordsProps {
  readonly records: readonly Fields[];
  readonly file: Fields;
  readonly onEdit: (record: Fields) => void;
  readonly onNew: () => void;
}

function Records({ records, file, onEdit, onNew }: RecordsProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const cameras = ({ cameras: covered }: Fields) =>
    entriesOf(file.devices)
      .filter(({ id }) => Array.isArray(covered) && covered.includes(id))
      .map((camera) => nameIn(camera, language));
  return (
    <div className="managed-stack">
      <button type="button" className="button button-primary" onClick={onNew} data-testid="privacy-new">
        {t('privacy.newRecord')}
      </button>
      {records.length === 0 && <p className="muted">{t('privacy.noRecord')}</p>}
      <ul className="managed-list">
        {records.map((record, index) => (
          // A record has no name of its own.
          // biome-ignore lint/suspicious/noArrayIndexKey: as said
          <li key={index} data-testid="privacy-row">
            <div>
              <button
                type="button"
                className="link-button"
                onClick={() => onEdit(record)}
                data-testid="privacy-open"
              >
                {textOf(record.purpose)}
              </button>
              <div className="muted">
                {[textOf(valueAt(record, ['assessment', 'reference'])), ...cameras(record)].join(' · ')}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
