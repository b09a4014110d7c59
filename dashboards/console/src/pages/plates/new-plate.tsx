import type { Plate, PlateRequest, Session } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { type FormEvent, useMemo, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { platesEn } from './texts-en.ts';

export interface NewPlateProps {
  readonly ask: Ask;
  /** Where the person may issue. */
  readonly issuing: Session['sites'];
  readonly sites: ReadonlyMap<string, Site>;
  readonly onIssued: (plate: Plate) => void;
  readonly onCancel: () => void;
}

/** A new plate: where it hangs, and which address it says. */
export function NewPlate({ ask, issuing, sites, onIssued, onCancel }: NewPlateProps) {
  const { t, language } = usePageTexts<typeof platesEn>();
  const action = useAction();
  const [siteId, setSiteId] = useState<string>(issuing[0]?.site ?? '');
  // A press that is repeated after a lost answer issues one plate.
  const id = useMemo(() => newId(), []);
  const mine = issuing.find(({ site }) => site === siteId)?.zones ?? null;
  const zones = sites.get(siteId)?.zones.filter((zone) => mine === null || mine.includes(zone.id)) ?? [];
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const given = (name: string) => String(fields.get(name) ?? '').trim();
    const request = {
      id,
      zone: given('zone'),
      address: given('address'),
      name: given('name'),
    } as PlateRequest;
    await action.run(async () =>
      onIssued(await call(ask, 'POST /plates', { query: { site: siteId }, body: request })),
    );
  }
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="plate-form">
      <h3>{t('plates.new')}</h3>
      {issuing.length > 1 && (
        <label className="field">
          <span className="field-label">{t('plates.site')}</span>
          <select
            className="field-input"
            value={siteId}
            onChange={({ target }) => setSiteId(target.value)}
            data-testid="plate-site"
          >
            {issuing.map(({ site }) => (
              <option key={site} value={site}>
                {sites.get(site)?.name[language] ?? site}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        <span className="field-label">{t('plates.zone')}</span>
        <select className="field-input" name="zone" data-testid="plate-zone">
          {zones.map((zone) => (
            <option key={zone.id} value={zone.id}>
              {zone.name[language]}
            </option>
          ))}
        </select>
      </label>
      <Field
        label={t('plates.address')}
        hint={t('plates.addressHint')}
        {...{ name: 'address', required: true, maxLength: 64, pattern: '[!-~]+', autoComplete: 'off' }}
        data-testid="plate-address"
      />
      <Field
        label={t('plates.name')}
        hint={t('plates.nameHint')}
        {...{ name: 'name', required: true, minLength: 2, maxLength: 120, autoComplete: 'off' }}
        data-testid="plate-name"
      />
      <div className="steps-row">
        <Submit action={action} label={t('plates.issue')} testId="plate-issue" />
        <button type="button" className="button" onClick={onCancel} data-testid="plate-cancel">
          {t('manage.cancel')}
        </button>
      </div>
    </form>
  );
}
