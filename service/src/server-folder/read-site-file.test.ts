import { describe, expect, it } from 'vitest';
import { stringify as toYaml } from 'yaml';
import { readSiteFile } from './read-site-file.ts';

const name = { 'zh-CN': '甲', en: 'A' };
const device = {
  id: 'smoke-1',
  kind: 'smoke',
  profile: 'p-smoke',
  gateway: 'gw',
  zone: 'hall',
  name,
  mount: { at: [1, 1] },
  connect: { driver: 'simulator' },
};
const camera = {
  ...device,
  id: 'cam-1',
  kind: 'camera',
  profile: 'p-camera',
  connect: { driver: 'rtsp', url: 'rtsp://192.0.2.1/s', user: 'u', password: { secret: 'cam' } },
};
const record = {
  cameras: ['cam-1'],
  purpose: 'door',
  assessment: { reference: 'r', approvedBy: 'b', approvedAt: '2026-01-01T00:00:00.000Z' },
  noticeSign: { place: 'door', checkedAt: '2026-01-01T00:00:00.000Z' },
  notPrivate: true,
};
const site = {
  version: 1,
  id: 's',
  name,
  timeZone: 'UTC',
  plans: [{ id: 'p', name, widthM: 9, heightM: 9, northWest: { latitude: 1, longitude: 1 } }],
  zones: [
    {
      id: 'hall',
      name,
      plan: 'p',
      criticality: 0.5,
      public: true,
      outline: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    },
  ],
  gateways: [{ id: 'gw' }],
  devices: [device, camera],
};
const reason = 'cut off for the length of a tunnel';
const stringify = (value: object) => toYaml(value, { aliasDuplicateObjects: false });
const read = (change: object | string, secrets: readonly string[] = ['cam']) =>
  readSiteFile(Buffer.from(typeof change === 'string' ? change : stringify({ ...site, ...change })), {
    file: 'sites/s/site.yaml',
    id: 's',
    profiles: new Map([
      ['p-smoke', 'smoke'],
      ['p-camera', 'camera'],
    ]),
    nowMs: Date.parse('2026-06-01'),
    hasSecret: (secret) => secrets.includes(secret),
  });
const codes = (change: object) => read(change).mistakes.map(({ code, path }) => `${code} ${path}`);

/** With the code and path of the mistake, the text at its column, and what it says. */
const wrongOutlines: readonly (readonly [string, string, string, string, string, RegExp])[] = [
  ['[[0, 0], [1.2, 0], [0.5, 0.5]]', 'site.out_of_range', '/outline/1/0', '1.2', 'most', /^1$/],
  ['[[0, 0], [-0.1, 0], [0.5, 0.5]]', 'site.out_of_range', '/outline/1/0', '-0.1', 'least', /^0$/],
  ['[[0, 0], [0.5, 0.5]]', 'site.out_of_range', '/outline', 'outline', 'least', /^3$/],
  ['[[0, 0], [0.5, 0], [0.5]]', 'site.out_of_range', '/outline/2', '[0.5]]', 'least', /^2$/],
  [`[${'[0, 0], '.repeat(64)}[1, 1]]`, 'site.out_of_range', '/outline', 'outline', 'most', /^64$/],
  [
    ...(['[[0, 0], [0.5, 0.5], [0.5, 0], [0, 0.5]]', 'site.no_area', '/outline', 'outline'] as const),
    ...(['found', /^\[0, 0\]–\[0.5, 0.5\] × \[0.5, 0\]–\[0, 0.5\]$/] as const),
  ],
  ['[[0, 0], [0.1, 0.1], [0.2, 0.2]]', 'site.no_area', '/outline', 'outline', 'found', /^\[0, 0\] /],
];

describe('a site file', () => {
  it('without mistakes gives the site, with its defaults', () => {
    const { site: found, off, mistakes } = read({});
    expect(mistakes).toEqual([]);
    expect(off).toEqual([]);
    expect(found?.policy.losses).toEqual({
      gateway: 60_000,
      camera: 30_000,
      device: 5_000,
      settings: 60_000,
    });
    expect(found?.policy.alerts.clearsAfter.faceCandidate).toBe(600_000);
    expect(found?.policy.keptDays.events).toBe(400);
  });
  it('switches a device with a mistake off, and the rest goes on', () => {
    const { site: found, off } = read({ devices: [{ ...device, zone: 'hal' }, camera] });
    expect(found?.devices.map(({ id }) => id)).toEqual(['cam-1']);
    expect(off.map(({ id }) => id)).toEqual(['smoke-1']);
  });
  it('knows a smoke detector by its profile when its kind is mistyped', () => {
    const { off } = read({ devices: [{ ...device, kind: 'smok' }] });
    expect(off).toMatchObject([{ id: 'smoke-1', described: { kind: 'smoke', zone: 'hall', at: [1, 1] } }]);
  });
  it('of an entry that says next to nothing it knows the place', () => {
    expect(read({ devices: [device, {}] }).off).toEqual([{ id: '/devices/1' }]);
  });
  it('is not put into force with a mistake anywhere else', () => {
    expect(read({ timeZone: 'Mars' }).site).toBeUndefined();
    expect(read('a: [').site).toBeUndefined();
    expect(read('').site).toBeUndefined();
    expect(read('- 1').site).toBeUndefined();
  });
  it('a policy number out of its limits says the limits', () => {
    const { mistakes } = read({ policy: { losses: { gateway: '5s' } } });
    expect(mistakes).toMatchObject([
      { code: 'site.out_of_range', path: '/policy/losses/gateway', details: { least: '35s', most: '24h' } },
    ]);
  });
  it('a permit that is longer than a minute says why', () => {
    const permit = { life: '61s' };
    expect(read({ policy: { permit } }).mistakes).toMatchObject([
      { code: 'site.missing', path: '/policy/permit/reason', details: { expected: 'text' } },
    ]);
    expect(read({ policy: { permit: { ...permit, reason } } }).mistakes).toEqual([]);
    expect(read({ policy: { permit: { life: '60s' } } }).mistakes).toEqual([]);
  });
  it.each([
    ['a permit that is longer than a day', { permit: { life: '25h', reason } }, 'permit/life'],
    [
      'a permit that one lost message would end',
      { permit: { life: '30s', renewEvery: '16s' } },
      'permit/renewEvery',
    ],
    ['a watch list that one person signs', { lists: { signatures: { watch: 1 } } }, 'lists/signatures/watch'],
    ['an entry that outlasts the law', { lists: { longest: { watch: '367d' } } }, 'lists/longest/watch'],
    ['what ended and is kept for long', { lists: { eraseAfter: '91d' } }, 'lists/eraseAfter'],
    ['a pass that is good for ever', { passes: { clockTolerance: '11m' } }, 'passes/clockTolerance'],
    [
      'a list of withdrawn passes that is never renewed',
      { passes: { revokedListGood: '8d' } },
      'passes/revokedListGood',
    ],
  ])('%s is out of every limit', (_what, policy, path) => {
    expect(codes({ policy })).toEqual([`site.out_of_range /policy/${path}`]);
  });
  it.each(['10', '10 m', 'ten', '-5m', '1e9s', ''])('a duration is not written %j', (text) => {
    expect(codes({ policy: { losses: { gateway: text } } })).toEqual(['site.format /policy/losses/gateway']);
  });
  it('misses a secret that is not there, and refuses one in an address without saying it', () => {
    expect(read({}, []).mistakes).toMatchObject([
      { code: 'site.secret_missing', path: '/devices/1/connect/password/secret', details: { found: 'cam' } },
    ]);
    const inline = read({
      devices: [{ ...camera, connect: { driver: 'rtsp', url: 'rtsp://u:hunter2@192.0.2.1/s' } }],
    });
    expect(inline.mistakes).toMatchObject([{ code: 'site.secret_inline', path: '/devices/0/connect/url' }]);
    expect(JSON.stringify(inline.mistakes)).not.toContain('hunter2');
  });
  it('lets no camera look for faces without a record, or in a zone that is not public', () => {
    expect(codes({ devices: [{ ...camera, faces: true }] })).toEqual([
      'site.no_privacy_record /devices/0/faces',
    ]);
    const zones = [{ ...site.zones[0], public: false }];
    expect(codes({ zones, privacy: [record] })).toEqual(['site.conflict /devices/1/zone']);
    expect(codes({ privacy: [record] })).toEqual([]);
    expect(codes({ privacy: [{ ...record, cameras: ['cam'] }] })).toEqual([
      'site.unknown_reference /privacy/0/cameras/0',
    ]);
  });
  it.each([
    ['RTP://192.0.2.1/s', 'scheme'],
    ['rtsp://192.0.2.1/a b', 'blank'],
    ['rtsp://192.0.2.1/a#b', 'number_sign'],
    ['http://192.0.2.1/s', 'scheme'],
    ['rtsp://u@192.0.2.1/s', 'user_twice'],
  ])('switches a camera off whose address is %s', (url, reason) => {
    const { mistakes, off } = read({ devices: [{ ...camera, connect: { ...camera.connect, url } }] });
    expect(mistakes).toMatchObject([
      { code: 'config.camera_address', path: '/devices/0/connect/url', details: { reason } },
    ]);
    expect(off.map(({ id }) => id)).toEqual(['cam-1']);
  });
  it('switches off what its gateway would refuse: a plain password, a webhook without a listener', () => {
    const broker = { driver: 'mqtt-json', url: 'mqtt://192.0.2.7:1883', topic: 't', user: 'u' };
    const plain = { ...broker, password: { secret: 'cam' } };
    expect(codes({ devices: [{ ...device, connect: plain }] })).toEqual([
      'config.plain_credentials /devices/0/connect/insecure',
    ]);
    expect(codes({ devices: [{ ...device, connect: { ...plain, insecure: true } }] })).toEqual([]);
    expect(codes({ devices: [{ ...device, connect: { ...plain, url: 'mqtts://192.0.2.7' } }] })).toEqual([]);
    const hook = { ...device, connect: { driver: 'webhook', key: { secret: 'cam' } } };
    expect(codes({ devices: [hook] })).toEqual(['site.conflict /devices/0/connect/driver']);
    expect(codes({ devices: [hook], gateways: [{ id: 'gw', hooks: { port: 8085 } }] })).toEqual([]);
  });
  it.each(wrongOutlines)('says where the mask %s is wrong, and switches its camera off alone', (...wrong) => {
    const [outline, code, below, at, detail, value] = wrong;
    const written = stringify({ ...site, devices: [device, { ...camera, masks: 'HERE' }] });
    const text = written.replace('masks: HERE', `masks:\n      - { name: garden, outline: ${outline} }`);
    const { mistakes, off, site: found } = read(text);
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.includes('name: garden'));
    const column = String(lines[line]).indexOf(at, 20) + 1;
    expect(mistakes).toMatchObject([{ code, line: line + 1, column, path: `/devices/1/masks/0${below}` }]);
    expect(String(mistakes[0]?.details[detail])).toMatch(value);
    expect([off.map(({ id }) => id), found?.devices.map(({ id }) => id)]).toEqual([['cam-1'], ['smoke-1']]);
  });
  it('takes masks whose outline is closed by hand, and tells ones that leave nothing or have one name', () => {
    const corner = [
      [0, 0],
      [0.4, 0],
      [0.4, 0.4],
      [0, 0],
    ];
    const all = [
      [0, 0],
      [1, 0],
      [1, 0.98],
      [0, 0.98],
    ];
    const masked = (...masks: object[]) => ({ devices: [{ ...camera, masks }] });
    expect(codes(masked({ name: 'a', outline: corner }))).toEqual([]);
    expect(codes(masked({ name: 'a', outline: corner }, { name: 'a', outline: corner }))).toEqual([
      'site.used_twice /devices/0/masks/1/name',
    ]);
    expect(read(masked({ name: 'a', outline: all })).mistakes).toMatchObject([
      { code: 'site.masked_everywhere', path: '/devices/0/masks', details: { most: '95 %' } },
    ]);
    // Nor do many that are small by themselves.
    const strips = Array.from({ length: 20 }, (_, i) => ({
      name: `${i}`,
      outline: [
        [0, i / 20],
        [1, i / 20],
        [1, (i + 1) / 20],
        [0, (i + 1) / 20],
      ],
    }));
    expect(codes(masked(...strips))).toEqual(['site.masked_everywhere /devices/0/masks']);
    expect(codes({ devices: [{ ...device, masks: [] }] })).toEqual(['site.unknown_key /devices/0/masks']);
  });
  it('knows the zones that are drawn in a picture, and tells ones that are none', () => {
    const outline = [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ];
    const [hall] = site.zones;
    const yard = { ...hall, id: 'yard' };
    const drawn = (...areas: object[]) => ({ zones: [hall, yard], devices: [{ ...camera, areas }] });
    expect(codes(drawn({ zone: 'yard', outline }))).toEqual([]);
    expect(read(drawn({ zone: 'yrd', outline })).mistakes).toMatchObject([
      {
        ...{ code: 'site.unknown_reference', path: '/devices/0/areas/0/zone' },
        details: { found: 'yrd', meant: 'yard' },
      },
    ]);
    expect(codes(drawn({ zone: 'yard', outline }, { zone: 'yard', outline }))).toEqual([
      'site.used_twice /devices/0/areas/1/zone',
    ]);
    const [a, b, c, d] = outline;
    expect(codes(drawn({ zone: 'yard', outline: [a, c, b, d] }))).toEqual([
      'site.no_area /devices/0/areas/0/outline',
    ]);
    expect(codes(drawn({ zone: 'yard', outline: [a, b, [0.5, 1.2]] }))).toEqual([
      'site.out_of_range /devices/0/areas/0/outline/2/1',
    ]);
    // A camera that looks for faces looks at no zone that is private, wherever it hangs.
    const seen = { ...drawn({ zone: 'yard', outline }), privacy: [record] };
    expect(codes(seen)).toEqual([]);
    expect(codes({ ...seen, zones: [hall, { ...yard, public: false }] })).toEqual([
      'site.conflict /devices/0/areas/0/zone',
    ]);
  });
  it('says of lines and zones that go by faces, and of a camera that looks for none, and switches nothing off', () => {
    const drawn = {
      lines: [{ id: 'door', zone: 'hall', name }],
      devices: [{ ...camera, lines: [{ line: 'door', from: [0.5, 0.1], to: [0.5, 0.9], inside: 'left' }] }],
    };
    const said = (more: object) => {
      const { warnings, mistakes, off } = read(more);
      return [warnings.map(({ code, path }) => `${code} ${path}`), mistakes.length, off.length];
    };
    const lines = ['site.nobody_followed /devices/0/lines'];
    expect(said(drawn)).toEqual([lines, 0, 0]);
    expect(said({ ...drawn, privacy: [record] })).toEqual([[], 0, 0]);
    const devices = drawn.devices.map((device) => ({ ...device, faces: false }));
    expect(said({ ...drawn, privacy: [record], devices })).toEqual([lines, 0, 0]);
    const areas = [
      {
        zone: 'hall',
        outline: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      },
    ];
    expect(said({ devices: [{ ...camera, areas }] })).toEqual([
      ['site.nobody_followed /devices/0/areas'],
      0,
      0,
    ]);
    // What is off is not even looked at.
    expect(said({ ...drawn, devices: [{ ...drawn.devices[0], fps: 'often' }] })).toEqual([[], 1, 1]);
  });
  it('knows the lines that are drawn in a picture, and tells ones that nobody could cross', () => {
    const lines = [{ id: 'door', zone: 'hall', name }];
    const line = { line: 'door', from: [0.5, 0.1], to: [0.5, 0.9], inside: 'left' };
    const drawn = (...more: object[]) => ({ lines, devices: [{ ...camera, lines: more }] });
    expect(codes(drawn(line))).toEqual([]);
    expect(codes(drawn({ ...line, line: 'dor' }))).toEqual([
      'site.unknown_reference /devices/0/lines/0/line',
    ]);
    expect(codes(drawn(line, line))).toEqual(['site.used_twice /devices/0/lines/1/line']);
    expect(codes(drawn({ ...line, to: [0.5, 0.12] }))).toEqual(['site.no_line /devices/0/lines/0/to']);
    expect(codes(drawn({ ...line, to: [0.5, 1.2] }))).toEqual(['site.out_of_range /devices/0/lines/0/to/1']);
    expect(codes(drawn({ ...line, inside: 'up' }))).toEqual(['site.not_listed /devices/0/lines/0/inside']);
    expect(codes(drawn({ ...line, zone: 'hall' }))).toEqual(['site.unknown_key /devices/0/lines/0/zone']);
  });
  it.each([
    ['cellChange', 0],
    ['cellChange', 65],
    ['learning', 0],
    ['cells', 101],
    ['cells', 1.5],
  ])('takes no %s of %s for movement', (name, value) => {
    expect(codes({ policy: { motion: { [name]: value } } })).toEqual([
      `${Number.isInteger(value) || name === 'learning' ? 'site.out_of_range' : 'site.wrong_type'} /policy/motion/${name}`,
    ]);
  });
  it('takes no approval of the future', () => {
    const assessment = { ...record.assessment, approvedAt: '2027-01-01T00:00:00.000Z' };
    expect(codes({ privacy: [{ ...record, assessment }] })).toEqual([
      'site.out_of_range /privacy/0/assessment/approvedAt',
    ]);
  });
  it('a password needs its user, and a step of a simulator its time', () => {
    const { user: _user, ...connect } = camera.connect;
    expect(codes({ devices: [{ ...camera, connect }] })).toEqual(['site.missing /devices/0/connect/user']);
    const schedule = [{ atMs: 9_000, action: 'alarm' }];
    expect(
      read({ devices: [{ ...device, connect: { driver: 'simulator', schedule, repeatMs: 5_000 } }] })
        .mistakes,
    ).toMatchObject([{ code: 'site.out_of_range', details: { most: 4_999 } }]);
  });
  it('takes YAML 1.2: no is a text, and so is 22:30', () => {
    const text = stringify({ ...site, name: { 'zh-CN': 'X', en: 'X' } }).replace('en: X', 'en: no');
    expect(read(text).site?.name.en).toBe('no');
  });
  it.each([
    ['a name that JavaScript gives a meaning', { __proto__x: 1 }, 'site.unknown_key /__proto__x'],
    ['the id of another folder', { id: 't' }, 'site.wrong_folder /id'],
    [
      'a gateway named like alerting',
      { gateways: [{ id: 'gw' }, { id: 'alerts' }] },
      'site.used_twice /gateways/1/id',
    ],
    [
      'a device named like a gateway',
      { devices: [{ ...device, id: 'gw' }] },
      'site.used_twice /devices/0/id',
    ],
  ])('refuses %s', (_what, change, expected) => {
    expect(codes(change)).toEqual([expected]);
  });
  it('refuses __proto__ as a name', () => {
    expect(read(`${stringify(site)}__proto__: { a: 1 }\n`).mistakes).toMatchObject([
      { code: 'site.unknown_key', path: '/__proto__' },
    ]);
  });
  it('does not take a flood of aliases, a file that is not UTF-8, or one that is too large', () => {
    expect(read('a: &a [1]\nb: [*a, *a]\n').mistakes.map(({ code }) => code)).toContain('site.alias');
    const bytes = Buffer.concat([Buffer.from('id: s\nname: '), Buffer.from([0xff, 0xfe])]);
    const context = { file: 'f', id: 's', profiles: new Map(), nowMs: 0, hasSecret: () => true };
    expect(readSiteFile(bytes, context).mistakes).toMatchObject([{ code: 'site.encoding', line: 2 }]);
    expect(readSiteFile(Buffer.alloc(9_000_000, 'a'), context).mistakes).toMatchObject([
      { code: 'site.too_large' },
    ]);
  });
});
