import { type Site, siteSchema } from '@watchpost/contracts/site';
import { parseWith } from '@watchpost/contracts/wire';

/**
 * The plan of the demo site: a small, invented office building with a gate. Metres from the north-west
 * corner.
 */
export const demoSite: Site = parseWith(siteSchema, {
  id: 'demo',
  name: { 'zh-CN': '演示园区', en: 'Demo campus' },
  timeZone: 'Asia/Shanghai',
  plan: {
    widthM: 60,
    heightM: 40,
    northWest: { latitude: 31.2304, longitude: 121.4737 },
    walls: [
      [
        [14, 6],
        [54, 6],
        [54, 34],
        [14, 34],
        [14, 24],
      ],
      [
        [14, 16],
        [14, 6],
      ],
      [
        [14, 24],
        [20, 24],
      ],
      [
        [14, 16],
        [20, 16],
      ],
      [
        [30, 6],
        [30, 14],
      ],
      [
        [30, 18],
        [30, 34],
      ],
      [
        [30, 20],
        [42, 20],
      ],
      [
        [46, 20],
        [54, 20],
      ],
    ],
  },
  gateways: ['gw-1'],
  zones: [
    zone('gate', '大门', 'Gate', 0.7, true, [
      [2, 14],
      [14, 14],
      [14, 26],
      [2, 26],
    ]),
    zone('lobby', '大厅', 'Lobby', 0.4, true, [
      [14, 6],
      [30, 6],
      [30, 34],
      [14, 34],
    ]),
    zone('office', '办公区', 'Office', 0.5, false, [
      [30, 6],
      [54, 6],
      [54, 20],
      [30, 20],
    ]),
    zone('server-room', '机房', 'Server room', 0.9, false, [
      [30, 20],
      [54, 20],
      [54, 34],
      [30, 34],
    ]),
  ],
  devices: [
    device('gate-camera', 'camera', 'generic-camera', 'gate', '大门摄像机', 'Gate camera', [9, 17]),
    device(
      'gate-reader',
      'code_reader',
      'generic-code-reader',
      'gate',
      '大门读码器',
      'Gate code reader',
      [12.5, 23],
    ),
    device(
      'server-door',
      'door_contact',
      'generic-door-contact',
      'server-room',
      '机房门磁',
      'Server room door',
      [44, 20],
    ),
    device(
      'server-smoke',
      'smoke',
      'generic-smoke',
      'server-room',
      '机房烟感',
      'Server room smoke detector',
      [47, 27],
    ),
    device(
      'lobby-temperature',
      'temperature',
      'generic-temperature',
      'lobby',
      '大厅温度',
      'Lobby temperature',
      [24, 11],
    ),
  ],
});

function zone(id: string, zh: string, en: string, criticality: number, open: boolean, outline: number[][]) {
  return {
    id,
    name: { 'zh-CN': zh, en },
    criticality,
    public: open,
    outline,
    armed: [{ from: '00:00', to: '24:00' }],
  };
}

function device(
  id: string,
  kind: string,
  profile: string,
  inZone: string,
  zh: string,
  en: string,
  at: number[],
) {
  return { id, gateway: 'gw-1', kind, profile, zone: inZone, name: { 'zh-CN': zh, en }, at };
}
