import type { Severity } from '@watchpost/contracts/alert';
import type { SiteDevice } from '@watchpost/contracts/site';
import { memo } from 'react';
import { nameWidthPx } from './zone-name-place.ts';

/** A device as the map shows it. */
export interface MapDevice {
  readonly id: string;
  readonly kind: SiteDevice['kind'];
  readonly at: readonly [number, number];
  readonly status: 'ok' | 'degraded' | 'lost' | 'starting' | 'unknown';
  /** Severity of its worst alert that nobody has taken. */
  readonly severity: Severity | undefined;
  readonly selected: boolean;
  /** Name, state and alert in words. */
  readonly text: string;
  readonly name: string;
}

/** Signs on a 24×24 field, drawn as lines so that they read at any size. */
export const deviceSigns: Readonly<Record<SiteDevice['kind'], string>> = {
  camera: 'M4 8h10a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H4zM16 11l5-3v8l-5-3',
  code_reader: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M12 9v6M16 9v6',
  door_contact: 'M6 21V4h9v17M3 21h18M12 12v1M19 8v5',
  smoke: 'M4 9a8 5 0 0 1 16 0zM8 13c-2 2 2 3 0 6M12 13c-2 2 2 3 0 6M16 13c-2 2 2 3 0 6',
  temperature: 'M12 14V5a2 2 0 0 0-4 0v9a4 4 0 1 0 4 0zM10 9v8M15 6h4M15 10h3',
};

export interface DeviceMarkProps {
  readonly device: MapDevice;
  readonly plan: { readonly widthM: number; readonly heightM: number };
  /** Metres that one screen pixel covers. */
  readonly pixelM: number;
  readonly onSelect: ((device: string) => void) | undefined;
}

const nameHeightPx = 40;

/**
 * Keeps the name inside the plan: above a device at the lower edge, to the inner side at the left and right.
 */
function labelPlace(
  { at: [x, y], name }: MapDevice,
  plan: DeviceMarkProps['plan'],
  pixelM: number,
  radius: number,
): { x: number; y: number; anchor: 'start' | 'middle' | 'end' } {
  const halfM = (nameWidthPx(name) / 2) * pixelM;
  const fitsBelow = plan.heightM - y > nameHeightPx * pixelM;
  const place = { x: 0, y: fitsBelow ? radius + 17 : -radius - 9, anchor: 'middle' } as const;
  if (x < halfM) return { ...place, x: -x / pixelM + 4, anchor: 'start' };
  if (x > plan.widthM - halfM) return { ...place, x: (plan.widthM - x) / pixelM - 4, anchor: 'end' };
  return place;
}

const fields = ['id', 'kind', 'at', 'status', 'severity', 'selected', 'text', 'name'] as const;

/** The list of devices is made anew with every count; most of them are as they were. */
function isSame(before: DeviceMarkProps, after: DeviceMarkProps): boolean {
  return (
    before.plan === after.plan &&
    before.pixelM === after.pixelM &&
    before.onSelect === after.onSelect &&
    fields.every((field) => before.device[field] === after.device[field])
  );
}

/** One device: its sign on a disc; a ring for its alert, a cross or dashes for its state. */
export const DeviceMark = memo(function DeviceMark({ device, plan, pixelM, onSelect }: DeviceMarkProps) {
  const radius = device.selected ? 14 : 11;
  const label = labelPlace(device, plan, pixelM, radius);
  const select = onSelect && (() => onSelect(device.id));
  return (
    <g
      className="riskmap-device"
      data-device={device.id}
      data-status={device.status}
      data-severity={device.severity}
      data-selected={device.selected || undefined}
      transform={`translate(${device.at[0]} ${device.at[1]}) scale(${pixelM})`}
      {...(select
        ? {
            role: 'button',
            tabIndex: 0,
            'aria-label': device.text,
            onClick: select,
            onKeyDown: (event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              select();
            },
          }
        : {})}
    >
      <title>{device.text}</title>
      {device.severity && <circle className="riskmap-ring" r={radius + 5} />}
      <circle className="riskmap-disc" r={radius} />
      <path
        className="riskmap-sign"
        d={deviceSigns[device.kind]}
        transform="translate(-7.8 -7.8) scale(0.65)"
      />
      {device.status === 'lost' && <path className="riskmap-cross" d="M-8 8L8 -8" />}
      {device.selected && (
        <text className="riskmap-device-name" x={label.x} y={label.y} textAnchor={label.anchor}>
          {device.name}
        </text>
      )}
    </g>
  );
}, isSame);
