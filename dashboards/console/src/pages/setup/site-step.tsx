import type { SiteEdit } from '@watchpost/contracts/api';
import { useState } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { onGround, rectangleOf } from '../../ui/site-file/drawn-points.ts';
import { editsBetween, isSame } from '../../ui/site-file/edits-between.ts';
import { EntryFields, EntryText } from '../../ui/site-file/entry-fields.tsx';
import { entriesOf, type Fields, fieldsOf } from '../../ui/site-file/file-value.ts';
import { groundOf } from '../../ui/site-file/plan-ground.tsx';
import { PlanSize } from '../../ui/site-file/plan-size.tsx';
import { timeZones } from '../../ui/site-file/time-zones.ts';
import { ZoneOutline } from '../../ui/site-file/zone-outline.tsx';
import { useAction } from '../../ui/use-action.ts';
import { SetupName } from './setup-name.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import type { setupEn } from './texts-en.ts';
import { useApply } from './use-apply.ts';

/** From the edge of a new plan to its wall, metres. */
const marginM = 1;

/** The outline of everything within a plan. */
function insideOf(plan: Fields) {
  const ground = groundOf(plan);
  const margin = Math.min(marginM, ground.width / 10, ground.height / 10);
  return rectangleOf(
    onGround(ground, [margin, margin]),
    onGround(ground, [ground.width - margin, ground.height - margin]),
  );
}

/** A plan of another size: its walls stand around it, as those of the first plan of a new site do. */
export function resized(plan: Fields, next: Fields): Fields {
  if (plan.widthM === next.widthM && plan.heightM === next.heightM) return next;
  const wall = insideOf(next);
  return { ...next, walls: [[...wall, wall[0]]] };
}

/** The site: what it is called, its clock, its first plan and zone. */
export function SiteStep({ step, api, view, reload, onNext, onBack }: StepProps) {
  const { t } = usePageTexts<typeof setupEn>();
  const action = useAction();
  const apply = useApply({ api, view, reload });
  const file = fieldsOf(view.value);
  const plan = entriesOf(file.plans)[0] ?? {};
  const zone = entriesOf(file.zones)[0] ?? {};
  const [site, setSite] = useState<Fields>({ name: file.name, timeZone: file.timeZone });
  const [planNow, setPlan] = useState(plan);
  const [zoneNow, setZone] = useState(zone);
  const setSize = (next: Fields) => {
    const made = resized(plan, next);
    setPlan(made);
    // What nobody has drawn yet goes with the plan.
    if (isSame(zoneNow.outline, zone.outline) || isSame(zoneNow.outline, insideOf(planNow)))
      setZone({ ...zoneNow, outline: made === next ? zone.outline : insideOf(made) });
  };
  const edits: readonly SiteEdit[] = [
    ...editsBetween({ name: file.name, timeZone: file.timeZone }, site, []),
    ...editsBetween(plan, planNow, ['plans', 0]),
    ...editsBetween(zone, zoneNow, ['zones', 0]),
  ];
  const { mistakes } = apply;
  const shown = { ...file, plans: [planNow, ...entriesOf(file.plans).slice(1)] };
  return (
    <StepFrame
      {...{ step, action, onBack }}
      onSubmit={async () => {
        if (await apply.run(edits, ['/name', '/timeZone', '/plans', '/zones'])) await onNext();
      }}
    >
      <div className="site-columns">
        <EntryFields value={site} set={setSite} pointer="" mistakes={mistakes}>
          <SetupName label={t('setup.siteName')} />
          <EntryText
            at={['timeZone']}
            label={t('setup.timeZone')}
            hint={t('setup.timeZoneHint', { here: Intl.DateTimeFormat().resolvedOptions().timeZone })}
            offered={timeZones()}
            required
          />
        </EntryFields>
        <EntryFields value={planNow} set={setSize} pointer="/plans/0" mistakes={mistakes}>
          <PlanSize />
        </EntryFields>
      </div>
      <EntryFields value={zoneNow} set={setZone} pointer="/zones/0" mistakes={mistakes}>
        <SetupName label={t('setup.zoneName')} />
        <ZoneOutline file={shown} value={zoneNow} set={setZone} />
      </EntryFields>
    </StepFrame>
  );
}
