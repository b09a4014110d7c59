import type { Severity } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { FormEvent } from 'react';
import { filterOf, type QueueFilter } from '../../../routes/queue-filter.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { Field } from '../../../ui/field.tsx';
import type { queueEn } from './texts-en.ts';

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export interface FilterPanelProps {
  readonly filter: QueueFilter;
  /** Whose zones are offered; null where several are shown. */
  readonly site: Site | null;
  /** Types of events that are there. */
  readonly types: readonly string[];
  /** What this person had last in this browser, as a query. */
  readonly last: string | null;
  readonly onFilter: (filter: QueueFilter) => void;
}

/** Narrows the queue; what is chosen holds at once, words when they are sent. */
export function FilterPanel({ filter, site, types, last, onFilter }: FilterPanelProps) {
  const { t, maybe, language } = usePageTexts<typeof queueEn>();
  const apply = (form: HTMLFormElement) => {
    const given = [...new FormData(form)]
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, `${value}`]);
    const { quiet, fresh } = filter;
    onFilter({
      ...filterOf(`${new URLSearchParams(given)}`),
      ...(quiet && { quiet }),
      ...(fresh && { fresh }),
    });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    apply(event.currentTarget);
  };
  const shownTypes = [...new Set([...types, ...(filter.type ? [filter.type] : [])])];
  return (
    <form
      className="queue-filter"
      data-testid="queue-filter"
      onSubmit={submit}
      onChange={({ target, currentTarget }) => {
        if (target instanceof HTMLSelectElement) apply(currentTarget);
      }}
    >
      <Choice
        {...{ name: 'severity', label: t('queue.severity'), value: filter.severity, every: t('queue.every') }}
        options={worstFirst.map((one) => [one, t(`severity.${one}`)])}
      />
      {site && (
        <Choice
          {...{ name: 'zone', label: t('queue.zone'), value: filter.zone, every: t('queue.every') }}
          options={site.zones.map(({ id, name }) => [id, name[language]])}
        />
      )}
      <Choice
        {...{ name: 'type', label: t('queue.type'), value: filter.type, every: t('queue.every') }}
        options={shownTypes.map((type) => [type, maybe(`event.${type}`) ?? type])}
      />
      <Field
        label={t('queue.search')}
        {...{ name: 'search', type: 'search', minLength: 2, maxLength: 100, autoComplete: 'off' }}
        defaultValue={filter.search ?? ''}
        data-testid="filter-search"
      />
      <div className="steps-row">
        <button type="submit" className="button" data-testid="filter-apply">
          {t('queue.apply')}
        </button>
        {last && (
          <button
            type="button"
            className="button"
            data-testid="filter-last"
            onClick={() => onFilter(filterOf(last))}
          >
            {t('queue.last')}
          </button>
        )}
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly every: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, label: string])[];
}

function Choice({ name, label, every, value, options }: ChoiceProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select
        className="field-input"
        name={name}
        value={value ?? ''}
        onChange={() => undefined}
        data-testid={`filter-${name}`}
      >
        <option value="">{every}</option>
        {options.map(([one, said]) => (
          <option key={one} value={one}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
}
