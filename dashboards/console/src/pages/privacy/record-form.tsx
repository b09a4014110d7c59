import type { Site } from '@watchpost/contracts/site';
import { useId } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import {
  EntryCheck,
  EntryChecks,
  EntryMistakes,
  EntryText,
  useEntry,
} from '../../ui/site-file/entry-fields.tsx';
import {
  entriesOf,
  type Fields,
  fieldsOf,
  nameIn,
  type Path,
  textOf,
  valueAt,
  withValue,
} from '../../ui/site-file/file-value.ts';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { recordIndex } from '../../ui/site-file/use-entry-draft.ts';
import { dayAt, startOfDay } from './day-at.ts';
import { FaceEffects } from './face-effects.tsx';
import { missingOf, privateZonesOf } from './missing-of.ts';
import type { privacyEn } from './texts-en.ts';

export interface RecordFormProps extends SitePartProps {
  /** As it stands in the file; null: a new one. */
  readonly was: Fields | null;
  readonly timeZone: Site['timeZone'];
  readonly onLeave: () => void;
  readonly onRemove: () => void;
}

/** Days after which a review is due where a record names none, as `policy.privacy` of the file says. */
const usualDays = { assessmentReview: 365, signCheck: 180 } as const;
function reviewDays(file: Fields, name: keyof typeof usualDays): number {
  const days = valueAt(file, ['policy', 'privacy', name]);
  return typeof days === 'number' ? days : usualDays[name];
}

/** A privacy record: why which cameras look for faces, who approved it, the sign, and what is missing. */
export function RecordForm({ was, timeZone, onRemove, ...part }: RecordFormProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const file = fieldsOf(part.view.value);
  const cameras = entriesOf(file.devices).filter(({ kind }) => kind === 'camera');
  const title = was === null ? t('privacy.newRecord') : textOf(was.purpose) || t('privacy.edit');
  const daysHint = (key: 'privacy.recordReviewHint' | 'privacy.recordCheckHint', days: number) =>
    t(key, { days });
  return (
    <PlaceForm
      {...part}
      place={{ list: 'privacy', was }}
      title={title}
      testId="privacy-form"
      // What is missing is said in one place.
      isLong
    >
      {(value) => (
        <>
          {cameras.length === 0 ? (
            <p className="notice">{t('privacy.noCameras')}</p>
          ) : (
            <EntryChecks
              at={['cameras']}
              label={t('privacy.recordCameras')}
              hint={t('privacy.recordCamerasHint')}
              choices={cameras.map((camera) => ({
                value: textOf(camera.id),
                text: nameIn(camera, language),
              }))}
            />
          )}
          <EntryText
            at={['purpose']}
            label={t('privacy.recordPurpose')}
            hint={t('privacy.recordPurposeHint')}
          />
          <fieldset className="site-fields">
            <legend>{t('privacy.recordAssessment')}</legend>
            <div className="site-columns">
              <EntryText at={['assessment', 'reference']} label={t('privacy.recordReference')} />
              <EntryText at={['assessment', 'approvedBy']} label={t('privacy.recordApprover')} />
              <EntryDay
                at={['assessment', 'approvedAt']}
                label={t('privacy.recordApproved')}
                timeZone={timeZone}
              />
              <EntryText
                at={['assessment', 'reviewBy']}
                label={t('privacy.recordReview')}
                kind="date"
                hint={daysHint('privacy.recordReviewHint', reviewDays(file, 'assessmentReview'))}
              />
            </div>
          </fieldset>
          <fieldset className="site-fields">
            <legend>{t('privacy.recordSign')}</legend>
            <div className="site-columns">
              <EntryText at={['noticeSign', 'place']} label={t('privacy.recordPlace')} />
              <EntryDay
                at={['noticeSign', 'checkedAt']}
                label={t('privacy.recordSeen')}
                timeZone={timeZone}
              />
              <EntryText
                at={['noticeSign', 'checkBy']}
                label={t('privacy.recordCheck')}
                kind="date"
                hint={daysHint('privacy.recordCheckHint', reviewDays(file, 'signCheck'))}
              />
            </div>
          </fieldset>
          <EntryCheck
            at={['notPrivate']}
            label={t('privacy.recordNotPrivate')}
            hint={t('privacy.recordNotPrivateHint')}
          />
          <StillMissing value={value} file={file} />
          <FaceEffects file={file} index={recordIndex(entriesOf(file.privacy), was)} after={value} />
          {was !== null && (
            <button
              type="button"
              className="button button-danger button-narrow"
              onClick={onRemove}
              data-testid="privacy-remove"
            >
              {t('privacy.remove')}
            </button>
          )}
        </>
      )}
    </PlaceForm>
  );
}

/** What rule 9 asks for and the record does not say yet, while it is filled in. */
function StillMissing({ value, file }: { readonly value: Fields; readonly file: Fields }) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const said = [
    ...missingOf(value, Date.now()).map((what) => t(`privacy.missing.${what}`)),
    ...privateZonesOf(value, file, language).map((zone) => t('privacy.missing.zone', { zone })),
  ];
  return (
    <div className="notice" role="status" data-testid="privacy-missing">
      {said.length === 0 ? (
        <p>{t('privacy.complete')}</p>
      ) : (
        <>
          <p>{t('privacy.missing')}</p>
          <ul>
            {said.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface EntryDayProps {
  readonly at: Path;
  readonly label: string;
  readonly timeZone: string;
}

/** An instant of which a person knows the day at the site. That of the file stays until a day is chosen. */
function EntryDay({ at, label, timeZone }: EntryDayProps) {
  const { value, set } = useEntry();
  const id = useId();
  const change = (day: string) => {
    if (day !== '' && Number.isNaN(Date.parse(day))) return;
    set(withValue(value, at, day === '' ? undefined : startOfDay(day, timeZone)));
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        className="field-input"
        id={id}
        type="date"
        value={dayAt(textOf(valueAt(value, at)), timeZone)}
        aria-describedby={`${id}-wrong`}
        onChange={({ target }) => change(target.value)}
        data-testid={`field-${at.join('-')}`}
      />
      <EntryMistakes at={at} id={`${id}-wrong`} />
    </div>
  );
}
