import {
  type Instructions,
  instructionsSchema,
  type Site,
  type SiteGate,
  siteGateSchema,
  siteSchema,
} from '@watchpost/contracts/site';

const text = (en: string, zh: string) => ({ en, 'zh-CN': zh });

/**
 * A small site for tests: a gate and a store room, one gateway with four devices, a second gateway with one.
 */
export const testSite: Site = siteSchema.parse({
  id: 'test',
  name: text('Test site', '测试站点'),
  timeZone: 'Asia/Shanghai',
  plan: {
    widthM: 60,
    heightM: 40,
    northWest: { latitude: 31.2, longitude: 121.5 },
    walls: [],
  },
  gateways: ['edge1', 'edge2'],
  zones: [
    {
      id: 'gate',
      name: text('Gate', '大门'),
      criticality: 0.6,
      public: true,
      outline: [
        [0, 0],
        [20, 0],
        [20, 20],
      ],
      armed: [],
    },
    {
      id: 'stores',
      name: text('Store room', '库房'),
      criticality: 0.8,
      public: false,
      outline: [
        [30, 0],
        [60, 0],
        [60, 40],
      ],
      armed: [{ from: '22:00', to: '06:00' }],
    },
  ],
  lines: [{ id: 'kerb', zone: 'gate', name: text('Kerb', '路沿') }],
  devices: [
    ['cam1', 'edge1', 'camera', 'gate', 5, 5],
    ['reader1', 'edge1', 'code_reader', 'gate', 8, 5],
    ['door1', 'edge1', 'door_contact', 'stores', 40, 10],
    ['smoke1', 'edge1', 'smoke', 'stores', 45, 20],
    ['temp2', 'edge2', 'temperature', 'stores', 50, 25],
  ].map(([id, gateway, kind, zone, x, y]) => ({
    id,
    gateway,
    kind,
    profile: 'test',
    zone,
    name: text(`Device ${id}`, `设备 ${id}`),
    at: [x, y],
    // A contact whose housing also notices a broken pane.
    ...(id === 'door1' ? { reports: ['sensor.door', 'sensor.glass_break', 'sensor.water', 'tamper'] } : {}),
  })),
});

/** What its officers are to do. */
export const testInstructions: Instructions = instructionsSchema.parse({
  'sensor.smoke': {
    text: text('Evacuate, then call.', '先疏散，再报警。'),
    contacts: [{ name: 'Fire brigade', phone: '119' }],
  },
  pass: { text: { en: 'Ask for the paper.' } },
});

/** Where its passes let somebody in: at each zone, and at a gate that leads to both. */
export const testGates: readonly SiteGate[] = [
  { name: 'gate', zones: ['gate'], gateways: ['edge1'] },
  { name: 'stores', zones: ['stores'], gateways: ['edge2'] },
  { name: 'ramp', zones: ['gate', 'stores'], gateways: ['edge1', 'edge2'] },
].map((gate) => siteGateSchema.parse(gate));

/**
 * The same with its store room as an area: in by the door. A silent alarm is heard at the gate.
 */
export const armedSite: Site = siteSchema.parse({
  ...testSite,
  zones: testSite.zones.map((zone) => ({ ...zone, armed: [] })),
  arming: [
    {
      id: 'house',
      name: text('House', '主楼'),
      zones: ['stores'],
      modes: {
        away: { way: ['door1'], exitSeconds: 30, entrySeconds: 20 },
        night: { except: ['temp2'] },
      },
      silentZone: 'gate',
    },
  ],
});
