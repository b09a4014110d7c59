import type { HeatMap } from '@watchpost/contracts';
import { heatLegend } from '../../../riskmap/heat-classes.ts';
import { useTexts } from '../texts/texts.tsx';

export interface HeatLegendProps {
  readonly heat: HeatMap | null;
  readonly format: (perDay: number) => string;
}

/** What the shades mean: expected events per day, the upper end of each class. */
export function HeatLegend({ heat, format }: HeatLegendProps) {
  const { t } = useTexts();
  const entries = heatLegend(heat?.cells ?? []);
  return (
    <div className="heat-legend" data-testid="heat-legend">
      <span>{t('plan.legend')}</span>
      {entries.length === 0 ? (
        <span className="muted">{t('plan.none')}</span>
      ) : (
        <ol>
          {entries.map(({ heatClass, upToPerDay }) => (
            <li key={heatClass}>
              <i data-class={heatClass} aria-hidden="true" />≤ {format(upToPerDay)}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
