import { usePageTexts } from '../../texts/texts.tsx';
import { Drawing } from './drawing.tsx';
import type { drawingEn } from './drawing-texts-en.ts';
import { EntryMistakes } from './entry-fields.tsx';
import { entriesOf, type Fields, pointsOf, textOf, withValue } from './file-value.ts';
import { groundOf, PlanGround } from './plan-ground.tsx';

export interface ZoneOutlineProps {
  readonly file: Fields;
  readonly value: Fields;
  readonly set: (value: Fields) => void;
}

/** The outline of a zone, drawn on its plan. */
export function ZoneOutline({ file, value, set }: ZoneOutlineProps) {
  const { t } = usePageTexts<typeof drawingEn>();
  const plan = entriesOf(file.plans).find((one) => one.id === value.plan);
  if (!plan) return null;
  const ground = groundOf(plan);
  return (
    <section className="managed-part">
      <h4>{t('site.outline')}</h4>
      <Drawing
        ground={ground}
        aspect={ground.width / ground.height}
        shape="area"
        points={pointsOf(value.outline)}
        onChange={(outline) => set(withValue(value, ['outline'], outline))}
        label={t('site.outline')}
        testId="zone-outline"
        unit={t('site.metres')}
      >
        <PlanGround plan={plan} file={file} without={textOf(value.id)} />
      </Drawing>
      <EntryMistakes at={['outline']} />
    </section>
  );
}
