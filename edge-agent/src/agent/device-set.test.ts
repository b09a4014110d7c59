import { expect, it } from 'vitest';
import { DeviceSet } from './device-set.ts';

it('a device that is switched off is reported as lost, with the reason', () => {
  const devices = new DeviceSet();
  devices.switchOff(new Map([['smoke-1', 'edge.device_off']]), 0);
  expect(devices.health).toMatchObject([{ device: 'smoke-1', status: 'lost', error: 'edge.device_off' }]);
  expect(devices.hasOthersOff).toBe(false);
});

it('says that there are others of which too little is known', () => {
  const devices = new DeviceSet();
  devices.switchOff(new Map(), 2);
  expect(devices.hasOthersOff).toBe(true);
});
