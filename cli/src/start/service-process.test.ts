import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServiceProcess, type ServiceStatus } from './service-process.ts';

const logger = pino({ level: 'silent' });
let folder: string;
let service: ServiceProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-service-'));
});
afterEach(async () => {
  await service?.stop(100);
  rmSync(folder, { recursive: true, force: true });
});

/** A service whose program is `body`. */
function serviceOf(
  body: string,
  onChange?: (status: ServiceStatus) => void,
  readyMs?: number,
): ServiceProcess {
  const entry = join(folder, 'service.mjs');
  writeFileSync(entry, body);
  service = new ServiceProcess({
    name: 'test',
    entry,
    args: [folder],
    logger,
    ...(onChange ? { onChange } : {}),
    ...(readyMs === undefined ? {} : { readyMs }),
  });
  return service;
}

const runs = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !what(); tries++) await sleep(20);
  expect(what()).toBe(true);
}

const ready =
  "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); process.send({ ready: true, port: 7 });";

it('is ready when the process says so, and gone after stop', async () => {
  const statuses: ServiceStatus[] = [];
  expect(await serviceOf(ready, (status) => statuses.push(status)).start()).toEqual({ ready: true, port: 7 });
  const { pid } = service!;
  expect(runs(pid)).toBe(true);
  await service!.stop(2000);
  expect(runs(pid)).toBe(false);
  expect(statuses).toEqual(['ok', 'down']);
});

it('starts a killed process again', async () => {
  await serviceOf(ready).start();
  const first = service!.pid!;
  process.kill(first, 'SIGKILL');
  await until(() => service!.pid !== first && service!.status === 'ok');
});

it('is another process after a restart, also where the first one does not end by itself', async () => {
  const stubborn = ready.replace('process.exit(0)', 'undefined');
  for (const body of [ready, stubborn]) {
    await serviceOf(body).start();
    const first = service!.pid!;
    await service!.restart(300);
    expect(runs(first)).toBe(false);
    expect([service!.pid !== first, service!.status]).toEqual([true, 'ok']);
    await service!.stop(100);
  }
});

it('a restart of one that is stopped meanwhile is over', async () => {
  await serviceOf(ready).start();
  const restarted = service!.restart(2000);
  await service!.stop(100);
  await restarted;
  await until(() => !runs(service!.pid));
});

it('passes on why the first start failed, and does not try again', async () => {
  const failing = `import { appendFileSync } from 'node:fs';
    appendFileSync(process.argv[2] + '/starts', 'x');
    process.send({ ready: false, code: 'config.port_taken', path: '/port', details: { port: 1 } }, () => process.exit(1));`;
  await expect(serviceOf(failing).start()).rejects.toMatchObject({
    code: 'config.port_taken',
    path: '/port',
    details: { service: 'test', port: 1 },
  });
  await sleep(600);
  expect(readFileSync(join(folder, 'starts'), 'utf8')).toBe('x');
});

it.each([
  'process.exit(3)',
  "throw new Error('broken')",
  "process.send({ ready: false, code: 'no.such_code' }, () => process.exit(1))",
])('a start that ends in %s is a failure of the service', async (body) => {
  await expect(serviceOf(body).start()).rejects.toMatchObject({
    code: 'start.step_failed',
    details: { service: 'test' },
  });
});

it('kills a process that does not stop when asked', async () => {
  await serviceOf(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ ready: true });",
  ).start();
  const { pid } = service!;
  await service!.stop(200);
  expect(runs(pid)).toBe(false);
});

it('a process that never says that it is ready is ended and is a failure with its own code', async () => {
  const starting = serviceOf('setInterval(() => {}, 1000)', undefined, 300).start();
  await expect(starting).rejects.toMatchObject({ code: 'service.not_ready', details: { service: 'test' } });
  await until(() => !runs(service!.pid));
});

it('after a crash too: one that is not ready again is ended and started once more', async () => {
  const once = `import { appendFileSync, readFileSync } from 'node:fs';
    const file = process.argv[2] + '/starts';
    appendFileSync(file, 'x');
    setInterval(() => {}, 1000);
    if (readFileSync(file, 'utf8') !== 'xx') process.send({ ready: true });`;
  await serviceOf(once, undefined, 1_000).start();
  process.kill(service!.pid!, 'SIGKILL');
  await until(() => readFileSync(join(folder, 'starts'), 'utf8').length >= 3 && service!.status === 'ok');
});

it('passes on how a service says that it is, and nothing that is no health', async () => {
  const said: unknown[] = [];
  const entry = join(folder, 'service.mjs');
  const ill = "{ status: 'degraded', error: 'identity.rekey_due' }";
  writeFileSync(entry, `${ready} process.send({ health: 'fine' }); process.send({ health: ${ill} });`);
  service = new ServiceProcess({
    ...{ name: 'test', entry, args: [folder], logger },
    onHealth: (health) => said.push(health),
  });
  await service.start();
  await until(() => said.length > 0);
  expect(said).toEqual([{ status: 'degraded', error: 'identity.rekey_due' }]);
});
