import type { HeatCell } from '@watchpost/contracts/api';
import type { SitePlan } from '@watchpost/contracts/site';
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { DeviceMark, type MapDevice } from './device-mark.tsx';
import { HeatLayer } from './heat-layer.tsx';
import { planViewBox, scaleBarM, svgPoints } from './plan-geometry.ts';
import { type MapUnit, UnitMark } from './unit-mark.tsx';
import { zoneNamePlace } from './zone-name-place.ts';

export interface RiskMapProps {
  readonly plan: Pick<SitePlan, 'widthM' | 'heightM' | 'walls'>;
  readonly zones: readonly {
    readonly id: string;
    readonly name: string;
    readonly outline: readonly (readonly [number, number])[];
    readonly public: boolean;
    readonly selected: boolean;
  }[];
  readonly devices: readonly MapDevice[];
  /** People who are on the plan, where that is shown. */
  readonly units?: readonly MapUnit[];
  readonly cells: readonly HeatCell[];
  /** Top of the heat scale in expected events per day, see heatScale. */
  readonly topPerDay: number;
  /** What the whole picture is, for those who cannot see it. */
  readonly label: string;
  readonly cellText: (cell: HeatCell) => string;
  readonly scaleText: (metres: number) => string;
  readonly onSelectDevice?: (device: string) => void;
}

const firstGuessPx = 480;
const marginPx = 14;

/** Width of an element in CSS pixels, kept up to date. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(firstGuessPx);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidthPx(entry?.contentRect.width || firstGuessPx));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, widthPx };
}

/**
 * The drawing of a site that console and Grafana share: heat under walls, zones and devices. One unit is one
 * metre, so signs and letters are scaled by the metres that a pixel covers to keep their size on every
 * screen.
 */
export function RiskMap(props: RiskMapProps): ReactNode {
  const { plan, zones, devices, units = [], cells, topPerDay, label, cellText, scaleText } = props;
  const { onSelectDevice } = props;
  const { ref, widthPx } = useWidth();
  const pixelM = plan.widthM / Math.max(1, widthPx - 2 * marginPx);
  const barM = scaleBarM(plan.widthM / 4);
  const viewBox = planViewBox(plan, marginPx * pixelM);
  return (
    <div className="riskmap" ref={ref}>
      <Ground {...{ plan, zones, cells, topPerDay, cellText, viewBox }} />
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset */}
      <svg className="riskmap-marks" data-testid="risk-map" viewBox={viewBox} role="group" aria-label={label}>
        {zones
          .filter((zone) => zone.selected)
          .map((zone) => (
            <polygon key={zone.id} className="riskmap-zone-selected" points={svgPoints(zone.outline)} />
          ))}
        {zones.map((zone) => {
          const [x, y] = zoneNamePlace(zone, devices, pixelM);
          return (
            <text
              key={zone.id}
              className="riskmap-zone-name"
              transform={`translate(${x} ${y}) scale(${pixelM})`}
            >
              {zone.name}
            </text>
          );
        })}
        {[...devices]
          .sort((left, right) => Number(left.selected) - Number(right.selected))
          .map((device) => (
            <DeviceMark
              key={device.id}
              device={device}
              plan={plan}
              pixelM={pixelM}
              onSelect={onSelectDevice}
            />
          ))}
        {units.map((unit) => (
          <UnitMark key={unit.id} unit={unit} pixelM={pixelM} />
        ))}
        <g
          className="riskmap-scale"
          transform={`translate(${plan.widthM - 10 * pixelM} ${plan.heightM - 10 * pixelM}) scale(${pixelM})`}
        >
          <path d={`M${-barM / pixelM} -4v4H0v-4`} />
          <text x={-barM / pixelM / 2} y={-6} textAnchor="middle">
            {scaleText(barM)}
          </text>
        </g>
      </svg>
    </div>
  );
}

type GroundProps = Pick<RiskMapProps, 'plan' | 'zones' | 'cells' | 'topPerDay' | 'cellText'> & {
  readonly viewBox: string;
};

/**
 * What seldom changes, in a picture of its own: an alert at a device must not draw the blurred heat again.
 */
const Ground = memo(function Ground({ plan, zones, cells, topPerDay, cellText, viewBox }: GroundProps) {
  return (
    <svg className="riskmap-ground" viewBox={viewBox} aria-hidden="true">
      <rect className="riskmap-floor" width={plan.widthM} height={plan.heightM} />
      {zones.map((zone) => (
        <polygon
          key={zone.id}
          className="riskmap-zone"
          data-zone={zone.id}
          data-selected={zone.selected || undefined}
          data-private={!zone.public || undefined}
          points={svgPoints(zone.outline)}
        />
      ))}
      <HeatLayer cells={cells} topPerDay={topPerDay} plan={plan} cellText={cellText} />
      {plan.walls.map((wall) => (
        <polyline key={svgPoints(wall)} className="riskmap-wall" points={svgPoints(wall)} />
      ))}
    </svg>
  );
});
