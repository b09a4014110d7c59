import { auditActions } from '@watchpost/contracts/api';
import type { FormEvent } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import type { auditEn } from './texts-en.ts';

const dayMs = 86_400_000;

/** A day as this computer counts it, as the API has times. */
const beginningOf = (day: string, daysLater = 0) =>
  new Date(Date.parse(`${day}T00:00`) + daysLater * dayMs).toISOString();

/** What of the log is asked for, as a query of the API. */
function queryOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (name === 'from') query.set(name, beginningOf(value));
    else if (name === 'until') query.set(name, beginningOf(value, 1));
    else query.set(name, value.trim());
  }
  return String(query);
}

/** Narrows the log: by what was done, how it ended, who did it, and when. */
export function AuditFilter({ onFilter }: { readonly onFilter: (query: string) => void }) {
  const { t } = usePageTexts<typeof auditEn>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onFilter(queryOf(event.currentTarget));
  };
  return (
    <form className="managed-tools" onSubmit={submit}>
      <label className="field">
        <span className="field-label">{t('audit.what')}</span>
        <select className="field-input" name="action" data-testid="audit-action">
          <option value="">{t('audit.every')}</option>
          {auditActions.map((action) => (
            <option key={action} value={action}>
              {t(`audit.action.${action}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field-label">{t('audit.outcome')}</span>
        <select className="field-input" name="outcome" data-testid="audit-outcome">
          <option value="">{t('audit.every')}</option>
          <option value="done">{t('audit.done')}</option>
          <option value="refused">{t('audit.refused')}</option>
        </select>
      </label>
      <Field
        label={t('audit.name')}
        {...{ name: 'actor', maxLength: 64, autoComplete: 'off', autoCapitalize: 'none' }}
        data-testid="audit-actor"
      />
      <Field label={t('audit.from')} {...{ name: 'from', type: 'date' }} data-testid="audit-from" />
      <Field label={t('audit.until')} {...{ name: 'until', type: 'date' }} data-testid="audit-until" />
      <button type="submit" className="button" data-testid="audit-filter">
        {t('audit.filter')}
      </button>
    </form>
  );
}
