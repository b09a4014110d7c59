/** A mistake as people make it, put into the demo’s site file. */
export interface PlantedMistake {
  /** What stands in the file, and what somebody wrote instead. */
  readonly was: string;
  readonly wrote: string;
  readonly code: string;
  /** Text on the line that must be named; left out: the first line that differs. */
  readonly on?: string;
  /** What the mistake must say: the value that mends it, or a form that it fits. */
  readonly says?: Readonly<Record<string, string | number | RegExp>>;
  /** What the remedy leads to, where it is not what stood there before. */
  readonly mended?: string;
}

const door = '  - id: server-door\n    kind: door_contact\n';

/** Sixty of them; each by itself. */
export const plantedMistakes: readonly PlantedMistake[] = [
  // How it is written.
  { was: 'timeZone: Asia', wrote: '\ttimeZone: Asia', code: 'site.indentation' },
  { was: '    kind: smoke\n', wrote: '     kind: smoke\n', code: 'site.indentation' },
  { was: '  - id: gw-1', wrote: '  - id: "gw-1', code: 'site.unclosed', on: 'id: "gw-1' },
  { was: '{ at: [9, 17] }', wrote: '{ at: [9, 17 }', code: 'site.unclosed' },
  { was: '{ at: [44, 20] }', wrote: '{ at: [44, 20]', code: 'site.unclosed' },
  { was: 'id: demo\n', wrote: 'id: demo\nid: demo2\n', code: 'site.duplicate_key', on: 'id: demo2' },
  { was: '    fps: 8\n', wrote: '    fps: 8\n    fps: 9\n', code: 'site.duplicate_key', on: 'fps: 9' },
  { was: 'timeZone: Asia/Shanghai', wrote: 'timeZone:Asia/Shanghai', code: 'site.syntax' },
  { was: 'always: [{', wrote: 'always: &hours [{', code: 'site.alias' },
  { was: 'armed: [always]', wrote: 'armed: *always', code: 'site.alias' },
  { was: 'version: 1\n', wrote: 'version: !int 1\n', code: 'site.tag' },
  { was: 'purpose: "demo: made-up purpose', wrote: 'purpose: demo: made-up purpose', code: 'site.syntax' },
  // Names of settings.
  { was: 'timeZone:', wrote: 'timezone:', code: 'site.unknown_key', says: { meant: 'timeZone' } },
  {
    was: 'criticality: 0.7',
    wrote: 'criticallity: 0.7',
    code: 'site.unknown_key',
    says: { meant: 'criticality' },
  },
  {
    was: 'profile: generic-smoke',
    wrote: 'profil: generic-smoke',
    code: 'site.unknown_key',
    says: { meant: 'profile' },
  },
  { was: 'loop: true', wrote: 'lop: true', code: 'site.unknown_key', says: { meant: 'loop' } },
  { was: 'baseCel: 23', wrote: 'baseCell: 23', code: 'site.unknown_key', says: { meant: 'baseCel' } },
  { was: 'heightM: 40', wrote: 'height: 40', code: 'site.unknown_key', says: { known: /heightM/ } },
  {
    was: 'countUses: false',
    wrote: 'count_uses: false',
    code: 'site.unknown_key',
    says: { meant: 'countUses' },
  },
  {
    was: 'notPrivate: true',
    wrote: 'notprivate: true',
    code: 'site.unknown_key',
    says: { meant: 'notPrivate' },
  },
  {
    was: 'analysisWidth: 640',
    wrote: 'analysisWith: 640',
    code: 'site.unknown_key',
    says: { meant: 'analysisWidth' },
  },
  { was: 'driver: file,', wrote: 'driver: file, transport: tcp,', code: 'site.unknown_key' },
  // What is missing.
  { was: 'version: 1\n', wrote: '', code: 'site.missing', on: 'id: demo' },
  {
    was: 'timeZone: Asia/Shanghai\n',
    wrote: '',
    code: 'site.missing',
    on: 'version: 1',
    says: { expected: 'text' },
  },
  {
    was: 'name: { zh-CN: 大门, en: Gate }',
    wrote: 'name: { zh-CN: 大门 }',
    code: 'site.missing',
    says: { expected: 'text' },
  },
  { was: '    mount: { at: [47, 27] }\n', wrote: '', code: 'site.missing', on: 'id: server-smoke' },
  { was: '    profile: generic-smoke\n', wrote: '', code: 'site.missing', on: 'id: server-smoke' },
  { was: 'driver: file, ', wrote: '', code: 'site.missing', says: { known: /file/ } },
  {
    was: door,
    wrote: '  - id: server-door\n',
    code: 'site.missing',
    on: 'id: server-door',
    says: { known: /door_contact/ },
  },
  {
    was: '    outline: [[2, 14], [14, 14], [14, 26], [2, 26]]\n',
    wrote: '',
    code: 'site.missing',
    on: '- id: gate',
  },
  { was: '      approvedBy: "demo: made-up approver"\n', wrote: '', code: 'site.missing', on: 'assessment:' },
  // Kinds of values.
  { was: '- id: office', wrote: '- id: 12', code: 'site.quotes_needed', mended: '- id: "12"' },
  { was: 'en: Lobby }', wrote: 'en: 12 }', code: 'site.quotes_needed', mended: 'en: "12" }' },
  { was: 'en: Office }', wrote: 'en: }', code: 'site.quotes_needed', mended: 'en: "~" }' },
  {
    was: 'public: false\n    outline: [[30, 6]',
    wrote: 'public: no\n    outline: [[30, 6]',
    code: 'site.wrong_type',
    says: { expected: 'true_or_false' },
  },
  { was: 'widthM: 60', wrote: 'widthM: "60"', code: 'site.wrong_type', says: { expected: 'number' } },
  { was: 'widthM: 60', wrote: 'widthM: 60 m', code: 'site.wrong_type', says: { expected: 'number' } },
  { was: 'fps: 8', wrote: 'fps: 8/s', code: 'site.wrong_type', says: { expected: 'number' } },
  {
    was: 'gateways:\n  - id: gw-1',
    wrote: 'gateways:\n  id: gw-1',
    code: 'site.wrong_type',
    on: 'gateways:',
    says: { expected: 'list' },
  },
  { was: 'armed: [always]', wrote: 'armed: always', code: 'site.wrong_type', says: { expected: 'list' } },
  {
    was: 'mount: { at: [44, 20] }',
    wrote: 'mount: [44, 20]',
    code: 'site.wrong_type',
    says: { expected: 'settings' },
  },
  {
    was: 'repeatMs: 600000',
    wrote: 'repeatMs: 600.5',
    code: 'site.wrong_type',
    says: { expected: 'whole_number' },
  },
  // Limits and forms.
  { was: 'criticality: 0.9', wrote: 'criticality: 9', code: 'site.out_of_range', says: { most: 1 } },
  { was: 'latitude: 31.2304', wrote: 'latitude: 121.4737', code: 'site.out_of_range', says: { most: 85 } },
  { was: 'at: [12.5, 23]', wrote: 'at: [61, 23]', code: 'site.out_of_range', says: { most: 60 } },
  {
    was: '[30, 6], [54, 6], [54, 20]',
    wrote: '[30, 6], [54, 46], [54, 20]',
    code: 'site.out_of_range',
    says: { most: 40 },
  },
  { was: 'at: [12.5, 23]', wrote: 'at: [-12.5, 23]', code: 'site.out_of_range', says: { least: 0 } },
  { was: 'fps: 8', wrote: 'fps: 800', code: 'site.out_of_range', says: { most: 60 } },
  {
    was: '[[30, 6], [54, 6], [54, 20], [30, 20]]',
    wrote: '[[30, 6], [54, 6]]',
    code: 'site.out_of_range',
    says: { least: 3 },
  },
  { was: 'from: "00:00"', wrote: 'from: "24:00"', code: 'site.format' },
  { was: 'to: "24:00"', wrote: 'to: "6:00"', code: 'site.format', says: { found: '6:00' } },
  {
    was: 'timeZone: Asia/Shanghai',
    wrote: 'timeZone: CST-8',
    code: 'site.format',
    says: { expected: 'Asia/Shanghai' },
  },
  {
    was: 'id: server-room',
    wrote: 'id: server room',
    code: 'site.format',
    on: 'id: server room',
    mended: 'id: server-room',
  },
  {
    was: 'approvedAt: 2026-01-01T00:00:00.000Z',
    wrote: 'approvedAt: 2026-01-01',
    code: 'site.format',
    says: { expected: /^\d{4}-\d\d-\d\dT/ },
  },
  // Choices.
  { was: 'kind: smoke', wrote: 'kind: smoke_detector', code: 'site.not_listed', says: { known: /smoke/ } },
  {
    was: 'kind: temperature',
    wrote: 'kind: temprature',
    code: 'site.not_listed',
    says: { meant: 'temperature' },
  },
  {
    was: 'driver: file,',
    wrote: 'driver: rtps,',
    code: 'site.not_listed',
    says: { meant: 'rtsp' },
    mended: 'driver: file,',
  },
  // What belongs together.
  {
    was: '    zone: lobby\n',
    wrote: '    zone: loby\n',
    code: 'site.unknown_reference',
    says: { meant: 'lobby' },
  },
  {
    was: 'gateway: gw-1\n    zone: lobby',
    wrote: 'gateway: gw1\n    zone: lobby',
    code: 'site.unknown_reference',
    says: { meant: 'gw-1' },
  },
  {
    was: '  - id: office',
    wrote: '  - id: gate',
    code: 'site.used_twice',
    on: '  - id: gate\n    name: { zh-CN: 办公区',
  },
  {
    was: 'profile: generic-temperature',
    wrote: 'profile: generic-temprature',
    code: 'site.unknown_profile',
    says: { meant: 'generic-temperature' },
  },
  {
    was: 'profile: generic-smoke',
    wrote: 'profile: generic-camera',
    code: 'site.wrong_profile',
    says: { expected: 'smoke', known: /generic-smoke/ },
  },
];

/** The line, from 1, that a mistake must name. */
export function lineOfPlanted(original: string, text: string, { on }: PlantedMistake): number {
  if (on === undefined) {
    const before = original.split('\n');
    return text.split('\n').findIndex((line, index) => line !== before[index]) + 1;
  }
  return text.slice(0, text.indexOf(on)).split('\n').length;
}
