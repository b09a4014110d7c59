import { describe, expect, it } from 'vitest';
import { parseEdgeAgentConfig } from './config.ts';
import { toPresentForm } from './older-device-form.ts';

const place = { id: 'd1', zone: 'gate' };
const camera = { ...place, kind: 'camera', profile: 'generic-camera', faces: false };
const reader = { ...place, kind: 'code_reader', profile: 'generic-code-reader' };
const configOf = (...devices: readonly unknown[]) => ({
  site: 's1',
  gateway: 'g1',
  dataFolder: 'data',
  broker: { url: 'mqtt://127.0.0.1:1' },
  devices,
});
const parse = (device: unknown) => parseEdgeAgentConfig(configOf(device), Date.now());

describe('a device in its older form', () => {
  it.each([
    [
      'a camera with a password',
      {
        ...camera,
        url: 'rtsp://192.0.2.1/s',
        user: 'admin',
        passwordFile: '/p',
        transport: 'udp',
        loop: true,
      },
      {
        driver: 'rtsp',
        ...{
          url: 'rtsp://192.0.2.1/s',
          user: 'admin',
          password: { secret: 'password-file-0' },
          transport: 'udp',
        },
      },
    ],
    [
      'a camera with pictures by HTTP',
      { ...camera, url: ' HTTPS://192.0.2.1/s', transport: 'tcp' },
      { driver: 'http', url: ' HTTPS://192.0.2.1/s' },
    ],
    [
      'a video file',
      { ...camera, url: 'clip.mp4', loop: true, user: 'nobody' },
      { driver: 'file', url: 'clip.mp4', loop: true },
    ],
    [
      'a video file by its address',
      { ...camera, url: 'file:///c.mp4' },
      { driver: 'file', url: 'file:///c.mp4' },
    ],
    [
      'a serial reader',
      { ...reader, driver: 'serial', serial: { path: '/dev/x', baud: 1200 } },
      { driver: 'serial', path: '/dev/x', baud: 1200 },
    ],
    [
      'a reader that is called',
      { ...reader, driver: 'tcp', tcp: { host: 'a', port: 1 } },
      { driver: 'tcp', host: 'a', port: 1 },
    ],
    [
      'a reader that calls',
      { ...reader, driver: 'tcp', tcp: { listen: 9004, address: '0.0.0.0', from: ['192.0.2.7'] } },
      { driver: 'tcp-listen', port: 9004, address: '0.0.0.0', from: ['192.0.2.7'] },
    ],
    ['a simulated device', { ...reader, driver: 'simulator' }, { driver: 'simulator' }],
    [
      'a simulated device with a plan',
      { ...reader, driver: 'simulator', simulator: { texts: ['a'] } },
      { driver: 'simulator', texts: ['a'] },
    ],
  ])('%s is taken as the present one', (_what, older, connect) => {
    const [device] = parse(older).devices;
    expect(device?.connect).toMatchObject(connect);
    expect(toPresentForm(configOf(older)).config).toMatchObject({ devices: [{ ...place, connect }] });
  });

  it('keeps its password file where it is', () => {
    const config = parse({ ...camera, url: 'rtsp://192.0.2.1', user: 'admin', passwordFile: '/etc/p.txt' });
    expect(config.secretFiles).toEqual({ 'password-file-0': '/etc/p.txt' });
  });

  it.each([
    ['/devices/0/url', { ...camera, url: '' }],
    ['/devices/0/passwordFile', { ...camera, url: 'rtsp://a', user: 'u', passwordFile: 7 }],
    ['/devices/0/user', { ...camera, url: 'rtsp://a', passwordFile: '/p' }],
    ['/devices/0/transport', { ...camera, url: 'rtsp://a', transport: 'pigeon' }],
    ['/devices/0/loop', { ...camera, url: 'a.mp4', loop: 'yes' }],
    ['/devices/0/fps', { ...camera, url: 'a.mp4', fps: 0 }],
    ['/devices/0/driver', { ...reader, driver: 'psychic' }],
    ['/devices/0/driver', { ...reader, driver: 'constructor' }],
    ['/devices/0/serial/path', { ...reader, driver: 'serial' }],
    ['/devices/0/serial', { ...reader, driver: 'serial', serial: 'x' }],
    ['/devices/0/serial/baud', { ...reader, driver: 'serial', serial: { path: 'x', baud: 1 } }],
    ['/devices/0/tcp/listen', { ...reader, driver: 'tcp', tcp: { listen: 0, from: ['::1'] } }],
    ['/devices/0/tcp/listen', { ...reader, driver: 'tcp', tcp: { host: 'a', port: 1, listen: 2 } }],
    [
      '/devices/0/simulator/schedule/0/atMs',
      {
        ...{ ...reader, driver: 'simulator' },
        simulator: { repeatMs: 100, schedule: [{ atMs: 200, action: 'scan' }] },
      },
    ],
    ['/devices/0/serial', { ...reader, driver: 'tcp', tcp: { host: 'a', port: 1 }, serial: { path: 'x' } }],
    ['/devices/0/connect', reader],
    ['/devices/0/connect', camera],
  ])('is refused at %s, as it was written', (path, older) => {
    expect(() => parse(older)).toThrow(expect.objectContaining({ code: 'config.invalid', path }));
  });

  it.each([
    ['/devices/0/url', { ...camera, url: 'ftp://192.0.2.1/clip' }],
    ['/devices/0/connect/url', { ...camera, connect: { driver: 'rtsp', url: 'http://192.0.2.1/s' } }],
    ['/devices/0/connect/url', { ...camera, connect: { driver: 'file', url: 'rtsp://192.0.2.1/s' } }],
  ])('an address that cannot be used is refused at %s', (path, device) => {
    expect(() => parse(device)).toThrow(expect.objectContaining({ code: 'config.camera_address', path }));
  });
});

it.each([[null], [7], [{}], [{ devices: 7 }], [configOf(null, 7, [], { ...reader, connect: {} })]])(
  'what is in no form passes through: %j',
  (config) => expect(toPresentForm(config).config).toEqual(config),
);
