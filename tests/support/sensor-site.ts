import { type Site, siteSchema } from '@watchpost/contracts/site';

const text = (en: string, zh: string) => ({ en, 'zh-CN': zh });

/** A device of {@link sensorSite}. */
export interface SensorSketch {
  readonly id: string;
  /** On which it hangs. */
  readonly gateway: string;
  readonly kind: Site['devices'][number]['kind'];
  /** What it may report beyond its kind. */
  readonly reports?: readonly string[];
  /** Metres from the west end; by default beside the one before. */
  readonly xM?: number;
}

/** A site of one hall with these devices. */
export function sensorSite(id: string, sketches: readonly SensorSketch[]): Site {
  return siteSchema.parse({
    id,
    name: text('Test site', '测试站点'),
    timeZone: 'Asia/Shanghai',
    plan: { widthM: 60, heightM: 40, northWest: { latitude: 31.2, longitude: 121.5 }, walls: [] },
    gateways: [...new Set(sketches.map(({ gateway }) => gateway))],
    zones: [
      {
        ...{ id: 'hall', name: text('Hall', '大厅'), criticality: 0.8, public: true, armed: [] },
        outline: [
          [0, 0],
          [60, 0],
          [60, 40],
        ],
      },
    ],
    devices: sketches.map(({ id: device, gateway, kind, reports, xM }, index) => ({
      ...{ id: device, gateway, kind, zone: 'hall', at: [xM ?? 5 + (index % 50), 5] },
      profile: `generic-${kind.replaceAll('_', '-')}`,
      name: text(`Device ${device}`, `设备 ${device}`),
      ...(reports ? { reports } : {}),
    })),
  });
}
