import type { DriverName, PlacedDevice } from '@watchpost/contracts/site';
import type { Path } from './file-value.ts';

export type DeviceKind = PlacedDevice['kind'];

/** A setting of how a device is reached, below `connect`. */
export interface ConnectField {
  readonly at: Path;
  /** The name of its text: `site.connect.{text}`. */
  readonly text: string;
  readonly kind: 'text' | 'number' | 'choice' | 'check' | 'secret';
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
}

const broker: readonly ConnectField[] = [
  { at: ['url'], text: 'broker', kind: 'text', required: true, placeholder: 'mqtt://192.168.1.10:1883' },
  { at: ['user'], text: 'user', kind: 'text' },
  { at: ['password'], text: 'password', kind: 'secret' },
];
const logIn: readonly ConnectField[] = [
  { at: ['user'], text: 'user', kind: 'text' },
  { at: ['password'], text: 'password', kind: 'secret' },
];
const camera: readonly ConnectField[] = [
  {
    ...{ at: ['url'], text: 'camera', kind: 'text', required: true },
    placeholder: 'rtsp://192.168.1.20:554/stream1',
  },
  ...logIn,
];
const place: readonly ConnectField[] = [
  { at: ['host'], text: 'host', kind: 'text', required: true, placeholder: '192.168.1.30' },
  { at: ['port'], text: 'port', kind: 'number' },
];

/** The settings that the form shows; what else stands in the file stays as it is. */
export const connectFields: Readonly<Record<DriverName, readonly ConnectField[]>> = {
  rtsp: camera,
  http: camera,
  file: [{ ...{ at: ['url'], text: 'camera', kind: 'text', required: true }, placeholder: 'clip.mp4' }],
  serial: [
    {
      ...{ at: ['path'], text: 'serial', kind: 'text', required: true },
      placeholder: '/dev/serial/by-id/…',
    },
    { at: ['baud'], text: 'baud', kind: 'number', placeholder: '9600' },
  ],
  tcp: place,
  'tcp-listen': [
    { at: ['port'], text: 'port', kind: 'number', required: true },
    { at: ['address'], text: 'address', kind: 'text', placeholder: '127.0.0.1' },
    { at: ['from', 0], text: 'from', kind: 'text', required: true, placeholder: '192.168.1.31' },
  ],
  'mqtt-json': [
    ...broker,
    { at: ['topic'], text: 'topic', kind: 'text', required: true, placeholder: 'building/floor-1/door' },
    { at: ['value', 'pointer'], text: 'pointer', kind: 'text', placeholder: '/contact' },
    { at: ['value', 'invert'], text: 'invert', kind: 'check' },
  ],
  zigbee2mqtt: [
    ...broker,
    { at: ['base'], text: 'base', kind: 'text', placeholder: 'zigbee2mqtt' },
    { at: ['name'], text: 'zigbee', kind: 'text', required: true },
  ],
  webhook: [
    { at: ['key'], text: 'key', kind: 'secret', required: true },
    { at: ['value', 'pointer'], text: 'pointer', kind: 'text', placeholder: '/alarm' },
    { at: ['value', 'invert'], text: 'invert', kind: 'check' },
  ],
  'modbus-tcp': [
    ...place,
    { at: ['unit'], text: 'unit', kind: 'number', placeholder: '1' },
    {
      ...{ at: ['function'], text: 'table', kind: 'choice', required: true },
      choices: ['coil', 'discrete', 'holding', 'input'],
    },
    { at: ['address'], text: 'register', kind: 'number', required: true },
    {
      ...{ at: ['type'], text: 'type', kind: 'choice' },
      choices: ['bit', 'u16', 's16', 'u32', 's32', 'f32'],
    },
    { at: ['value', 'scale'], text: 'scale', kind: 'number', placeholder: '1' },
  ],
  simulator: [],
};

const sensors: readonly DriverName[] = ['mqtt-json', 'zigbee2mqtt', 'webhook', 'modbus-tcp', 'simulator'];

/** How a device of each kind may be reached, the usual way first. */
export const driversOf: Readonly<Record<DeviceKind, readonly DriverName[]>> = {
  camera: ['rtsp', 'http', 'file'],
  code_reader: ['serial', 'tcp', 'tcp-listen', 'simulator'],
  door_contact: sensors,
  smoke: sensors,
  temperature: sensors,
};

export const kinds = Object.keys(driversOf) as readonly DeviceKind[];
export const isKind = (value: unknown): value is DeviceKind => kinds.some((kind) => kind === value);
export const genericProfile = (kind: DeviceKind): string => `generic-${kind.replaceAll('_', '-')}`;
/** How ids of a kind begin. */
export const stemOf = (kind: DeviceKind): string => kind.replaceAll('_', '-');

/** The driver that the scheme of a camera’s address names. */
export function cameraDriver(url: string): 'rtsp' | 'http' | 'file' {
  const scheme = /^\s*([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase().replace(/s$/, '');
  return scheme === 'rtsp' || scheme === 'http' ? scheme : 'file';
}
