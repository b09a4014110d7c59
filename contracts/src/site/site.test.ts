import { describe, expect, it } from 'vitest';
import { siteSchema, zoneSchema } from './site.ts';

const text = { 'zh-CN': '甲', en: 'A' };
const outline = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const zone = { id: 'z', name: text, criticality: 0.5, public: true, outline, armed: [] };
const site = {
  id: 's',
  name: text,
  timeZone: 'Asia/Shanghai',
  plan: { widthM: 1, heightM: 1, northWest: { latitude: 0, longitude: 0 }, walls: [] },
  gateways: ['g'],
  zones: [zone],
  devices: [],
};
const isSite = (change: object) => siteSchema.safeParse({ ...site, ...change }).success;

describe('a site description', () => {
  it.each(['Asia/Shanghai', 'Europe/Berlin', 'UTC'])('takes the time zone %s', (timeZone) => {
    expect(isSite({ timeZone })).toBe(true);
  });
  // Whoever scores an event would fail on it, again and again.
  it.each(['Asia/Shanghia', 'local', 'UTC+25'])('refuses the time zone %s', (timeZone) => {
    expect(isSite({ timeZone })).toBe(false);
  });
  it('refuses a gateway that is named like a topic level of its own', () => {
    expect(isSite({ gateways: ['g', 'alerts'] })).toBe(false);
  });
  it.each([
    ['00:00', '23:59', true],
    ['18:00', '24:00', true],
    ['24:00', '06:00', false],
    ['25:00', '06:00', false],
    ['22:60', '06:00', false],
  ])('armed from %s to %s: %s', (from, to, good) => {
    expect(zoneSchema.safeParse({ ...zone, armed: [{ from, to }] }).success).toBe(good);
  });
});
