import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { scanLineSchema, simulatorPlanSchema } from '@watchpost/contracts/site';
import { loadProfiles } from '@watchpost/hardware';
import { describe, expect, test, vi } from 'vitest';
import { simulatedScanner } from './simulator/simulated-scanner.ts';
import { StreamScanner } from './stream-scanner.ts';
import { tcpClientStream, tcpServerStream } from './tcp/tcp-stream.ts';
import { contractTexts, type ScannerBench, textScannerContract } from './text-scanner-contract.ts';

const line = scanLineSchema.parse({ maxChars: 64 });
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

describe('the simulated reader', () => {
  textScannerContract(async () => {
    const profile = loadProfiles().get('generic-code-reader')!;
    const plan = simulatorPlanSchema.parse({ texts: contractTexts });
    const scanner = simulatedScanner('reader', profile, plan, line.maxChars);
    return {
      scanner,
      scan: (text) => scanner.trigger!('scan', contractTexts.indexOf(text)),
      close: async () => undefined,
    };
  }, false);
});

/** A reader that listens; the agent calls it. */
async function listeningReader(): Promise<ScannerBench> {
  let port = 0;
  let sockets: Socket[] = [];
  let server: Server;
  const open = async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const vanish = async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await new Promise((resolve) => server.close(resolve));
  };
  await open();
  return {
    scanner: new StreamScanner(tcpClientStream('127.0.0.1', port), line),
    scan: async (text) => {
      await until(() => expect(sockets.length).toBeGreaterThan(0));
      sockets.at(-1)!.write(`${text}\r\n`);
    },
    cut: { vanish, comeBack: async () => void (server.listening || (await open())) },
    close: async () => {
      if (server.listening) await vanish();
    },
  };
}

/** A reader that calls the agent, again and again. */
async function callingReader(): Promise<ScannerBench> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  let socket: Socket | null = null;
  let away = false;
  let calling = false;
  const call = () => {
    if (away || calling) return;
    calling = true;
    const mine = connect(port, '127.0.0.1');
    mine.on('connect', () => {
      socket = mine;
    });
    mine.on('error', () => undefined);
    mine.on('close', () => {
      calling = false;
      if (socket === mine) socket = null;
      setTimeout(call, 20);
    });
  };
  call();
  return {
    scanner: new StreamScanner(tcpServerStream(port, '127.0.0.1', ['127.0.0.1']), line),
    scan: async (text) => {
      await until(() => expect(socket).not.toBeNull());
      socket!.write(`${text}\r\n`);
    },
    cut: {
      vanish: async () => {
        away = true;
        socket?.destroy();
      },
      comeBack: async () => {
        if (away) {
          away = false;
          call();
        }
      },
    },
    close: async () => {
      away = true;
      socket?.destroy();
    },
  };
}

describe('a TCP reader that the agent calls', () => textScannerContract(listeningReader));
describe('a TCP reader that calls the agent', () => {
  textScannerContract(callingReader);

  test('is not heard from another address', async () => {
    const { port } = await freePort();
    const scanner = new StreamScanner(tcpServerStream(port, '127.0.0.1', ['192.0.2.1']), line);
    const told: string[] = [];
    scanner.start({
      up: () => void told.push('up'),
      lost: () => void told.push('lost'),
      unreadable: () => void told.push('unreadable'),
      scanned: (text) => void told.push(text),
    });
    await until(async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write('intruder\n');
      await once(socket, 'close');
    });
    expect(told).toEqual([]);
    await scanner.stop();
  });
});

async function freePort(): Promise<{ port: number }> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  return { port };
}

describe('StreamScanner', () => {
  test('says that a device that is not there is lost', async () => {
    const { port } = await freePort();
    const scanner = new StreamScanner(tcpClientStream('127.0.0.1', port), line);
    let lost = 0;
    scanner.start({
      up: () => undefined,
      lost: () => lost++,
      unreadable: () => undefined,
      scanned: () => undefined,
    });
    await until(() => expect(lost).toBeGreaterThan(1));
    await scanner.stop();
  });

  test('with idle framing ends a scan at silence, and takes prefix and suffix off', async () => {
    const heard: string[] = [];
    let say: (text: string) => void = () => undefined;
    const scanner = new StreamScanner(
      (on) => {
        say = (text) => on.bytes(Buffer.from(text));
        queueMicrotask(() => on.opened());
        return async () => undefined;
      },
      scanLineSchema.parse({ framing: 'idle', idleMs: 20, prefix: '<', suffix: '>' }),
    );
    scanner.start({
      up: () => undefined,
      lost: () => undefined,
      unreadable: () => void heard.push('unreadable'),
      scanned: (text) => void heard.push(text),
    });
    say('<AB');
    say('CD>');
    await until(() => expect(heard).toEqual(['ABCD']));
    say('EF\r\n');
    await until(() => expect(heard).toEqual(['ABCD', 'EF\r\n']));
    await scanner.stop();
  });
});
