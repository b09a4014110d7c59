import { heatLegend } from '@watchpost/riskmap';
import { useTexts } from '../../texts/texts.tsx';

export interface HeatLegendProps {
  /** Expected events per day at the top of the scale; 0 where nothing is expected. */
  readonly topPerDay: number;
  readonly format: (perDay: number) => string;
}

/** What the shades mean: expected events per day, the upper end of each class. */
export function HeatLegend({ topPerDay, format }: HeatLegendProps) {
  const { t } = useTexts();
  const entries = heatLegend(topPerDay);
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
