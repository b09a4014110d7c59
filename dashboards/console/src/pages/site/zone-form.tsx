import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { onGround, rectangleOf } from '../../ui/site-file/drawn-points.ts';
import {
  EntryCheck,
  EntryChecks,
  EntryChoice,
  EntryName,
  EntryText,
} from '../../ui/site-file/entry-fields.tsx';
import { entriesOf, type Fields, fieldsOf, freeId, nameIn, textOf } from '../../ui/site-file/file-value.ts';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import { groundOf } from '../../ui/site-file/plan-ground.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { ZoneOutline } from '../../ui/site-file/zone-outline.tsx';
import type { siteEn } from './texts-en.ts';

export interface ZoneFormProps extends SitePartProps {
  readonly id: string | null;
  readonly onLeave: () => void;
}

/** What a new zone begins with: the middle of the first plan. */
function freshZone(file: Fields): Fields {
  const [plan = {}] = entriesOf(file.plans);
  const ground = groundOf(plan);
  const { width, height } = ground;
  return {
    id: freeId(
      'zone',
      entriesOf(file.zones).map(({ id }) => textOf(id)),
    ),
    ...{ plan: textOf(plan.id), criticality: 0.5, public: false },
    outline: rectangleOf(
      onGround(ground, [width / 4, height / 4]),
      onGround(ground, [(width * 3) / 4, (height * 3) / 4]),
    ),
    armed: Object.keys(fieldsOf(file.schedules)).slice(0, 1),
  };
}

/** A zone: what it is called, where it is, when it is armed. */
export function ZoneForm({ id, ...part }: ZoneFormProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const file = fieldsOf(part.view.value);
  const [fresh] = useState(() => freshZone(file));
  const present = entriesOf(file.zones).find((zone) => zone.id === id);
  const schedules = Object.keys(fieldsOf(file.schedules));
  const plans = entriesOf(file.plans);
  return (
    <PlaceForm
      {...part}
      place={{ list: 'zones', id }}
      fresh={fresh}
      title={present ? nameIn(present, language) : t('site.zoneNew')}
      testId="zone-form"
    >
      {(value, set) => (
        <>
          <div className="site-columns">
            <EntryName label={t('site.name')} labelEn={t('site.nameEn')} />
            {id === null && <EntryText at={['id']} label={t('site.id')} hint={t('site.idHint')} required />}
            <EntryChoice
              at={['plan']}
              label={t('site.plan')}
              choices={plans.map((one) => ({ value: textOf(one.id), text: nameIn(one, language) }))}
            />
            <EntryText
              at={['criticality']}
              label={t('site.criticality')}
              hint={t('site.criticalityHint')}
              {...{ kind: 'number', least: 0, most: 1, step: 0.1, required: true }}
            />
            <EntryCheck at={['public']} label={t('site.public')} hint={t('site.publicHint')} />
            {schedules.length > 0 && (
              <EntryChecks
                at={['armed']}
                label={t('site.armed')}
                hint={t('site.armedHint')}
                choices={schedules.map((name) => ({ value: name, text: scheduleText(file, name) }))}
              />
            )}
          </div>
          <ZoneOutline file={file} value={value} set={set} />
        </>
      )}
    </PlaceForm>
  );
}

/** A schedule with its hours: `always (00:00–24:00)`. */
export function scheduleText(file: Fields, name: string): string {
  const hours = entriesOf(fieldsOf(file.schedules)[name])
    .map(({ from, to }) => `${textOf(from)}–${textOf(to)}`)
    .join(', ');
  return hours === '' ? name : `${name} (${hours})`;
}
