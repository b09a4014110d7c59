import { alertEventTypes, dispositions, severities } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { historyQuery } from './history-query.ts';
import type { historyEn } from './texts-en.ts';

interface HistoryFilterProps {
  readonly sites: ReadonlyMap<string, Site>;
  readonly onFilter: (query: Readonly<Record<string, string>>) => void;
}

/** Narrows what was handled: by words, kind, place, outcome and time. */
export function HistoryFilter({ sites, onFilter }: HistoryFilterProps) {
  const { t, maybe, language } = usePageTexts<typeof historyEn>();
  const [site, setSite] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onFilter(historyQuery(new FormData(event.currentTarget)));
  };
  const place = sites.get(site) ?? (sites.size === 1 ? [...sites.values()][0] : undefined);
  const every = { value: '', label: t('history.every') };
  const named = (all: readonly { id: string; name: Site['name'] }[] = []) =>
    all.map(({ id, name }) => ({ value: id, label: name[language] }));
  return (
    <form className="managed-tools" onSubmit={submit}>
      <Field
        label={t('history.search')}
        {...{ name: 'search', type: 'search', minLength: 2, maxLength: 100, autoComplete: 'off' }}
        data-testid="history-search"
      />
      {sites.size > 1 && (
        <Choice
          name="site"
          label={t('history.site')}
          options={[every, ...named([...sites.values()])]}
          onChoice={setSite}
        />
      )}
      {place && (
        <>
          <Choice name="zone" label={t('history.zone')} options={[every, ...named(place.zones)]} />
          <Choice name="device" label={t('history.device')} options={[every, ...named(place.devices)]} />
        </>
      )}
      <Choice
        name="type"
        label={t('history.type')}
        options={[
          every,
          ...alertEventTypes.map((type) => ({ value: type, label: maybe(`event.${type}`) ?? type })),
        ]}
      />
      <Choice
        name="severity"
        label={t('history.severity')}
        options={[
          every,
          ...severities.toReversed().map((one) => ({ value: one, label: t(`severity.${one}`) })),
        ]}
      />
      <Choice
        name="disposition"
        label={t('history.disposition')}
        options={[every, ...dispositions.map((one) => ({ value: one, label: t(`disposition.${one}`) }))]}
      />
      <Field label={t('history.from')} {...{ name: 'from', type: 'date' }} data-testid="history-from" />
      <Field label={t('history.until')} {...{ name: 'until', type: 'date' }} data-testid="history-until" />
      <button type="submit" className="button button-primary" data-testid="history-filter">
        {t('history.filter')}
      </button>
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChoice?: (value: string) => void;
}

function Choice({ name, label, options, onChoice }: ChoiceProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select
        className="field-input"
        name={name}
        onChange={({ target }) => onChoice?.(target.value)}
        data-testid={`history-${name}`}
      >
        {options.map(({ value, label: said }) => (
          <option key={value} value={value}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
}
