import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { deviceSchemas, type ModbusTcpConnect, modbusTcpConnectSchema } from '@watchpost/contracts/site';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { ModbusSimulator } from '../../testing/modbus-simulator.ts';
import { type RunningSensor, runningSensor } from '../../testing/running-sensor.ts';
import { testConnections } from '../../testing/test-connections.ts';
import { modbusQuestion, modbusValue } from './modbus-value.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const parsed = (input: object): ModbusTcpConnect =>
  modbusTcpConnectSchema.parse({
    driver: 'modbus-tcp',
    host: 'h',
    function: 'holding',
    address: 9,
    ...input,
  });
const read = (input: object, ...bytes: number[]) =>
  modbusValue(parsed(input), { bits: [], bytes: Buffer.from(bytes) });

describe('a value', () => {
  it.each([
    [{}, [0xff, 0xfe], 65_534],
    [{ type: 's16' }, [0xff, 0xfe], -2],
    [{ type: 'u32' }, [0, 1, 0, 2], 65_538],
    [{ type: 'u32', wordOrder: 'little' }, [0, 2, 0, 1], 65_538],
    [{ type: 's32' }, [0xff, 0xff, 0xff, 0xfe], -2],
    [{ type: 'f32' }, [0x41, 0xbc, 0, 0], 23.5],
    [{ type: 'f32', wordOrder: 'little' }, [0, 0, 0x41, 0xbc], 23.5],
    [{ type: 'bit', bit: 8 }, [1, 0], true],
    [{ type: 'bit', bit: 0 }, [1, 0], false],
    [{}, [1], null],
    [{ type: 'f32' }, [1, 2], null],
  ])('of %j in %j is %j', (input, bytes, value) => expect(read(input, ...bytes)).toBe(value));

  it('is what was written, in either order of words', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('big', 'little'), (value, wordOrder) => {
        const bytes = Buffer.alloc(4);
        bytes.writeInt32BE(value);
        const registers =
          wordOrder === 'big' ? bytes : Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]);
        expect(read({ type: 's32', wordOrder }, ...registers)).toBe(value);
      }),
    );
  });

  it('is asked for by its function', () => {
    expect(modbusQuestion(parsed({ unit: 4 }))).toEqual({ code: 3, unit: 4, address: 9, count: 1 });
    expect(modbusQuestion(parsed({ function: 'input', type: 'f32' }))).toMatchObject({ code: 4, count: 2 });
    expect(modbusQuestion(parsed({ function: 'coil' }))).toMatchObject({ code: 1, count: 1 });
  });

  it.each([
    { function: 'coil', type: 'u16' },
    { type: 'bit' },
    { bit: 3 },
    { address: 65_536 },
    { everyMs: 10 },
    { value: { pointer: '/a' } },
  ])('%j is refused', (input) => {
    const connect = { driver: 'modbus-tcp', host: 'h', function: 'holding', address: 1, ...input };
    const device = { id: 'd', kind: 'smoke', profile: 'p', zone: 'z', connect };
    expect(deviceSchemas.smoke.safeParse(device).success).toBe(false);
  });
});

describe('devices behind a server', () => {
  let simulator: ModbusSimulator;
  let sensors: RunningSensor[];
  beforeEach(async () => {
    sensors = [];
    simulator = new ModbusSimulator();
    await simulator.start();
  });
  afterEach(async () => {
    for (const sensor of sensors) await sensor.stop();
    await simulator.stop();
  });
  const shared = testConnections();
  function start(unit: number, more: object = {}): RunningSensor {
    const sensor = runningSensor(
      {
        ...{ id: `unit-${unit}`, kind: 'temperature', profile: 'generic-temperature', zone: 'hall' },
        connect: {
          ...{ driver: 'modbus-tcp', host: '127.0.0.1', port: simulator.port, unit, everyMs: 100 },
          ...{ function: 'input', address: 1, type: 's16', value: { scale: 0.1 }, ...more },
        },
      },
      shared,
    );
    sensors.push(sensor);
    sensor.devices.start();
    return sensor;
  }
  const is = (sensor: RunningSensor, condition: object) =>
    until(() => expect(sensor.health.snapshot()).toMatchObject(condition));

  test('share one connection, and one that does not answer costs the others nothing', async () => {
    simulator.registers.set(1, 215);
    simulator.silentUnits.add(2);
    const [good, silent] = [start(1), start(2)];
    await is(silent, { status: 'lost', error: 'edge.modbus_silent' });
    const { readings } = good.health.snapshot();
    // While the silent one was found out, the other was read again and again.
    expect(readings).toBeGreaterThan(10);
    await is(good, { status: 'ok', unreadable: 0 });
    expect(simulator.connections).toBe(1);
    expect(good.measured.at(-1)).toMatchObject({ metric: 'temperature', value: 21.5 });
    simulator.silentUnits.clear();
    await is(silent, { status: 'ok' });
    expect(simulator.connections).toBe(1);
  });

  test.each([1, 2, 3, 4, 6])('exception %i is counted, and over when it is', async (code) => {
    simulator.exception = code;
    const sensor = start(1);
    await is(sensor, { status: 'degraded', error: 'edge.modbus_exception', readings: 0 });
    simulator.exception = null;
    await until(() => expect(sensor.health.snapshot().readings).toBeGreaterThan(2));
    expect(simulator.connections).toBe(1);
  });

  test('a connection on which nobody answers is made anew', async () => {
    const sensor = start(1);
    await is(sensor, { status: 'ok' });
    simulator.silentUnits.add(1);
    await is(sensor, { status: 'lost', error: 'edge.modbus_silent' });
    await until(() => expect(simulator.connections).toBeGreaterThan(1));
    simulator.silentUnits.clear();
    await is(sensor, { status: 'ok' });
  });
});

test('whatever a server sends instead of an answer, nothing throws, and the device is back when it answers', async () => {
  const simulator = new ModbusSimulator();
  await simulator.start();
  const { port } = simulator;
  await simulator.stop();
  const garbage: ((question: Buffer) => Buffer)[] = [
    () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    (question) => question,
    (question) => Buffer.concat([question.subarray(0, 4), Buffer.from([0, 0])]),
    (question) => Buffer.concat([question.subarray(0, 4), Buffer.from([0xff, 0xff, 1])]),
    (question) => Buffer.concat([question.subarray(0, 4), Buffer.from([0, 1, 1])]),
    (question) => Buffer.concat([question.subarray(0, 4), Buffer.from([0, 3, 9, 4, 0])]),
    (question) => Buffer.concat([question.subarray(0, 4), Buffer.from([0, 5, 1, 4, 2, 1, 0x2c, 9, 9])]),
    () => Buffer.alloc(70_000, 0xa5),
  ];
  let turn = 0;
  const sockets = new Set<Socket>();
  const liar = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (question) => {
      socket.write(garbage[turn++ % garbage.length]?.(question) ?? '');
    });
  });
  liar.listen(port, '127.0.0.1');
  await once(liar, 'listening');
  expect((liar.address() as AddressInfo).port).toBe(port);
  const connect = {
    driver: 'modbus-tcp',
    host: '127.0.0.1',
    port,
    everyMs: 100,
    function: 'input',
    address: 1,
  };
  const sensor = runningSensor(
    { id: 't', kind: 'temperature', profile: 'generic-temperature', zone: 'hall', connect },
    testConnections(),
  );
  sensor.devices.start();
  await until(() => expect(turn).toBeGreaterThan(garbage.length));
  expect(sensor.health.snapshot().unreadable).toBeGreaterThan(0);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => liar.close(resolve));
  simulator.registers.set(1, 20);
  await simulator.start();
  await until(() => expect(sensor.measured.at(-1)).toMatchObject({ value: 20 }));
  await until(() => expect(sensor.health.snapshot().status).toBe('ok'));
  await sensor.stop();
  await simulator.stop();
});
