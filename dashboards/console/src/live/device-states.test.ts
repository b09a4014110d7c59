import type { GatewayStatus } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { describe, expect, it } from 'vitest';
import { gatewayViews, mergeGateway } from './device-states.ts';

const site = {
  gateways: ['gw-1', 'gw-2'],
  devices: [
    { id: 'cam', gateway: 'gw-1', kind: 'camera', zone: 'gate', name: { en: 'Camera', 'zh-CN': '摄像机' } },
    { id: 'door', gateway: 'gw-1', kind: 'door_contact', zone: 'gate', name: { en: 'Door', 'zh-CN': '门' } },
  ],
} as unknown as Site;

const status = (parts: object) =>
  ({
    gateway: 'gw-1',
    status: 'online',
    since: null,
    version: '1',
    clockOffsetMs: 0,
    outboxDepth: 0,
    devices: [
      { device: 'cam', status: 'ok', readings: 5, unreadable: 0, heldBack: 7 },
      { device: 'spare', status: 'lost', error: 'edge.source_lost', readings: 0, unreadable: 0 },
    ],
    ...parts,
  }) as unknown as GatewayStatus;

describe('gateway views', () => {
  it('join the listed with the reported, trouble first', () => {
    const [first, second] = gatewayViews(site, [status({})]);
    expect(first?.devices.map((device) => [device.id, device.status])).toEqual([
      ['spare', 'lost'],
      ['door', 'unknown'],
      ['cam', 'ok'],
    ]);
    expect(first?.devices.map(({ heldBack }) => heldBack)).toEqual([0, 0, 7]);
    expect(second?.status).toBe('unknown');
  });

  it('carry the key that a refused camera shows, while its gateway is heard', () => {
    const pin = `sha256/${'A'.repeat(43)}=`;
    const cam = {
      device: 'cam',
      status: 'lost',
      error: 'edge.camera_certificate_unknown',
      shownCertificate: pin,
    };
    const pins = (parts: object) =>
      gatewayViews(site, [
        status({ devices: [{ ...cam, readings: 0, unreadable: 0 }], ...parts }),
      ])[0]?.devices.map(({ shownCertificate }) => shownCertificate);
    expect(pins({})).toEqual([pin, undefined]);
    expect(pins({ status: 'offline' })).toEqual([undefined, undefined]);
  });

  it('believe nothing of a gateway that is offline', () => {
    const [first] = gatewayViews(site, [status({ status: 'offline' })]);
    expect(first?.devices.every((device) => device.status === 'unknown' && device.heldBack === 0)).toBe(true);
  });

  it('replace one gateway and keep the others', () => {
    const merged = mergeGateway([status({}), status({ gateway: 'gw-2' })], status({ status: 'offline' }));
    expect(merged.map((gateway) => [gateway.gateway, gateway.status])).toEqual([
      ['gw-2', 'online'],
      ['gw-1', 'offline'],
    ]);
  });
});
