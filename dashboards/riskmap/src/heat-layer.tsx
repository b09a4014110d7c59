import type { HeatCell } from '@watchpost/contracts/api';
import { memo, useId } from 'react';
import { heatClass } from './heat-classes.ts';
import { longestSide, svgPoints } from './plan-geometry.ts';

export interface HeatLayerProps {
  readonly cells: readonly HeatCell[];
  /** Top of the scale, see heatScale. */
  readonly topPerDay: number;
  readonly plan: { readonly widthM: number; readonly heightM: number };
  /** What a cell says when it is pointed at. */
  readonly cellText: (cell: HeatCell) => string;
}

/** The smooth overlay: one blurred picture of all cells, and above it the cells themselves to point at. */
export const HeatLayer = memo(function HeatLayer({ cells, topPerDay, plan, cellText }: HeatLayerProps) {
  const id = useId();
  // About half a cell of blur melts the hexagons into one surface and keeps the peak where it is.
  const blurM = longestSide(cells[0]?.outline ?? []) * 0.45;
  return (
    <g clipPath={`url(#${id}clip)`}>
      <defs>
        <clipPath id={`${id}clip`}>
          <rect width={plan.widthM} height={plan.heightM} />
        </clipPath>
        <filter id={`${id}blur`} x="-20%" y="-20%" width="140%" height="140%">
          <feGaussianBlur stdDeviation={blurM} />
        </filter>
      </defs>
      <g filter={`url(#${id}blur)`}>
        {cells.map((cell) => (
          <polygon
            key={cell.cell}
            className="riskmap-heat"
            data-class={heatClass(cell.expectedPerDay, topPerDay)}
            points={svgPoints(cell.outline)}
          />
        ))}
      </g>
      {cells.map((cell) => (
        <polygon
          key={cell.cell}
          className="riskmap-cell"
          data-testid="heat-cell"
          data-cell={cell.cell}
          data-class={heatClass(cell.expectedPerDay, topPerDay)}
          data-expected={cell.expectedPerDay}
          points={svgPoints(cell.outline)}
        >
          <title>{cellText(cell)}</title>
        </polygon>
      ))}
    </g>
  );
});
