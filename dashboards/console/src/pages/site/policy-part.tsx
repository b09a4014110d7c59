import { useId } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { pointerOf } from '../../ui/site-file/edits-between.ts';
import { EntryMistakes, EntryText, useEntry } from '../../ui/site-file/entry-fields.tsx';
import { textOf, valueAt, withValue } from '../../ui/site-file/file-value.ts';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { type PolicyNumber, policyNumbers, policySections } from './policy-numbers.ts';
import type { siteEn } from './texts-en.ts';

/** Every number of the site’s policy, with what it means, what is usual and what is allowed. */
export function PolicyPart(part: SitePartProps) {
  const { t } = usePageTexts<typeof siteEn>();
  return (
    <PlaceForm
      {...part}
      place={{ section: ['policy'] }}
      title={t('site.policies')}
      testId="policy-form"
      isLong
    >
      {() => (
        <>
          <p className="muted">{t('site.policyLead')}</p>
          {policySections.map((section) => (
            <details className="site-policy" key={section} data-testid={`policy-${section}`}>
              <summary>{t(`site.policySection.${section}` as 'site.policySection.alerts')}</summary>
              <div className="site-numbers">
                {policyNumbers
                  .filter(({ path }) => path[0] === section)
                  .map((number) => (
                    <NumberField key={number.path.join('.')} number={number} />
                  ))}
                {section === 'permit' && (
                  <EntryText
                    at={['permit', 'reason']}
                    label={t('site.permitReason')}
                    hint={t('site.permitReasonHint')}
                  />
                )}
              </div>
            </details>
          ))}
        </>
      )}
    </PlaceForm>
  );
}

const units = ['s', 'm', 'h', 'd'] as const;
const duration = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** One number: empty means what is usual. */
function NumberField({ number }: { readonly number: PolicyNumber }) {
  const { path, usual, least, most, isWhole } = number;
  const { t, number: said } = usePageTexts<typeof siteEn>();
  const { value, set, mistakes, pointer } = useEntry();
  const id = useId();
  const key = path.join('.');
  const found = textOf(valueAt(value, path));
  const isTime = typeof usual === 'string';
  const [, amount = found, unit = duration.exec(String(usual))?.[2] ?? 's'] = duration.exec(found) ?? [];
  const write = (text: string, itsUnit = unit) => {
    const next = text === '' ? undefined : isTime ? `${text}${itsUnit}` : Number(text);
    set(withValue(value, path, next));
  };
  const inWords = (one: number | string): string => {
    const [, count, its] = duration.exec(String(one)) ?? [];
    return its === undefined ? said(Number(one)) : `${count} ${t(`site.unit.${its}` as 'site.unit.s')}`;
  };
  const [, usualAmount = String(usual)] = duration.exec(String(usual)) ?? [];
  const label = t(`site.policy.${key}` as 'site.policy.losses.gateway');
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="site-number">
        <input
          className="field-input"
          id={id}
          type="number"
          step={isWhole ? 1 : 'any'}
          min={isTime ? 0 : least}
          max={isTime ? undefined : most}
          value={amount}
          placeholder={usualAmount}
          aria-describedby={`${id}-why ${id}-wrong`}
          aria-invalid={mistakes.some((mistake) => mistake.path === pointer + pointerOf(path)) || undefined}
          onChange={({ target }) => write(target.value)}
          data-testid={`policy-${path.join('-')}`}
        />
        {isTime && (
          <select
            className="field-input"
            aria-label={t('site.unitOf', { label })}
            value={unit}
            onChange={({ target }) => write(amount === '' ? usualAmount : amount, target.value)}
          >
            {(unit === 'ms' ? (['ms', ...units] as const) : units).map((one) => (
              <option key={one} value={one}>
                {t(`site.unit.${one}`)}
              </option>
            ))}
          </select>
        )}
      </div>
      <small className="muted" id={`${id}-why`}>
        {t(`site.policyWhy.${key}` as 'site.policyWhy.losses.gateway')}{' '}
        {t('site.usual', { usual: inWords(usual), least: inWords(least), most: inWords(most) })}
      </small>
      <EntryMistakes at={path} id={`${id}-wrong`} />
    </div>
  );
}
