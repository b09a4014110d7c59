import { type Site, siteSchema } from '@watchpost/contracts/site';

const text = (en: string, zh: string) => ({ en, 'zh-CN': zh });

/** Gateways of {@link benchSite}. */
export const gatewayCount = 20;
/**
 * Zones that stand apart from each other, each with one device of its own that can say that life is in
 * danger.
 */
export const apartCount = 300;
/** What each of them can say: each is a concern of its own, so an incident of its own. */
export const dangers = ['smoke', 'panic'] as const;
/** Further devices that can open alerts, in the hall. */
export const hallDetectors = 600;

const metresApart = 50;
const perRow = 20;

/**
 * A large site: a hall with motion sensors that alert nobody and many smoke detectors, and zones so far from
 * each other that what happens there is never one happening. Device `motion-N` hangs on gateway `gw-N`.
 */
export function benchSite(id: string): Site {
  const gateways = Array.from({ length: gatewayCount }, (_, index) => `gw-${index}`);
  const gatewayOf = (index: number) => gateways[index % gatewayCount];
  const apart = Array.from({ length: apartCount }, (_, index) => {
    const x = 100 + (index % perRow) * metresApart;
    const y = Math.floor(index / perRow) * metresApart;
    return { index, x, y };
  });
  return siteSchema.parse({
    id,
    name: text('Bench', '基准测试'),
    timeZone: 'Asia/Shanghai',
    plan: { widthM: 1_200, heightM: 800, northWest: { latitude: 31.2, longitude: 121.5 }, walls: [] },
    gateways,
    zones: [
      {
        ...{ id: 'hall', name: text('Hall', '大厅'), criticality: 0.5, public: true, armed: [] },
        outline: [
          [0, 0],
          [60, 0],
          [60, 40],
          [0, 40],
        ],
      },
      ...apart.map(({ index, x, y }) => ({
        ...{ id: `apart-${index}`, name: text(`Room ${index}`, `房间 ${index}`), criticality: 1 },
        ...{ public: false, armed: [] },
        outline: [
          [x, y],
          [x + 10, y],
          [x + 10, y + 10],
          [x, y + 10],
        ],
      })),
    ],
    devices: [
      ...gateways.map((gateway, index) => ({
        ...{ id: `motion-${index}`, gateway, kind: 'door_contact', zone: 'hall', at: [1 + index, 5] },
        ...{ profile: 'generic-door-contact', name: text(`Motion ${index}`, `移动 ${index}`) },
        reports: ['sensor.motion'],
      })),
      ...Array.from({ length: hallDetectors }, (_, index) => ({
        ...{ id: `hall-${index}`, gateway: gatewayOf(index), kind: 'smoke', zone: 'hall' },
        at: [1 + (index % 50), 8 + Math.floor(index / 50)],
        ...{ profile: 'generic-smoke', name: text(`Detector ${index}`, `探测器 ${index}`) },
        reports: ['sensor.smoke', 'sensor.gas', 'sensor.glass_break'],
      })),
      ...apart.map(({ index, x, y }) => ({
        ...{ id: `apart-${index}`, gateway: gatewayOf(index), kind: 'smoke', zone: `apart-${index}` },
        at: [x + 5, y + 5],
        ...{ profile: 'generic-smoke', name: text(`Room detector ${index}`, `房间探测器 ${index}`) },
        reports: ['sensor.smoke', 'panic'],
      })),
    ],
  });
}
