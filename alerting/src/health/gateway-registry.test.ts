import { type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { testSite } from '../testing/test-site.ts';
import { GatewayRegistry } from './gateway-registry.ts';

const connectedAt = '2026-11-01T08:00:00.000Z';
const state = (status: GatewayState['status'], time = connectedAt): GatewayState =>
  gatewayStateSchema.parse({
    status,
    time,
    version: '1',
    clockOffsetMs: null,
    epoch: null,
    outboxDepth: 0,
    devices: [],
  });

test('a gateway that is lost is offline since then, not since it connected and left its will', () => {
  const registry = new GatewayRegistry(testSite);
  registry.takeState('edge1', state('online'), Date.parse('2026-11-01T08:00:00.100Z'));
  const lost = registry.takeState('edge1', state('offline'), Date.parse('2026-11-01T13:00:00.000Z'));
  expect(lost).toMatchObject({ status: 'offline', since: '2026-11-01T13:00:00.000Z' });
});

test('the first word is a retained one: only the gateway knows since when; the like said again changes nothing', () => {
  const registry = new GatewayRegistry(testSite);
  const first = registry.takeState('edge1', state('online'), Date.parse('2026-11-01T09:00:00.000Z'));
  expect(first?.since).toBe(connectedAt);
  const again = state('online', '2026-11-01T09:30:00.000Z');
  expect(registry.takeState('edge1', again, Date.parse('2026-11-01T09:30:00.000Z'))?.since).toBe(connectedAt);
});

test('a gateway that the site does not list is not shown', () => {
  const registry = new GatewayRegistry(testSite);
  expect(registry.takeState('nobody', state('online'), 0)).toBeUndefined();
  expect(registry.all().map(({ gateway }) => gateway)).toEqual(['edge1', 'edge2']);
});

test('the mark of a double lasts ten minutes, however the clock is set meanwhile', () => {
  let monotonicMs = 0;
  const registry = new GatewayRegistry(testSite, () => monotonicMs);
  for (const epoch of ['a', 'b', 'a']) registry.takeEpoch('edge1', epoch);
  const error = () => registry.takeState('edge1', state('online'), Date.now() + 3_600_000)?.error;
  monotonicMs += 9 * 60_000;
  expect(error()).toBe('wire.duplicate_identity');
  monotonicMs += 60_000;
  expect(error()).toBeUndefined();
});

test('which version of its site part a gateway is told of, and which is in force there', () => {
  const registry = new GatewayRegistry(testSite);
  expect(registry.takeState('edge1', state('online'), 0)?.sitePart).toBeUndefined();
  expect(registry.takeAnnounced('edge1', 8)?.sitePart).toEqual({ version: null, announced: 8 });
  const behind = { ...state('online'), sitePart: { version: 7, error: 'edge.part_unreachable' } };
  expect(registry.takeState('edge1', behind, 0)?.sitePart).toEqual({
    ...{ version: 7, announced: 8, error: 'edge.part_unreachable' },
  });
  expect(registry.takeAnnounced('edge1', undefined)?.sitePart).toEqual({
    ...{ version: 7, error: 'edge.part_unreachable' },
  });
  expect(registry.takeAnnounced('nobody', 1)).toBeUndefined();
});
