import type { SiteEdit } from '@watchpost/contracts/api';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { entriesOf, fieldsOf, textOf } from '../../ui/site-file/file-value.ts';
import { MistakeList } from '../../ui/site-file/mistakes.tsx';
import { useAction } from '../../ui/use-action.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useApply } from './use-apply.ts';

/** What is asked for before a camera looks for faces. */
const asked = ['purpose', 'reference', 'approvedBy', 'approvedAt', 'place', 'checkedAt'] as const;
type Asked = (typeof asked)[number];
const isDay = (name: Asked) => name === 'approvedAt' || name === 'checkedAt';
const mostOf: Readonly<Record<Asked, number>> = {
  ...{ purpose: 500, reference: 128, approvedBy: 128, place: 200 },
  ...{ approvedAt: 10, checkedAt: 10 },
};

/** The beginning of a day here, as the file writes times. */
const timeOf = (day: string): string => new Date(`${day}T00:00`).toISOString();

/** A privacy record for the first camera, or none: then it looks for no faces. */
export function FacesStep({ step, session, api, view, reload, choices, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const apply = useApply({ api, view, reload });
  const [looks, setLooks] = useState(false);
  const [record, setRecord] = useState<Readonly<Partial<Record<Asked, string>>>>({});
  const file = fieldsOf(view.value);
  const devices = entriesOf(file.devices);
  const camera = devices.find(({ id }) => id === choices.camera);
  const zone = entriesOf(file.zones).findIndex(({ id }) => id === camera?.zone);
  const records = entriesOf(file.privacy).length;
  const mayRecord = session.sites.some(
    ({ site, permissions }) => site === api.site && permissions.includes('privacy.edit'),
  );
  async function go() {
    if (!looks || !camera) return onNext();
    const said = (name: Asked) => (record[name] ?? '').trim();
    const edits: SiteEdit[] = [
      {
        path: ['privacy', '-'],
        value: {
          ...{ cameras: [textOf(camera.id)], purpose: said('purpose') },
          assessment: {
            ...{ reference: said('reference'), approvedBy: said('approvedBy') },
            approvedAt: timeOf(said('approvedAt')),
          },
          noticeSign: { place: said('place'), checkedAt: timeOf(said('checkedAt')) },
          notPrivate: true,
        },
      },
      { path: ['zones', zone, 'public'], value: true },
    ];
    if (await apply.run(edits, [`/privacy/${records}`, '/devices', '/zones'])) await onNext();
  }
  return (
    <StepFrame {...{ step, action, onBack }} onSubmit={go} label={t('setup.finish')}>
      <fieldset className="choices">
        <legend>{t('setup.facesAsk')}</legend>
        {[false, true].map((one) => (
          <label className="choice" key={String(one)}>
            <input
              type="radio"
              name="faces"
              checked={looks === one}
              disabled={one && !mayRecord}
              onChange={() => setLooks(one)}
              data-testid={`faces-${one ? 'yes' : 'no'}`}
            />
            {t(one ? 'setup.facesYes' : 'setup.facesNo')}
          </label>
        ))}
      </fieldset>
      {!mayRecord && <p className="muted">{t('setup.facesOthers')}</p>}
      {looks && (
        <div className="site-columns">
          {asked.map((name) => (
            <Field
              key={name}
              label={t(`setup.record.${name}`)}
              {...{ required: true, maxLength: mostOf[name], autoComplete: 'off', value: record[name] ?? '' }}
              type={isDay(name) ? 'date' : 'text'}
              onChange={({ target }) => setRecord({ ...record, [name]: target.value })}
              data-testid={`record-${name}`}
            />
          ))}
          <label className="choice">
            <input type="checkbox" required data-testid="record-notPrivate" />
            {t('setup.record.notPrivate')}
          </label>
        </div>
      )}
      <MistakeList title={t('setup.wrong')} mistakes={apply.mistakes} />
    </StepFrame>
  );
}
