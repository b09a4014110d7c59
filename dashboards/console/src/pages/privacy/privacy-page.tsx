import type { PrivacyEntry } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useCallback, useState } from 'react';
import { wholeDurationText } from '../../texts/duration-text.ts';
import { dateTimeFormat } from '../../texts/intl-formats.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { RecordEditor } from './record-editor.tsx';
import type { privacyEn } from './texts-en.ts';
import { WrittenNames } from './written-names.tsx';

/** Whose records are edited; `wanted` null: somebody chooses there. */
interface Editing {
  readonly site: string;
  readonly wanted: PrivacyEntry | null;
}

/** Sites whose records the person may edit: their file is about a site as a whole. */
const editableOf = ({ sites }: ManagedPageProps['session']): readonly string[] =>
  sites
    .filter(
      ({ permissions, zones }) =>
        zones === null && permissions.includes('privacy.edit') && permissions.includes('site.read'),
    )
    .map(({ site }) => site);

/** What is on record of looking for faces, on all sites that the person may see, and what of it is due. */
export function PrivacyPage(props: ManagedPageProps) {
  const { ask, session, sites } = props;
  const texts = usePageTexts<typeof privacyEn>();
  const { t, language } = texts;
  const { value: list, problem, reload } = useLoaded(useCallback(() => call(ask, 'GET /privacy'), [ask]));
  const [editing, setEditing] = useState<Editing | null>(null);
  const nameOf = (site: string) => sites.get(site)?.name[language] ?? site;
  const leave = () => {
    setEditing(null);
    void reload();
  };
  if (editing)
    return (
      <>
        <h2>{t('manage.privacy')}</h2>
        <RecordEditor
          {...{ ask, ...editing, name: nameOf(editing.site), onLeave: leave }}
          timeZone={sites.get(editing.site)?.timeZone ?? 'UTC'}
        />
      </>
    );
  if (problem !== '')
    return (
      <p className="notice" role="alert" data-testid="privacy-shown">
        {problem}
      </p>
    );
  if (!list) return <p className="muted">{t('app.loading')}</p>;
  const { records, without, slowWithdrawals } = list;
  const editable = editableOf(session);
  const isOneSite = new Set([...records, ...without].map(({ site }) => site)).size < 2;
  return (
    <>
      <h2>{t('manage.privacy')}</h2>
      <p data-testid="privacy-shown">{records.length > 0 ? t('privacy.intro') : t('privacy.none')}</p>
      {slowWithdrawals.map(({ site, withinMs, reason }) => (
        <p key={site} className="notice" data-testid={`privacy-slow-${site}`}>
          {t('privacy.slowWithdrawal', {
            site: nameOf(site),
            within: wholeDurationText(texts, withinMs),
            reason,
          })}
        </p>
      ))}
      {editable.length > 0 && (
        <div className="managed-tools">
          {editable.map((site) => (
            <button
              key={site}
              type="button"
              className="button"
              onClick={() => setEditing({ site, wanted: null })}
              data-testid={`privacy-edit-${site}`}
            >
              {t('privacy.editRecords', { site: nameOf(site) })}
            </button>
          ))}
        </div>
      )}
      {records.map((record, index) => (
        <Entry
          // A record has no name of its own; the list is drawn once.
          // biome-ignore lint/suspicious/noArrayIndexKey: as said
          key={index}
          record={record}
          site={isOneSite ? undefined : nameOf(record.site)}
          timeZone={sites.get(record.site)?.timeZone}
          onEdit={
            editable.includes(record.site)
              ? () => setEditing({ site: record.site, wanted: record })
              : undefined
          }
        />
      ))}
      {without.length > 0 && (
        <section className="managed-part" aria-labelledby="privacy-without">
          <h3 id="privacy-without">{t('privacy.without')}</h3>
          <p>{t('privacy.withoutWhy')}</p>
          <ul>
            {without.map(({ site, id, name }) => (
              <li key={`${site} ${id}`}>
                {isOneSite ? name[language] : `${name[language]} · ${nameOf(site)}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      <WrittenNames {...props} />
    </>
  );
}

interface EntryProps {
  readonly record: PrivacyEntry;
  readonly site: string | undefined;
  readonly timeZone: string | undefined;
  readonly onEdit: (() => void) | undefined;
}

function Entry({ record, site, timeZone, onEdit }: EntryProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const day = (time: string, zone: string | undefined) =>
    dateTimeFormat(language, { dateStyle: 'long', ...(zone ? { timeZone: zone } : {}) }).format(
      Date.parse(time),
    );
  const { assessment, noticeSign, cameras, due } = record;
  return (
    <article className="managed-part" data-testid="privacy-record">
      <h3>{record.purpose}</h3>
      {site !== undefined && <p className="muted">{site}</p>}
      <dl className="privacy-facts">
        <dt>{t('privacy.due')}</dt>
        <dd>
          <ul className="privacy-due">
            {due.map(({ what, by, state }) => (
              <li key={what} data-state={state}>
                <strong>{t(`privacy.state.${state}`)}</strong>
                {/* A day of the calendar, in no time zone. */}
                <span>{t(`privacy.due.${what}`, { day: day(by, 'UTC') })}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('privacy.cameras')}</dt>
        <dd>
          {cameras
            .map(({ name, faces }) =>
              faces ? name[language] : t('privacy.facesOff', { camera: name[language] }),
            )
            .join(' · ')}
        </dd>
        <dt>{t('privacy.approved')}</dt>
        <dd>
          {t('privacy.approvedBy', {
            reference: assessment.reference,
            by: assessment.approvedBy,
            day: day(assessment.approvedAt, timeZone),
          })}
        </dd>
        <dt>{t('privacy.sign')}</dt>
        <dd>{t('privacy.seen', { place: noticeSign.place, day: day(noticeSign.checkedAt, timeZone) })}</dd>
      </dl>
      {onEdit && (
        <button
          type="button"
          className="button"
          onClick={onEdit}
          aria-label={`${t('privacy.edit')}: ${record.purpose}`}
          data-testid="privacy-edit"
        >
          {t('privacy.edit')}
        </button>
      )}
    </article>
  );
}
