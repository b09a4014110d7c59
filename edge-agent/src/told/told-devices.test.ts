import { type SitePart, sitePartSchema } from '@watchpost/contracts/site';
import { describe, expect, it } from 'vitest';
import { toldDevices } from './told-devices.ts';

const smoke = (id: string, more: object = {}) => ({
  ...{ kind: 'smoke', id, zone: 'hall', profile: 'generic-smoke', connect: { driver: 'simulator' } },
  ...more,
});
const assessment = {
  ...{ reference: 'r', approvedBy: 'a', approvedAt: '2026-01-01T00:00:00.000Z', notPrivate: true },
  noticeSign: { place: 'gate', checkedAt: '2026-01-01T00:00:00.000Z' },
};
const camera = (more: object = {}) => ({
  ...{ kind: 'camera', id: 'cam', zone: 'gate', profile: 'generic-camera', faces: true, assessment },
  connect: { driver: 'file', url: 'clips/gate.mkv' },
  ...more,
});
const part = (devices: readonly object[], more: object = {}): SitePart =>
  sitePartSchema.parse({
    ...{ site: 's', gateway: 'g', version: 1, zones: [], timeZone: 'UTC', passes: {} },
    ...{ devices, off: { shown: ['off-1'], others: 2 } },
    ...more,
  });
const use = (found: SitePart, { hasGallery = false } = {}) =>
  toldDevices(found, hasGallery, '/gateway', Date.UTC(2026, 10, 1));

describe('what a site part says of devices', () => {
  it('is used device by device: what this gateway does not understand is off, the others are not', () => {
    const { told, unusable } = use(
      part([
        smoke('a'),
        smoke('b', { kind: 'weather_station' }),
        smoke('c', { inventedLater: true }),
        smoke('d', { connect: { driver: 'webhook', key: { secret: 'k' }, value: { pointer: '/v' } } }),
        smoke('a', { zone: 'gate' }),
        smoke('e'),
      ]),
    );
    expect(told.devices.map(({ id, zone }) => `${id} ${zone}`)).toEqual(['a hall', 'e hall']);
    // d calls, and nobody says where.
    expect(unusable).toEqual(['b', 'c', 'd'].map((id) => ({ id, code: 'edge.device_part' })));
    expect(told.devicesOff).toEqual({ shown: ['off-1'], others: 2 });
  });
  it('a camera that is to look for faces does everything else where there is no gallery, and says so', () => {
    const without = use(part([camera()])).told;
    expect(without.devices[0]).toMatchObject({ id: 'cam', faces: false });
    expect(without.concerns?.get('cam')).toBe('edge.gallery_missing');
    const withGallery = use(part([camera()]), { hasGallery: true }).told;
    expect(withGallery.devices[0]).toMatchObject({ faces: true });
    expect(withGallery.concerns?.size).toBe(0);
  });
  it('a camera without an approved assessment is off, however the server was talked into it', () => {
    const { told, unusable } = use(part([camera({ assessment: undefined })]), { hasGallery: true });
    expect([told.devices, unusable]).toEqual([[], [{ id: 'cam', code: 'edge.device_part' }]]);
  });
  it('says what counts as motion; a server that says nothing of it means what is usual', () => {
    const usual = { cellChange: 6, learning: 0.05, cells: 2 };
    expect(use(part([])).told.motion).toEqual(usual);
    const told = use(part([], { motion: { cells: 9, inventedLater: 1 } })).told.motion;
    expect(told).toEqual({ ...usual, cells: 9 });
  });
  it('keeps the masks of a camera, and one whose masks are none is off rather than unmasked', () => {
    const corner = [
      [0, 0],
      [0.2, 0],
      [0, 0.2],
    ];
    const masked = (outline: unknown) => part([camera({ faces: false, masks: [{ name: 'a', outline }] })]);
    expect(use(masked(corner)).told.devices).toMatchObject([{ masks: [{ outline: corner }] }]);
    const broken = use(masked(corner.slice(1)));
    expect([broken.told.devices, broken.unusable]).toEqual([[], [{ id: 'cam', code: 'edge.device_part' }]]);
  });
  it('has files relative to the folder of the gateway', () => {
    expect(use(part([camera()])).told.devices[0]).toMatchObject({
      connect: { url: '/gateway/clips/gate.mkv' },
    });
  });
});
