import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type MqttClient } from 'mqtt';
import { type Ready, readReadyLine } from './watchpost-process.ts';

const bin = fileURLToPath(new URL('../../cli/bin/watchpost.mjs', import.meta.url));

/** What an answer of the server says. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * A server of its own with one site, `house`, and a second gateway, `attic`, that has nothing but its claim
 * code and the server’s address: both are the public commands, in a folder that is removed at the end.
 */
export class ToldHouse {
  readonly root: string;
  readonly folder: string;
  /** Of the attic. */
  readonly identity: string;
  readonly siteFile: string;
  readonly #environment: NodeJS.ProcessEnv;
  #server: ChildProcess | undefined;
  #gateway: ChildProcess | undefined;
  #listener: MqttClient | undefined;
  #ready: (Ready & { readonly door: string; readonly welcome: string }) | undefined;
  #cookie = '';

  private constructor(name: string) {
    this.root = mkdtempSync(join(tmpdir(), `watchpost-told-${name}-`));
    this.folder = join(this.root, 'server');
    this.identity = join(this.root, 'gateway');
    this.siteFile = join(this.folder, 'sites/house/site.yaml');
    this.#environment = {
      ...process.env,
      ...{ WATCHPOST_HTTP_PORT: '0', WATCHPOST_MQTT_PORT: '0', WATCHPOST_DATA: '', LC_ALL: 'C' },
    };
  }

  /** The folder is made, with the attic in its site file; nothing runs. */
  static init(name: string): ToldHouse {
    const house = new ToldHouse(name);
    const made = house.run(
      'init',
      house.folder,
      '--site',
      'house',
      '--host',
      'localhost',
      '--host',
      '127.0.0.1',
    );
    if (made.code !== 0) throw new Error(made.out);
    house.editSite((text) => text.replace(/^gateways:\n/m, 'gateways:\n  - id: attic\n'));
    return house;
  }

  get ready() {
    if (!this.#ready) throw new Error('the server does not run');
    return this.#ready;
  }

  siteText(): string {
    return readFileSync(this.siteFile, 'utf8');
  }

  editSite(edit: (text: string) => string): void {
    writeFileSync(this.siteFile, edit(this.siteText()));
  }

  /** Runs a command; its exit code and what it wrote. */
  run(...args: readonly string[]): { readonly code: number; readonly out: string } {
    try {
      const out = execFileSync(process.execPath, [bin, ...args, '--lang', 'en'], {
        encoding: 'utf8',
        env: this.#environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { code: 0, out };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, out: `${stdout}${stderr}` };
    }
  }

  /** Starts the server, and settles when it is ready. */
  async up(): Promise<void> {
    this.#server = this.#start('up', this.folder, '--json');
    this.#ready = (await readReadyLine(this.#server, 150_000)) as NonNullable<typeof this.ready>;
  }

  /** Hears what is said at the broker. */
  async listen(topics: readonly string[], heard: (topic: string, payload: Buffer) => void): Promise<void> {
    const text = readFileSync(join(this.folder, 'data/secrets.json'), 'utf8');
    const { mqtt } = JSON.parse(text) as { mqtt: { flows: string } };
    this.#listener = connect(this.ready.mqtt, { username: 'flows-house', password: mqtt.flows });
    this.#listener.on('message', heard);
    await this.#listener.subscribeAsync([...topics], { qos: 1 });
  }

  /** Invites the attic and claims it: what the claim said. */
  claimAttic(): { readonly code: number; readonly out: string } {
    const ca = join(this.folder, 'authorities/house');
    const code = this.run('gateway', 'invite', 'attic', '--ca', ca).out.trim().split('\n').at(-1) ?? '';
    return this.run('gateway', 'claim', code, '--url', this.ready.door, '--into', this.identity);
  }

  /** Starts the attic’s gateway, once it is claimed. */
  startAttic(): void {
    this.#gateway = this.#start('gateway', 'run', this.identity);
  }

  /** Asks the console’s listener, by the root that people install, as who has logged in. */
  ask(method: string, path: string, body?: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.ready.console),
        {
          ...{ method, agent: false, ca: readFileSync(join(this.folder, 'web/root.pem')) },
          ...{ servername: 'localhost' },
          headers: { cookie: this.#cookie, 'content-type': 'application/json' },
        },
        (response) => {
          let text = '';
          const [set] = response.headers['set-cookie'] ?? [];
          if (set) this.#cookie = set.split(';')[0] ?? '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, json: text && JSON.parse(text) }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }

  /** As {@link ask}, for an answer that is a picture. */
  picture(path: string, body: object): Promise<{ readonly status: number; readonly bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.ready.console),
        {
          ...{ method: 'POST', agent: false, ca: readFileSync(join(this.folder, 'web/root.pem')) },
          ...{ servername: 'localhost' },
          headers: { cookie: this.#cookie, 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => void chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify(body));
    });
  }

  /** The first administrator sets a password by the link of the start, and is logged in from now on. */
  async logIn(user: string, password: string): Promise<void> {
    const token = new URL(this.ready.welcome).hash.slice(1);
    const made = await this.ask('POST', '/api/v1/account-link/password', { token, user, password });
    if (made.status !== 200) throw new Error(JSON.stringify(made.json));
  }

  /** Stops what runs, and removes the folder. */
  async close(): Promise<void> {
    for (const child of [this.#gateway, this.#server]) {
      if (!child) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    }
    await this.#listener?.endAsync(true);
    rmSync(this.root, { recursive: true, force: true });
  }

  #start(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [bin, ...args], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
}
