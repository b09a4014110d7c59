import type { ApiTokenRequest, Permission } from '@watchpost/contracts/api';
import type { FormEvent } from 'react';
import { siteClock } from '../../live/site-clock.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { peopleEn } from './texts-en.ts';

export interface TokenFormProps {
  /** What the token may open. */
  readonly offered: readonly Permission[];
  readonly mostDays: number;
  readonly onMake: (request: ApiTokenRequest) => Promise<void>;
}

const dayMs = 86_400_000;
/** Lives that are offered, in days, besides the longest. */
const lives = [1, 7, 30, 90, 180, 365];
/** By so much the clocks of browser and server may differ. */
const clockMs = 600_000;

/** A new token: what it is for, what it opens, and how long. */
export function TokenForm({ offered, mostDays, onMake }: TokenFormProps) {
  const { t, number } = usePageTexts<typeof peopleEn>();
  const action = useAction();
  const days = [...new Set([...lives.filter((life) => life < mostDays), mostDays])];
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const permissions = fields.getAll('permission') as Permission[];
    if (permissions.length === 0) return action.refuse(t('people.tokenNothing'));
    const lifeMs = Number(fields.get('days')) * dayMs - clockMs;
    const request: ApiTokenRequest = {
      name: String(fields.get('name') ?? '').trim(),
      permissions,
      expires: new Date(siteClock.nowMs() + lifeMs).toISOString(),
    };
    if (await action.run(() => onMake(request))) form.reset();
  }
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="token-form">
      <h5>{t('people.tokenNew')}</h5>
      <Field
        label={t('people.tokenFor')}
        {...{ name: 'name', required: true, maxLength: 100, autoComplete: 'off' }}
        data-testid="token-name"
      />
      <fieldset>
        <legend>{t('people.tokenOpens')}</legend>
        <div className="choices">
          {offered.map((permission) => (
            <label key={permission} className="choice">
              <input
                type="checkbox"
                name="permission"
                value={permission}
                data-testid={`token-permission-${permission}`}
              />
              {t(`people.permission.${permission}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        <span className="field-label">{t('people.tokenLife')}</span>
        <select className="field-input" name="days" defaultValue={days.includes(90) ? 90 : mostDays}>
          {days.map((life) => (
            <option key={life} value={life}>
              {t('people.tokenDays', { count: life, days: number(life) })}
            </option>
          ))}
        </select>
      </label>
      <Submit action={action} label={t('people.tokenMake')} testId="token-make" />
    </form>
  );
}
