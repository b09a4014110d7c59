import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WatchpostError } from '../../errors/index.ts';
import { isStreamAddress, withCredentials } from './camera-address.ts';
import { parseCameraAddress } from './parse-camera-address.ts';

const refusal = (text: string) => {
  try {
    return parseCameraAddress(text);
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    expect(error.code).toBe('config.camera_address');
    // Whatever is wrong with it, it may hold a password.
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('s3cret');
    return (error.details as { reason: string }).reason;
  }
};

describe('addresses of cameras', () => {
  test.each([
    ['rtsp://camera/live', { url: 'rtsp://camera/live', host: 'camera', port: 554 }],
    ['RTSP://camera/Live', { url: 'rtsp://camera/Live', host: 'camera', port: 554 }],
    ['  rtsp://camera:8554/live \t', { url: 'rtsp://camera:8554/live', port: 8554 }],
    ['rtsp://camera:80/x?channel=1&subtype=0', { url: 'rtsp://camera:80/x?channel=1&subtype=0', port: 80 }],
    ['rtsp://[fe80::1]:554/1', { url: 'rtsp://[fe80::1]:554/1', host: 'fe80::1', port: 554 }],
    ['rtsps://camera/1', { kind: 'rtsp', port: 322 }],
    ['http://camera/video.mjpg', { kind: 'http', port: 80 }],
    ['HTTPS://camera/snap.jpg', { kind: 'http', url: 'https://camera/snap.jpg', port: 443 }],
    ['rtsp://camera/摄像机', { url: 'rtsp://camera/%E6%91%84%E5%83%8F%E6%9C%BA' }],
    ['rtsp://u:s3cret@camera/1', { url: 'rtsp://camera/1', user: 'u', password: 's3cret' }],
    ['rtsp://u:100%25ok@camera/1', { url: 'rtsp://camera/1', password: '100%ok' }],
    ['rtsp://u:a%40b%23c@camera/1', { url: 'rtsp://camera/1', password: 'a@b#c' }],
    ['clips/gate 1#2.mp4', { kind: 'file', path: 'clips/gate 1#2.mp4' }],
    ['C:\\clips\\gate.mp4', { kind: 'file' }],
  ])('%s', (text, expected) => {
    expect(refusal(text)).toMatchObject(expected);
    expect(isStreamAddress(text)).toBe(!('kind' in expected) || expected.kind !== 'file');
  });

  test.each([
    ['rtsp://u:s3cret#1@camera/1', 'number_sign'],
    ['rtsp://camera/live#1', 'number_sign'],
    ['rtsp://u:s3cret%@camera/1', 'percent'],
    ['rtsp://u:s3cret@1@camera/1', 'at_sign'],
    ['rtsp://u:s3cret/1@camera/1', 'not_an_address'],
    ['rtsp://cam era/1', 'blank'],
    ['rtsp://camera:99999/1', 'not_an_address'],
    ['rtsp:///1', 'host'],
    ['rstp://camera/1', 'scheme'],
    ['ftp://camera/1', 'scheme'],
    ['   ', 'empty'],
  ])('%s is refused', (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  test('any user and password come back out of the address that they were put into', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/\p{Surrogate}/u.test(text)),
        fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Surrogate}/u.test(text)),
        (user, password) => {
          const parsed = parseCameraAddress(withCredentials('rtsp://camera:1554/a', user, password));
          expect(parsed).toMatchObject({ url: 'rtsp://camera:1554/a', user });
          expect('password' in parsed ? parsed.password : '').toBe(password);
        },
      ),
    );
  });
});
