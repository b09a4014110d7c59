import type { MemberPlace, NearestUnits, ResponseOffer, UnitMap, UnitOnMap } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { whatHappened, zoneName } from '../../texts/alert-texts.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { responseEn } from '../../ui/response/texts-en.ts';
import { usePolled } from '../../ui/response/use-polled.ts';
import { UnitPlans } from './unit-plans.tsx';
import { useAge } from './use-age.ts';
import { zoneAt } from './zone-at.ts';

export interface UnitsPartProps {
  readonly ask: Ask;
  readonly site: Site;
  /** What is offered to departments of the person, to say how far a unit is from it. */
  readonly offers: readonly ResponseOffer[];
}

interface Loaded {
  readonly map: UnitMap;
  readonly nearest: NearestUnits | null;
}

/** Where the person’s units are: a list that says all of it, and the plan beside it. */
export function UnitsPart({ ask, site, offers }: UnitsPartProps) {
  const texts = usePageTexts<typeof responseEn>();
  const { t } = texts;
  const open = offers.filter(({ part, endedAt, about }) => part === 'dispatch' && endedAt === null && about);
  const [asked, setAsked] = useState('');
  const offer = open.find(({ id }) => id === asked) ?? open[0];
  const [subject, department] = [offer?.subject, offer?.department.id];
  const { value, problem } = usePolled(
    useCallback(async (): Promise<Loaded> => {
      const [map, nearest] = await Promise.all([
        call(ask, 'GET /response/map', { query: { site: site.id } }),
        subject && department ? call(ask, 'GET /response/nearest', { query: { subject, department } }) : null,
      ]);
      return { map, nearest };
    }, [ask, site.id, subject, department]),
  );
  return (
    <section className="managed-part" aria-label={t('response.where')} data-testid="units-part">
      <h3>{t('response.where')}</h3>
      <p className="problem" role="alert" data-testid="units-problem">
        {problem}
      </p>
      {value?.map.units.length === 0 && <p data-testid="units-none">{t('response.noUnitsToShow')}</p>}
      {offer && (value?.map.units.length ?? 0) > 0 && (
        <label className="field">
          <span className="field-label">{t('response.distanceTo')}</span>
          <select
            className="field-input"
            value={offer.id}
            onChange={({ target }) => setAsked(target.value)}
            data-testid="units-offer"
          >
            {open.map(({ id, about, department: { name } }) => (
              <option key={id} value={id}>
                {about &&
                  `${whatHappened(texts, about.eventType, about.kind === null ? {} : { kind: about.kind }, about.device)} · ${zoneName(texts, site, about.zone)} · ${name}`}
              </option>
            ))}
          </select>
        </label>
      )}
      {value && value.map.units.length > 0 && (
        <div className="units">
          <UnitList site={site} {...value} />
          <UnitPlans site={site} units={value.map.units} />
        </div>
      )}
    </section>
  );
}

function UnitList({ site, map, nearest }: Loaded & { readonly site: Site }) {
  const { t, number } = usePageTexts<typeof responseEn>();
  const distanceOf = (unit: string) => nearest?.units.find((one) => one.unit.id === unit)?.distanceM ?? null;
  const first = nearest?.units[0];
  const proposed = first && first.distanceM !== null && first.state === 'available' ? first.unit.id : null;
  const minutes = Math.max(1, Math.round(map.currentForSeconds / 60));
  return (
    <div>
      <ul className="response-list" data-testid="units-list">
        {map.units.map((unit) => {
          const distance = distanceOf(unit.id);
          return (
            <li key={unit.id} className="response-task" data-testid="unit" data-unit={unit.id}>
              <h4>{unit.name}</h4>
              <p className="muted">
                {[
                  unit.department.name,
                  t(`response.unitState.${unit.state}`),
                  ...(distance === null
                    ? []
                    : [t('response.away', { distance: number(Math.round(distance)) })]),
                ].join(' · ')}
              </p>
              {proposed === unit.id && (
                <p className="response-shown" data-testid="unit-nearest">
                  {t('response.nearest')}
                </p>
              )}
              <Members site={site} unit={unit} />
            </li>
          );
        })}
      </ul>
      <p className="muted">{t('response.drawnFor', { count: minutes })}</p>
    </div>
  );
}

function Members({ site, unit: { members } }: { readonly site: Site; readonly unit: UnitOnMap }) {
  const texts = usePageTexts<typeof responseEn>();
  const { t, language, number } = texts;
  const age = useAge();
  const whereOf = ({ place }: MemberPlace): string => {
    if (place === null) return t('response.offPlan');
    return zoneAt(site, place)?.name[language] ?? t('response.noZone');
  };
  if (members.length === 0) return <p>{t('response.nobodyShown')}</p>;
  return (
    <ul className="response-lines">
      {members.map((member) => (
        <li key={member.person.id} data-testid="unit-member" data-current={member.current}>
          {t(member.current ? 'response.memberAt' : 'response.memberWas', {
            who: member.person.name || t('response.gone'),
            where: whereOf(member),
            age: age(member.ageSeconds),
            metres: number(member.accuracyM),
          })}
        </li>
      ))}
    </ul>
  );
}
