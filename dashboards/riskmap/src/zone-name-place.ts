import { boundingBox, type PlanPoint } from './plan-geometry.ts';

/**
 * Rough width of a name in pixels at 13 px: Chinese characters fill a square, Latin letters about half of
 * one.
 */
export function nameWidthPx(name: string): number {
  return Array.from(name).reduce((width, letter) => width + (letter > '\u2e80' ? 13 : 8.1), 0);
}

const insetPx = 8;
const lineHeightPx = 14;
/** A device mark with its alert ring. */
const markRadiusPx = 18;

/**
 * Where the name of a zone begins (left end of its base line, metres): the first corner of the zone, from the
 * upper left on, at which it lies upon no device; the upper left when every corner is taken.
 * @param pixelM metres that one screen pixel covers
 */
export function zoneNamePlace(
  zone: { readonly name: string; readonly outline: readonly PlanPoint[] },
  devices: readonly { readonly at: PlanPoint }[],
  pixelM: number,
): PlanPoint {
  const { x, y, width, height } = boundingBox(zone.outline);
  const nameM = nameWidthPx(zone.name) * pixelM;
  const insetM = insetPx * pixelM;
  const left = x + insetM;
  const right = Math.max(left, x + width - insetM - nameM);
  const top = y + insetM + lineHeightPx * pixelM * 0.75;
  const bottom = Math.max(top, y + height - insetM);
  const corners: readonly PlanPoint[] = [
    [left, top],
    [left, bottom],
    [right, top],
    [right, bottom],
  ];
  const reachM = markRadiusPx * pixelM;
  const isFree = ([nameX, baseline]: PlanPoint) =>
    devices.every(({ at: [deviceX, deviceY] }) => {
      const nearestX = Math.min(Math.max(deviceX, nameX), nameX + nameM);
      const nearestY = Math.min(Math.max(deviceY, baseline - lineHeightPx * pixelM), baseline);
      return Math.hypot(deviceX - nearestX, deviceY - nearestY) >= reachM;
    });
  return corners.find(isFree) ?? [left, top];
}
