/** Every way to reach a device, by the name that `connect.driver` gives it. */
export const driverNames = [
  'rtsp',
  'http',
  'file',
  'serial',
  'tcp',
  'tcp-listen',
  'mqtt-json',
  'zigbee2mqtt',
  'webhook',
  'modbus-tcp',
  'simulator',
] as const;
export type DriverName = (typeof driverNames)[number];
