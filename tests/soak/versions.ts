import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { ApiClient } from '../support/api-client.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  killProcessesOf,
  processesOf,
  startWatchpost,
  type WatchpostProcess,
} from '../support/watchpost-process.ts';
import { thisTree, withTreeOf } from './base-tree.ts';
import { ToldVersions, type Trees } from './told-versions.ts';

/** How long an installation and a first start may take, milliseconds. */
const startMs = 600_000;
const noticeMs = 120_000;

interface Receipt {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * `npm run soak -- versions BASE`: a gateway of the commit BASE at a server of this tree and the other way
 * round, each until its events are receipted and none was refused; then this tree takes over the data folder
 * of BASE, with its accounts and alerts; then claimed gateways of both go on with their site part while the
 * server is of BASE, of this tree and of BASE again. Prints a line for each; exit code 1 when one fails.
 */
export async function versions([base = '']: readonly string[]): Promise<number> {
  if (!base) {
    process.stderr.write('usage: npm run soak -- versions BASE\n');
    return 2;
  }
  const data = mkdtempSync(join(tmpdir(), 'watchpost-versions-'));
  const dataOf = { base: join(data, 'base'), now: join(data, 'now') };
  try {
    return await withTreeOf(base, async (baseTree) => {
      const treeOf = { base: baseTree, now: thisTree };
      // Each runs once by itself, which leaves the configuration of its gateway.
      for (const name of ['base', 'now'] as const)
        await (await start(treeOf[name], dataOf[name])).interrupt();
      const results: boolean[] = [];
      for (const [server, gateway] of [
        ['now', 'base'],
        ['base', 'now'],
      ] as const)
        results.push(
          await say(`gateway of ${gateway} at server of ${server}`, () =>
            gatewayAtServer(
              { tree: treeOf[server], data: dataOf[server] },
              { tree: treeOf[gateway], data: dataOf[gateway] },
            ),
          ),
        );
      results.push(await say('data folder of base taken over', () => takenOver(baseTree, dataOf.base)));
      results.push(...(await toldByEither(treeOf)));
      return results.every(Boolean) ? 0 : 1;
    });
  } finally {
    for (const folder of Object.values(dataOf)) killProcessesOf(folder);
    rmSync(data, { recursive: true, force: true });
  }
}

/** Claimed gateways of both versions, told by servers of both; see {@link ToldVersions}. */
async function toldByEither(trees: Trees): Promise<boolean[]> {
  const told = new ToldVersions(trees);
  try {
    await told.make();
    const results = [await say('claimed gateways of both at server of base', () => told.claim())];
    for (const which of ['now', 'base'] as const)
      results.push(
        await say(`claimed gateways of both then at server of ${which}`, () => told.follow(which)),
      );
    return results;
  } finally {
    await told.remove();
  }
}

async function say(what: string, run: () => Promise<unknown>): Promise<boolean> {
  const result = await run().then(
    (found) => ({ ok: true, found }),
    (error: unknown) => ({ ok: false, error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify({ what, ...result })}\n`);
  return result.ok;
}

const start = (tree: string, data: string): Promise<WatchpostProcess> =>
  startWatchpost({ WATCHPOST_DATA: data }, startMs, tree);

/** Where something runs: a checkout, and the data folder that it started with. */
interface Place {
  readonly tree: string;
  readonly data: string;
}

/** The gateway of one checkout takes the place of that of a running server of another one. */
async function gatewayAtServer(server: Place, gateway: Place): Promise<unknown> {
  const running = await start(server.tree, server.data);
  let agent: ChildProcess | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-versions-gateway-'));
  try {
    const of = (data: string) => JSON.parse(readFileSync(join(data, 'run/edge.json'), 'utf8'));
    const { broker } = of(server.data);
    const config = { ...of(gateway.data), broker, dataFolder: folder };
    const receipts = await receiptsOf(running, config);
    // What the server’s own gateway sent is receipted: its epoch is known before it falls silent.
    const { epoch: known } = await waitFor('a first receipt', () => receipts.latest(), noticeMs);
    // Stopped and not killed: what is killed is started again.
    for (const { pid, command } of processesOf(server.data))
      if (/edge-agent/.test(command)) process.kill(pid, 'SIGSTOP');
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    agent = spawn(process.execPath, [join(gateway.tree, 'edge-agent/src/main.ts'), path], {
      stdio: ['pipe', 'ignore', 2],
    });
    // Its outbox is a new one, so its epoch is too.
    const isOther = (receipt?: Receipt) =>
      receipt !== undefined && receipt.epoch !== known && receipt.seq >= 3;
    await waitFor('receipts of the other gateway', () => isOther(receipts.latest()), noticeMs);
    const api = await ApiClient.logIn(running.ready);
    const { counts } = (await (await api.get('/rejects')).json()) as { counts: Record<string, number> };
    if (Object.keys(counts).length > 0) throw new Error(`refused: ${JSON.stringify(counts)}`);
    await receipts.end();
    return receipts.latest();
  } finally {
    if (agent?.kill('SIGKILL')) await once(agent, 'exit');
    await running.interrupt();
    killProcessesOf(server.data);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the server says that it has of the gateway. */
async function receiptsOf(
  { ready }: WatchpostProcess,
  { site, gateway }: { site: string; gateway: string },
): Promise<{ latest(): Receipt | undefined; end(): Promise<void> }> {
  const client = await connectAsync(ready.mqtt, { username: ready.user, password: ready.password });
  let latest: Receipt | undefined;
  client.on('message', (_topic, payload) => {
    latest = JSON.parse(payload.toString()) as Receipt;
  });
  await client.subscribeAsync(`wp/1/${site}/${gateway}/receipt`, { qos: 1 });
  return { latest: () => latest, end: () => client.endAsync() };
}

/** This tree goes on where the base stopped. */
async function takenOver(baseTree: string, data: string): Promise<unknown> {
  const idsOf = async (running: WatchpostProcess): Promise<string[]> => {
    const page = await (await ApiClient.logIn(running.ready)).get('/alerts?limit=200');
    return ((await page.json()) as { alerts: { id: string }[] }).alerts.map(({ id }) => id);
  };
  const before = await start(baseTree, data);
  await waitFor('two alerts', async () => (await idsOf(before)).length > 1, noticeMs);
  const ids = await idsOf(before);
  await before.interrupt();
  const after = await start(thisTree, data);
  try {
    if (after.ready.password !== before.ready.password) throw new Error('another password');
    const now = await idsOf(after);
    const lost = ids.filter((id) => !now.includes(id));
    if (lost.length > 0) throw new Error(`${lost.length} of ${ids.length} alerts are gone`);
    return { alerts: ids.length };
  } finally {
    await after.interrupt();
  }
}
