import type { UnitOnMap } from '@watchpost/contracts/api';
import type { Site, SitePlan } from '@watchpost/contracts/site';
import { plansOf } from '@watchpost/contracts/site-plans';
import { type MapUnit, RiskMap } from '@watchpost/riskmap';
import { usePageTexts } from '../../texts/texts.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { useAge } from './use-age.ts';

export interface UnitPlansProps {
  readonly site: Site;
  readonly units: readonly UnitOnMap[];
}

/** The plans of the site on which somebody is now. What is drawn stands in the list, too. */
export function UnitPlans({ site, units }: UnitPlansProps) {
  const { t, language, number } = usePageTexts<typeof responseEn>();
  const age = useAge();
  const drawnOn = (plan: SitePlan): MapUnit[] =>
    units.flatMap((unit) =>
      unit.members.flatMap(({ person, current, place, accuracyM, ageSeconds }) =>
        current && place?.plan === plan.id
          ? [
              {
                ...{ id: person.id, at: place.at, accuracyM, name: unit.name, state: unit.state },
                text: [unit.name, person.name, t(`response.unitState.${unit.state}`), age(ageSeconds)].join(
                  ', ',
                ),
              },
            ]
          : [],
      ),
    );
  const shown = plansOf(site).flatMap((plan) => {
    const drawn = drawnOn(plan);
    return drawn.length === 0 ? [] : [{ plan, drawn }];
  });
  return (
    <div className="unit-plans">
      {shown.map(({ plan, drawn }) => (
        <figure key={plan.id} data-testid="unit-plan" data-plan={plan.id}>
          {shown.length > 1 && <figcaption>{plan.name?.[language] ?? plan.id}</figcaption>}
          <RiskMap
            plan={plan}
            zones={site.zones
              .filter((zone) => (zone.plan ?? site.plan.id) === plan.id)
              .map(({ id, name, outline, public: isPublic }) => ({
                ...{ id, outline, public: isPublic, name: name[language], selected: false },
              }))}
            {...{ devices: [], cells: [], topPerDay: 0, units: drawn }}
            label={t('response.planLabel', { count: drawn.length })}
            cellText={() => ''}
            scaleText={(metres) => t('plan.metres', { metres: number(metres) })}
          />
        </figure>
      ))}
    </div>
  );
}
