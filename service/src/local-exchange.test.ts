import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from './listen-locally.ts';
import { type ExchangeLimits, exchangeLocally, type Parcel, serveExchanges } from './local-exchange.ts';

const limits: ExchangeLimits = {
  ...{ valueBytes: 1000, attachedBytes: 500_000, attachments: 3 },
  ...{ arrivalMs: 60_000, connections: 8 },
};
let folder: string;
let path: string;
let server: LocalServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  path = join(folder, 'x.sock');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});
const echo = async ({ value, attachments }: Parcel): Promise<Parcel> => ({
  value: { said: value },
  attachments: attachments.toReversed(),
});
const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const raw = (content: Buffer) =>
  new Promise<string>((resolve) => {
    let text = '';
    const socket = createConnection(path, () => socket.end(content));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
const header = (json: number, ...lengths: number[]) => {
  const head = Buffer.alloc(8 + 4 * lengths.length);
  for (const [i, value] of [json, lengths.length, ...lengths].entries()) head.writeUInt32LE(value, 4 * i);
  return head;
};

describe('an exchange over a local socket', () => {
  it('carries a value and bytes both ways, for its owner only', async () => {
    server = await serveExchanges(path, limits, echo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const attachments = [bytes(300_000, 1), bytes(0, 0), bytes(7, 2)];
    const answer = await exchangeLocally(path, { value: { a: '中' }, attachments }, limits);
    expect(answer?.value).toEqual({ said: { a: '中' } });
    expect(answer?.attachments.map((one) => Uint8Array.from(one))).toEqual(attachments.toReversed());
  });

  it('gives errors with their code, and only that code for a fault', async () => {
    let error: Error = new WatchpostError('config.invalid', { path: '/x', details: { expected: 'y' } });
    server = await serveExchanges(path, limits, () => Promise.reject(error));
    const ask = () => exchangeLocally(path, { value: 1, attachments: [] }, limits);
    await expect(ask()).rejects.toMatchObject({ code: 'config.invalid', path: '/x' });
    error = new Error('a secret');
    await expect(ask()).rejects.toMatchObject({ code: 'api.internal', details: {} });
  });

  it.each([
    ['a value beyond the limit', header(1001)],
    ['too many attachments', header(1, 1, 1, 1, 1)],
    ['attachments beyond the limit', header(1, 400_000, 100_001)],
    ['something that is no JSON', Buffer.concat([header(2), Buffer.from('no')])],
    ['more than it announced', Buffer.concat([header(1), Buffer.from('1 and more')])],
  ])('refuses %s and goes on', async (_, content) => {
    server = await serveExchanges(path, limits, echo);
    expect(await raw(content)).toContain('local.malformed');
    expect((await exchangeLocally(path, { value: 1, attachments: [] }, limits))?.value).toEqual({ said: 1 });
  });

  it('refuses what ends early or does not come in time', async () => {
    server = await serveExchanges(path, { ...limits, arrivalMs: 50 }, echo);
    expect(await raw(header(10))).toContain('local.no_answer');
    const silent = createConnection(path);
    const said = await new Promise<string>((resolve) => silent.once('data', (chunk) => resolve(`${chunk}`)));
    expect(said).toContain('local.no_answer');
    silent.destroy();
  });

  it('says that nobody is there, and that who was there went away without an answer', async () => {
    expect(await exchangeLocally(path, { value: 1, attachments: [] }, limits)).toBeUndefined();
    let arrived: () => void = () => undefined;
    const got = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    server = await serveExchanges(path, limits, () => {
      arrived();
      return new Promise<Parcel>(() => undefined);
    });
    const asked = exchangeLocally(path, { value: 1, attachments: [] }, limits);
    await got;
    await server.stop();
    await expect(asked).rejects.toMatchObject({ code: 'local.no_answer' });
  });
});
