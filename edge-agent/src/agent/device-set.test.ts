import { expect, it } from 'vitest';
import { edgeAgentConfigSchema } from '../config.ts';
import { DeviceSet } from './device-set.ts';

const { devicesOff } = edgeAgentConfigSchema.shape;

it('a device that is switched off is reported as lost, with the reason', () => {
  const devices = new DeviceSet(devicesOff.parse({ shown: ['smoke-1'] }));
  expect(devices.health).toMatchObject([{ device: 'smoke-1', status: 'lost', error: 'edge.device_off' }]);
  expect(devices.hasOthersOff).toBe(false);
});

it('says that there are others of which too little is known', () => {
  expect(new DeviceSet(devicesOff.parse({ others: 2 })).hasOthersOff).toBe(true);
});
