import type { ListEntry, ListEntryRequest } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useRef } from 'react';
import { siteClock } from '../../live/site-clock.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field, LongField } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { listsEn } from './texts-en.ts';

export interface EntryFormProps {
  /** What is changed; absent for a new entry. */
  readonly entry?: ListEntry;
  readonly site: Site;
  /** @throws whatever the server refuses it with */
  readonly onSave: (request: ListEntryRequest) => Promise<void>;
  readonly onCancel: () => void;
}

const dayMs = 86_400_000;
const inDays = (count: number) => new Date(siteClock.nowMs() + count * dayMs).toISOString();

/** A day of the form as the API has it. */
export const startOf = (day: string) => `${day}T00:00:00.000Z`;

/** What an entry says: filled in for a new one, or changed. */
export function EntryForm({ entry, site, onSave, onCancel }: EntryFormProps) {
  const { t, language } = usePageTexts<typeof listsEn>();
  const action = useAction();
  const zones = useRef<HTMLFieldSetElement>(null);
  const line = (name: 'label' | 'legalBasis' | 'authority' | 'purpose', most: number) => (
    <Field
      label={t(`lists.${name}`)}
      hint={t(`lists.${name}Hint`)}
      {...{ name, required: true, maxLength: most, defaultValue: entry?.[name], autoComplete: 'off' }}
      data-testid={`entry-${name}`}
    />
  );
  const lines = (name: 'reason' | 'instruction') => (
    <LongField
      label={`${t(`lists.${name}`)} ${t('lists.optional')}`}
      {...{ name, maxLength: 1_000, defaultValue: entry?.[name] }}
      data-testid={`entry-${name}`}
    />
  );
  const day = (name: 'expires' | 'review', otherwise: string) => (
    <Field
      label={t(`lists.${name}`)}
      hint={t(`lists.${name}Hint`)}
      {...{ name, type: 'date', required: true, defaultValue: (entry?.[name] ?? otherwise).slice(0, 10) }}
      data-testid={`entry-${name}`}
    />
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '');
    const area = site.zones.map(({ id }) => id).filter((id) => fields.getAll('area').includes(id));
    if (area.length === 0) {
      zones.current?.querySelector('input')?.focus();
      return action.refuse(t('lists.areaNeeded'));
    }
    void action.run(() =>
      onSave({
        list: text('list') === 'access' ? 'access' : 'watch',
        ...{ label: text('label'), legalBasis: text('legalBasis'), authority: text('authority') },
        ...{ purpose: text('purpose'), reason: text('reason'), instruction: text('instruction') },
        ...{ area, expires: startOf(text('expires')), review: startOf(text('review')) },
      }),
    );
  };
  return (
    <form className="managed-form" onSubmit={submit} data-testid="entry-form">
      {entry ? <p className="notice">{t('lists.editWarning')}</p> : null}
      <label className="field">
        <span className="field-label">{t('lists.list')}</span>
        <select
          className="field-input"
          name="list"
          defaultValue={entry?.list ?? 'watch'}
          data-testid="entry-list"
        >
          <option value="watch">{t('lists.watch')}</option>
          <option value="access">{t('lists.access')}</option>
        </select>
      </label>
      {line('label', 100)}
      {line('legalBasis', 200)}
      {line('authority', 200)}
      {line('purpose', 200)}
      {lines('reason')}
      {lines('instruction')}
      <fieldset className="choices" ref={zones}>
        <legend>{t('lists.area')}</legend>
        {site.zones.map(({ id, name }) => (
          <label key={id} className="choice">
            <input
              type="checkbox"
              name="area"
              value={id}
              defaultChecked={entry?.area.includes(id) ?? false}
              data-testid={`zone-${id}`}
            />
            {name[language]}
          </label>
        ))}
      </fieldset>
      {day('expires', inDays(90))}
      {day('review', inDays(30))}
      <Submit action={action} label={t('lists.save')} testId="entry-save" />
      <button type="button" className="button" onClick={onCancel} data-testid="entry-cancel">
        {t('manage.cancel')}
      </button>
    </form>
  );
}
