import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayState } from '@watchpost/contracts/wire';
import { connectAsync } from 'mqtt';
import { freePort } from '../../broker/src/bench/server-process.ts';
import { ApiClient } from '../support/api-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, type Ready, readReadyLine } from '../support/watchpost-process.ts';

const readyMs = 600_000;
const noticeMs = 180_000;
const admin = { user: 'first admin', password: 'four words are enough' };

/** Two checkouts, by which of them something runs. */
export type Trees = Readonly<Record<'base' | 'now', string>>;
type Which = keyof Trees;
type Gateway = 'attic' | 'cellar';
/** Gateways of the two versions. */
const versionOf: Readonly<Record<Gateway, Which>> = { attic: 'now', cellar: 'base' };
const gateways = ['attic', 'cellar'] as const;

/** Where a gateway is at a server: how many of its events it has, and which of its devices work. */
interface Seen {
  epoch?: string;
  seq: number;
  version?: number | undefined;
  devices: readonly string[];
}

/**
 * One site whose server is first of the one version, then of the other, then of the first again, on the same
 * ports; and two claimed gateways, one of each version, which run all the time and are told their devices by
 * whoever is there.
 */
export class ToldVersions {
  readonly #trees: Trees;
  readonly #place = mkdtempSync(join(tmpdir(), 'watchpost-told-versions-'));
  readonly #folder = join(this.#place, 'server');
  readonly #agents: ChildProcess[] = [];
  #server: { readonly process: ChildProcess; readonly which: Which } | undefined;

  constructor(trees: Trees) {
    this.#trees = trees;
  }

  /** Makes the server folder with the older version, which both read. */
  async make(): Promise<void> {
    this.#run('base', 'init', this.#folder, '--site', 'house', '--host', 'localhost');
    const ports = await Promise.all(Array.from({ length: 5 }, () => freePort()));
    const [page, flows, mqtt, gateway, door] = ports;
    writeFileSync(
      join(this.#folder, 'server.yaml'),
      `version: 1
names: [localhost, 127.0.0.1]
listen: { console: { port: ${page} }, flows: { port: ${flows} }, mqtt: { port: ${mqtt} }, gateways: { port: ${gateway} }, door: { port: ${door} } }
`,
    );
    const path = join(this.#folder, 'sites/house/site.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/^gateways:\n/m, 'gateways:\n  - id: attic\n  - id: cellar\n'));
    const rings = '[{ atMs: 1000, action: alarm }, { atMs: 3000, action: clear }]';
    for (const id of gateways)
      this.#run(
        ...(['base', 'add', 'sensor', this.#folder, '--id', `${id}-smoke`, '--kind', 'smoke'] as const),
        ...['--gateway', id, '--set', 'connect.driver=simulator', '--set', `connect.schedule=${rings}`],
        ...['--set', 'connect.repeatMs=5000'],
      );
  }

  /** Both gateways are claimed at a server of the older version, each by its own commands. */
  async claim(): Promise<unknown> {
    const ready = await this.#start('base');
    for (const id of gateways) {
      const authority = join(this.#folder, 'authorities/house');
      const code =
        this.#run('base', 'gateway', 'invite', id, '--ca', authority).trim().split('\n').at(-1) ?? '';
      const into = join(this.#place, id);
      this.#run(versionOf[id], 'gateway', 'claim', code, '--url', ready.door, '--into', into);
      this.#agents.push(this.#spawn(versionOf[id], ['gateway', 'run', into], ['ignore', 'ignore', 2]));
    }
    return this.#areHeard(ready);
  }

  /** The server is of that version from now on, with a data folder of its own; the gateways go on. */
  async follow(which: Which): Promise<unknown> {
    await this.#stop();
    return this.#areHeard(await this.#start(which));
  }

  async remove(): Promise<void> {
    for (const agent of this.#agents) if (agent.exitCode === null && agent.kill()) await once(agent, 'exit');
    await this.#stop();
    for (const which of ['base', 'now'] as const) killProcessesOf(this.#data(which));
    rmSync(this.#place, { recursive: true, force: true });
  }

  /** Waits until events of both gateways are receipted and their devices work; nothing was refused. */
  async #areHeard(ready: Ready): Promise<unknown> {
    const seen = Object.fromEntries(gateways.map((id) => [id, { seq: 0, devices: [] }])) as unknown as Record<
      Gateway,
      Seen
    >;
    // Who reads receipts: gateways, and whoever writes them.
    const { mqtt } = JSON.parse(
      readFileSync(join(this.#data(this.#server?.which ?? 'now'), 'secrets.json'), 'utf8'),
    ) as { mqtt: { alerting: string } };
    const listener = await connectAsync(ready.mqtt, {
      username: 'alerting-house',
      password: mqtt.alerting,
    });
    const first = new Map<Gateway, number>();
    listener.on('message', (topic, payload) => {
      const [, , , id, name] = topic.split('/') as [string, string, string, Gateway, string];
      const value = JSON.parse(payload.toString()) as GatewayState & { epoch: string; seq: number };
      if (name === 'state') {
        const works = value.devices.filter(({ status }) => status === 'ok');
        seen[id] = {
          ...seen[id],
          version: value.sitePart?.version ?? undefined,
          devices: works.map((one) => one.device),
        };
      } else {
        if (!first.has(id)) first.set(id, value.seq);
        seen[id] = { ...seen[id], epoch: value.epoch, seq: value.seq };
      }
    });
    try {
      for (const id of gateways)
        await listener.subscribeAsync([`wp/1/house/${id}/state`, `wp/1/house/${id}/receipt`], { qos: 1 });
      // What was retained counts for nothing: two more must come.
      const isHeard = (id: Gateway) =>
        seen[id].devices.includes(`${id}-smoke`) &&
        seen[id].version !== undefined &&
        seen[id].seq >= (first.get(id) ?? Number.POSITIVE_INFINITY) + 2;
      await waitFor('both gateways', () => gateways.every(isHeard), noticeMs).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${JSON.stringify(seen)}`);
      });
      const { counts } = await (await ApiClient.logIn({ ...ready, ...admin })).rejects();
      if (Object.keys(counts).length > 0) throw new Error(`refused: ${JSON.stringify(counts)}`);
      return seen;
    } finally {
      await listener.endAsync();
    }
  }

  async #start(which: Which): Promise<Ready & { readonly door: string }> {
    const child = this.#spawn(which, ['up', this.#folder, '--json'], ['ignore', 'pipe', 'pipe']);
    this.#server = { process: child, which };
    const ready = (await readReadyLine(child, readyMs)) as Ready & {
      readonly door: string;
      readonly welcome?: string;
    };
    if (ready.welcome) {
      const answer = await fetch(`${ready.api}/account-link/password`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: new URL(ready.welcome).hash.slice(1), ...admin }),
      });
      if (!answer.ok) throw new Error(`the link answered ${answer.status}`);
    }
    return ready;
  }

  async #stop(): Promise<void> {
    const running = this.#server?.process;
    if (running && running.exitCode === null && running.kill('SIGTERM')) await once(running, 'exit');
  }

  #data(which: Which): string {
    return join(this.#place, `data-${which}`);
  }

  #environment(which: Which): NodeJS.ProcessEnv {
    const { WATCHPOST_HTTP_PORT: _, WATCHPOST_MQTT_PORT: __, ...environment } = process.env;
    return { ...environment, LC_ALL: 'C', WATCHPOST_DATA: this.#data(which) };
  }

  #run(which: Which, ...args: readonly string[]): string {
    const bin = join(this.#trees[which], 'cli/bin/watchpost.mjs');
    const env = this.#environment(which);
    return execFileSync(process.execPath, [bin, ...args], { cwd: this.#trees[which], env, encoding: 'utf8' });
  }

  #spawn(which: Which, args: readonly string[], stdio: ('ignore' | 'pipe' | number)[]): ChildProcess {
    const bin = join(this.#trees[which], 'cli/bin/watchpost.mjs');
    const env = this.#environment(which);
    return spawn(process.execPath, [bin, ...args], { cwd: this.#trees[which], env, stdio });
  }
}
