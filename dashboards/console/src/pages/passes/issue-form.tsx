import { type Pass, type PassPurpose, type PassRequest, passPurposes } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useCallback, useMemo, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { passesEn } from './texts-en.ts';

export interface IssueFormProps {
  readonly ask: Ask;
  readonly site: string;
  readonly onIssued: (pass: Pass) => void;
  readonly onCancel: () => void;
}

/** How long a pass may be good for, hours; what the site does not allow is not offered. */
const offeredHours = [1, 2, 4, 8, 12, 24, 48, 72, 168, 336, 720, 2_160] as const;
const usualHours = 8;
const hourMs = 3_600_000;

/** A new pass: one gate, from now on for a working day, once, unless somebody says otherwise. */
export function IssueForm({ ask, site, onIssued, onCancel }: IssueFormProps) {
  const { t } = usePageTexts<typeof passesEn>();
  const action = useAction();
  const found = useLoaded(
    useCallback(async () => {
      const answer = await call(ask, 'GET /passes/gates', { query: { site } });
      return { ...answer, aheadMs: Date.parse(answer.time) - performance.now() };
    }, [ask, site]),
  );
  const known = found.value;
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const gates = chosen ?? known?.gates.slice(0, 1).map(({ name }) => name) ?? [];
  const [maxUses, setMaxUses] = useState('1');
  // A press that is repeated after a lost answer issues one pass.
  const id = useMemo(() => newId(), []);
  const shared =
    known?.gates.filter(({ name, gateways }) => gates.includes(name) && gateways.length > 1) ?? [];
  const choose = (name: string, isChosen: boolean) =>
    setChosen(isChosen ? [...gates, name] : gates.filter((one) => one !== name));

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = (name: string) => String(fields.get(name) ?? '').trim();
    // By the server’s clock: that of this computer may be wrong.
    const nowMs = performance.now() + (known?.aheadMs ?? 0);
    const beginMs = given('from') === '' ? nowMs : new Date(given('from')).getTime();
    const request: PassRequest = {
      ...{ id, gates: [...gates], purpose: given('purpose') as PassPurpose },
      ...(given('reference') === '' ? {} : { reference: given('reference') }),
      ...(given('address') === '' ? {} : { address: given('address') }),
      ...(given('from') === '' ? {} : { notBefore: new Date(beginMs).toISOString() }),
      notAfter: new Date(Math.round(beginMs) + Number(given('hours')) * hourMs).toISOString(),
      maxUses: Number(maxUses),
    };
    await action.run(async () =>
      onIssued(await call(ask, 'POST /passes', { query: { site }, body: request })),
    );
  }
  if (found.problem !== '')
    return (
      <p className="problem" role="alert">
        {found.problem}
      </p>
    );
  if (!known) return <p className="muted">{t('app.loading')}</p>;
  if (known.gates.length === 0) return <p data-testid="passes-no-gates">{t('passes.noGates')}</p>;
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="pass-form">
      <h3>{t('passes.new')}</h3>
      <fieldset className="pass-choices">
        <legend>{t('passes.gates')}</legend>
        {known.gates.map(({ name }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={gates.includes(name)}
              onChange={({ target }) => choose(name, target.checked)}
              data-testid={`pass-gate-${name}`}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {maxUses === '1' &&
        shared.map(({ name }) => (
          <p className="notice" key={name} data-testid="pass-shared-gate">
            {t('passes.sharedGate', { gate: name })}
          </p>
        ))}
      <label className="field">
        <span className="field-label">{t('passes.purpose')}</span>
        <select className="field-input" name="purpose" data-testid="pass-purpose">
          {passPurposes.map((purpose) => (
            <option key={purpose} value={purpose}>
              {t(`passes.purpose.${purpose}`)}
            </option>
          ))}
        </select>
      </label>
      <Field
        label={t('passes.reference')}
        hint={t('passes.referenceHint')}
        {...{ name: 'reference', maxLength: 32, autoComplete: 'off' }}
        data-testid="pass-reference"
      />
      <Field
        label={t('passes.address')}
        hint={t('passes.addressHint')}
        {...{ name: 'address', maxLength: 64, autoComplete: 'off' }}
        data-testid="pass-address"
      />
      <Field
        label={t('passes.from')}
        hint={t('passes.fromHint')}
        {...{ name: 'from', type: 'datetime-local' }}
        data-testid="pass-from"
      />
      <label className="field">
        <span className="field-label">{t('passes.for')}</span>
        <select className="field-input" name="hours" defaultValue={usualHours} data-testid="pass-hours">
          {offeredHours
            .filter((hours) => hours <= known.longestHours)
            .map((hours) => (
              <option key={hours} value={hours}>
                {hours < 48
                  ? t('passes.hours', { count: hours })
                  : t('passes.days', { count: Math.round(hours / 24) })}
              </option>
            ))}
        </select>
      </label>
      <Field
        label={t('passes.maxUses')}
        {...{
          name: 'maxUses',
          type: 'number',
          required: true,
          min: 1,
          max: known.usesAtMost,
          value: maxUses,
        }}
        onChange={({ target }) => setMaxUses(target.value)}
        data-testid="pass-max-uses"
      />
      <div className="steps-row">
        <Submit action={action} label={t('passes.issue')} testId="pass-issue" />
        <button type="button" className="button" onClick={onCancel} data-testid="pass-cancel">
          {t('manage.cancel')}
        </button>
      </div>
    </form>
  );
}
