import type { Ground } from './drawn-points.ts';
import { entriesOf, type Fields, pointOf, pointsOf, textOf } from './file-value.ts';

const decimetre = 0.1;
const sizeOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 40);

/** A plan as something that is drawn on, in metres. */
export const groundOf = (plan: Fields): Ground => ({
  width: sizeOf(plan.widthM),
  height: sizeOf(plan.heightM),
  grain: decimetre,
});

export interface PlanGroundProps {
  readonly plan: Fields;
  readonly file: Fields;
  /** The zone that is drawn itself. */
  readonly without?: string;
}

/** Floor, walls, zones and devices of a plan, under what is drawn on it. */
export function PlanGround({ plan, file, without = '' }: PlanGroundProps) {
  const { width, height } = groundOf(plan);
  const planOf = (zone: Fields) => textOf(zone.plan);
  const zones = entriesOf(file.zones).filter((zone) => planOf(zone) === plan.id && zone.id !== without);
  const own = new Set(zones.map(({ id }) => id).concat(without));
  const joined = (value: unknown) =>
    pointsOf(value)
      .map((point) => point.join(','))
      .join(' ');
  return (
    <>
      <rect className="riskmap-floor" width={width} height={height} />
      {zones.map((zone) => (
        <polygon key={textOf(zone.id)} className="riskmap-zone" points={joined(zone.outline)} />
      ))}
      {(Array.isArray(plan.walls) ? plan.walls : []).map((wall) => (
        <polyline key={joined(wall)} className="riskmap-wall drawing-wall" points={joined(wall)} />
      ))}
      {entriesOf(file.devices)
        .filter(({ zone }) => own.has(zone))
        .map((device) => {
          const at = pointOf((device.mount as Fields | undefined)?.at);
          return (
            at && <circle key={textOf(device.id)} className="drawing-device" cx={at[0]} cy={at[1]} r={0.4} />
          );
        })}
    </>
  );
}
