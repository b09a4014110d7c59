import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GatewayState, gatewayStateSchema } from '@watchpost/contracts/wire';
import { connectAsync, type MqttClient } from 'mqtt';
import { killProcessesOf, type Ready, readReadyLine } from './watchpost-process.ts';

const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));

/** A server in a folder of its own, made and run by the public commands alone. */
export class OwnServer {
  readonly folder: string;
  readonly site: string;
  readonly #place: string;
  #process: ChildProcess | undefined;
  #commands = 0;

  /** @param site id of its site */
  constructor(site: string) {
    this.site = site;
    this.#place = mkdtempSync(join(tmpdir(), 'watchpost-own-'));
    this.folder = join(this.#place, 'server');
  }

  /** How many commands were given so far. */
  get commands(): number {
    return this.#commands;
  }

  get #environment(): NodeJS.ProcessEnv {
    const data = join(this.folder, 'data');
    return { ...process.env, WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0', WATCHPOST_DATA: data };
  }

  /** Runs a command; gives what it prints. @throws Error with its output when it fails */
  run(...args: readonly string[]): string {
    this.#commands += 1;
    return execFileSync(process.execPath, [bin, ...args], {
      encoding: 'utf8',
      env: { ...this.#environment, LC_ALL: 'C' },
    });
  }

  init(): void {
    this.run('init', this.folder, '--site', this.site, '--host', 'localhost', '--host', '127.0.0.1');
  }

  /** Adds a device; each setting is `path=value`. */
  add(what: 'camera' | 'sensor', id: string, options: readonly string[], set: readonly string[]): void {
    const settings = set.flatMap((setting) => ['--set', setting]);
    this.run('add', what, this.folder, '--id', id, ...options, ...settings);
  }

  /** `watchpost up`, until everything is ready. */
  async up(): Promise<Ready & { readonly welcome: string }> {
    this.#commands += 1;
    this.#process = spawn(process.execPath, [bin, 'up', this.folder, '--json'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return (await readReadyLine(this.#process, 150_000)) as Ready & { readonly welcome: string };
  }

  /** Changes the text of the site file, as an editor does. */
  edit(change: (text: string) => string): void {
    const path = join(this.folder, 'sites', this.site, 'site.yaml');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** Tells what each state of a gateway says, over the account of this server’s Node-RED. */
  async states(
    { mqtt }: Pick<Ready, 'mqtt'>,
    gateway: string,
    take: (state: GatewayState) => void,
  ): Promise<MqttClient> {
    const secrets = JSON.parse(readFileSync(join(this.folder, 'data/secrets.json'), 'utf8')) as {
      mqtt: { flows: string };
    };
    const client = await connectAsync(mqtt, {
      username: `flows-${this.site}`,
      password: secrets.mqtt.flows,
    });
    client.on('message', (_topic, payload) => take(gatewayStateSchema.parse(JSON.parse(payload.toString()))));
    await client.subscribeAsync(`wp/1/${this.site}/${gateway}/state`, { qos: 1 });
    return client;
  }

  /** Ends it, as systemd does; `up` starts it again. */
  async stop(): Promise<void> {
    const running = this.#process;
    if (running && running.exitCode === null && running.kill('SIGTERM')) await once(running, 'exit');
  }

  /** Ends it and takes its folder away. */
  async remove(): Promise<void> {
    await this.stop();
    killProcessesOf(join(this.folder, 'data'));
    rmSync(this.#place, { recursive: true, force: true });
  }
}
