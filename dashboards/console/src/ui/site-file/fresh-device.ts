import { type DeviceKind, driversOf, genericProfile, stemOf } from './device-kinds.ts';
import { entriesOf, type Fields, freeId, type Point, pointsOf, textOf } from './file-value.ts';

/** The middle of a zone, where a new device stands until somebody puts it elsewhere. */
export function middleOf(zone: Fields): Point {
  const corners = pointsOf(zone.outline);
  const mean = (axis: 0 | 1) =>
    Math.round((corners.reduce((sum, corner) => sum + corner[axis], 0) / (corners.length || 1)) * 10) / 10;
  return [mean(0), mean(1)];
}

/** What a new device begins with. */
export function freshDevice(file: Fields, kind: DeviceKind): Fields {
  const [zone = {}] = entriesOf(file.zones);
  const [gateway = {}] = entriesOf(file.gateways);
  const ids = [...entriesOf(file.devices), ...entriesOf(file.gateways)].map(({ id }) => textOf(id));
  return {
    ...{ id: freeId(stemOf(kind), ids), kind, profile: genericProfile(kind) },
    ...{ gateway: textOf(gateway.id), zone: textOf(zone.id), mount: { at: middleOf(zone) } },
    connect: { driver: driversOf[kind][0] },
  };
}
