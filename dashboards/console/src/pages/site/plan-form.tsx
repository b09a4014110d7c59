import { usePageTexts } from '../../texts/texts.tsx';
import { EntryName, EntryText } from '../../ui/site-file/entry-fields.tsx';
import { entriesOf, type Fields, fieldsOf, freeId, nameIn, textOf } from '../../ui/site-file/file-value.ts';
import { PlaceForm } from '../../ui/site-file/place-form.tsx';
import { groundOf, PlanGround } from '../../ui/site-file/plan-ground.tsx';
import { PlanSize } from '../../ui/site-file/plan-size.tsx';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import type { siteEn } from './texts-en.ts';

export interface PlanFormProps extends SitePartProps {
  readonly id: string | null;
  readonly onLeave: () => void;
}

/** A plan: a floor or a building, with its size and where it is. */
export function PlanForm({ id, ...part }: PlanFormProps) {
  const { t, language } = usePageTexts<typeof siteEn>();
  const file = fieldsOf(part.view.value);
  const plans = entriesOf(file.plans);
  const present = plans.find((plan) => plan.id === id);
  const fresh: Fields = {
    id: freeId(
      'plan',
      plans.map((plan) => textOf(plan.id)),
    ),
    ...{ widthM: 40, heightM: 30, northWest: plans[0]?.northWest },
  };
  return (
    <PlaceForm
      {...part}
      place={{ list: 'plans', id }}
      fresh={fresh}
      title={present ? nameIn(present, language) : t('site.planNew')}
      testId="plan-form"
    >
      {(value) => (
        <>
          <div className="site-columns">
            <EntryName label={t('site.name')} labelEn={t('site.nameEn')} />
            {id === null && <EntryText at={['id']} label={t('site.id')} hint={t('site.idHint')} required />}
            <PlanSize />
            <EntryText
              at={['northWest', 'latitude']}
              label={t('site.latitude')}
              hint={t('site.cornerHint')}
              {...{ kind: 'number', least: -85, most: 85, required: true }}
            />
            <EntryText
              at={['northWest', 'longitude']}
              label={t('site.longitude')}
              {...{ kind: 'number', least: -180, most: 180, required: true }}
            />
          </div>
          <svg
            className="site-plan-picture"
            viewBox={`0 0 ${groundOf(value).width} ${groundOf(value).height}`}
            aria-hidden="true"
          >
            <PlanGround plan={value} file={file} />
          </svg>
          <p className="muted">{t('site.wallsHint')}</p>
        </>
      )}
    </PlaceForm>
  );
}
