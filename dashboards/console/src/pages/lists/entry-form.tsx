import type { ListEntry, ListEntryRequest } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { FormEvent } from 'react';
import { siteClock } from '../../live/site-clock.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { listsEn } from './texts-en.ts';

export interface EntryFormProps {
  /** What is changed; absent for a new entry. */
  readonly entry?: ListEntry;
  readonly site: Site;
  readonly busy: boolean;
  readonly onSave: (request: ListEntryRequest) => void;
  readonly onCancel: () => void;
}

const dayMs = 86_400_000;
const inDays = (count: number) => new Date(siteClock.nowMs() + count * dayMs).toISOString();

/** A day of the form as the API has it. */
const startOf = (day: string) => `${day}T00:00:00.000Z`;

/** What an entry says: filled in for a new one, or changed. */
export function EntryForm({ entry, site, busy, onSave, onCancel }: EntryFormProps) {
  const { t, language } = usePageTexts<typeof listsEn>();
  const line = (name: 'label' | 'legalBasis' | 'authority' | 'purpose', most: number) => (
    <label className="list-field">
      {t(`lists.${name}`)}
      <input
        name={name}
        required
        maxLength={most}
        defaultValue={entry?.[name]}
        data-testid={`entry-${name}`}
      />
    </label>
  );
  const lines = (name: 'reason' | 'instruction') => (
    <label className="list-field">
      {t(`lists.${name}`)}
      <textarea
        name={name}
        maxLength={1_000}
        rows={2}
        defaultValue={entry?.[name]}
        data-testid={`entry-${name}`}
      />
    </label>
  );
  const day = (name: 'expires' | 'review', otherwise: string) => (
    <label className="list-field">
      {t(`lists.${name}`)}
      <input
        name={name}
        type="date"
        required
        defaultValue={(entry?.[name] ?? otherwise).slice(0, 10)}
        data-testid={`entry-${name}`}
      />
    </label>
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '');
    onSave({
      list: text('list') === 'access' ? 'access' : 'watch',
      ...{ label: text('label'), legalBasis: text('legalBasis'), authority: text('authority') },
      ...{ purpose: text('purpose'), reason: text('reason'), instruction: text('instruction') },
      area: site.zones.map(({ id }) => id).filter((id) => fields.getAll('area').includes(id)),
      ...{ expires: startOf(text('expires')), review: startOf(text('review')) },
    });
  };
  return (
    <form className="managed-form" onSubmit={submit} data-testid="entry-form">
      {entry ? <p className="notice">{t('lists.editWarning')}</p> : null}
      <label className="list-field">
        {t('lists.list')}
        <select name="list" defaultValue={entry?.list ?? 'watch'}>
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
      <fieldset className="list-zones">
        <legend>{t('lists.area')}</legend>
        {site.zones.map(({ id, name }) => (
          <label key={id}>
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
      <div className="list-buttons">
        <button
          type="submit"
          className="button button-primary"
          data-pending={busy || undefined}
          data-testid="entry-save"
        >
          {t('lists.save')}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t('lists.cancel')}
        </button>
      </div>
    </form>
  );
}
