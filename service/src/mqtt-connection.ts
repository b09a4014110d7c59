import { Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { type LinkFault, type LinkProblem, problemOf } from './link-fault.ts';
import { LivedTime } from './lived-time.ts';
import type { MqttLinkLimits } from './policy.ts';

/** What one connection needs; the secrets in it are read anew for each. */
export interface MqttAccess {
  /** `mqtt://host:port`, `mqtts://…`, `ws://…` or `wss://…`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM of the authority behind the broker’s certificate; by default the system’s authorities. */
  readonly ca?: Buffer | undefined;
  /** PEM of our own certificate and its key. */
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

/** Something said at QoS 1. */
export interface MqttStatement {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A message that came in. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** It was stored at the broker before we subscribed. */
  readonly retained: boolean;
}

export interface MqttConnectionOptions {
  readonly access: MqttAccess;
  readonly clientId: string;
  readonly clean: boolean;
  readonly filters: readonly string[];
  /** Subscribed too, and done without where the broker refuses them; asked for when CONNACK has come. */
  readonly optionalFilters: () => readonly string[];
  /** The broker refuses this optional filter. */
  readonly onFilterRefused: (filter: string) => void;
  readonly will: MqttStatement | undefined;
  readonly limits: MqttLinkLimits;
  readonly logger: Logger;
  /** Takes a message, which is acknowledged when this settles; until then nothing more is read. */
  readonly onMessage: (message: MqttMessage) => void | Promise<void>;
  /** Connected and subscribed; whether the broker had a session of ours (MQTT 3.1.1 §3.2.2.2). */
  readonly onUp: (hasSession: boolean) => void;
  /** Called once, however it ended; not after {@link MqttConnection.close}. */
  readonly onEnded: (problem: LinkProblem) => void;
}

/**
 * Our own pings replace those of mqtt.js, which would end a connection whose reading we hold back ourselves.
 */
const noTimer = { set: () => 0, clear: () => undefined };

/** One connection from its first packet to its end. Every request on it has a deadline that ends it. */
export class MqttConnection {
  readonly #options: MqttConnectionOptions;
  readonly #client: MqttClient;
  readonly #deadlines: LivedTime;
  /** Keys of deadlines. */
  readonly #connack = {};
  readonly #pingresp = {};
  #pinger: NodeJS.Timeout | undefined;
  #held = 0;
  #isAccepted = false;
  #up = false;
  #hasSession = false;
  #over = false;

  constructor(options: MqttConnectionOptions) {
    this.#options = options;
    const { limits } = options;
    // First: a certificate that cannot be used throws here, and nothing must be left running then.
    this.#client = mqtt.connect(options.access.url, settingsOf(options));
    this.#deadlines = new LivedTime(
      Math.min(limits.connackMs, limits.subackMs, limits.pubackMs, limits.pingrespMs),
    );
    // While we hold reading back, an answer may wait behind what we have not read.
    this.#deadlines.start(() => this.#held > 0);
    this.#deadlines.expect(this.#connack, limits.connackMs, () =>
      this.#end('no_connack', `no CONNACK within ${limits.connackMs} ms`),
    );
    this.#listen();
  }

  get up(): boolean {
    return this.#up;
  }

  /** At QoS 1; nothing happens while not up. `done` only when the broker has it (PUBACK). */
  publish({ topic, payload, retain }: MqttStatement, done?: () => void): void {
    if (!this.#up) return;
    const { pubackMs } = this.#options.limits;
    const key = {};
    this.#deadlines.expect(key, pubackMs, () => this.#end('no_puback', `no PUBACK within ${pubackMs} ms`));
    this.#client.publish(topic, payload, { qos: 1, retain }, (error) => {
      this.#deadlines.met(key);
      if (!error) done?.();
    });
  }

  /** Asks for more optional filters, which `optionalFilters` gives from now on; nothing before CONNACK. */
  subscribe(filters: readonly string[]): void {
    if (this.#isAccepted && !this.#over && filters.length > 0) this.#subscribe([], filters, () => undefined);
  }

  /** Takes filters back; nothing before CONNACK. */
  unsubscribe(filters: readonly string[]): void {
    if (!this.#isAccepted || this.#over || filters.length === 0) return;
    const { subackMs } = this.#options.limits;
    const unsuback = {};
    this.#deadlines.expect(unsuback, subackMs, () =>
      this.#end('no_suback', `no UNSUBACK within ${subackMs} ms`),
    );
    this.#client.unsubscribe([...filters], {}, () => this.#deadlines.met(unsuback));
  }

  /** Ends it without DISCONNECT, so that the broker publishes the will. */
  giveUp(reason: string): void {
    this.#end('given_up', reason);
  }

  /** Says `lastWords` and DISCONNECT, each within `limits.stopMs`. */
  async close(lastWords?: MqttStatement): Promise<void> {
    const { stopMs } = this.#options.limits;
    const client = this.#client;
    if (this.#up && lastWords) await within(stopMs, (done) => this.publish(lastWords, done));
    const wasUp = this.#up && !this.#over;
    this.#finish();
    // A proper DISCONNECT, or else the broker would publish the will over what was just said (MQTT 3.1.1
    // §3.14.4).
    if (wasUp) await within(stopMs, (done) => client.end(false, {}, done));
    this.#destroy();
  }

  #listen(): void {
    const client = this.#client;
    client.handleMessage = (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      this.#take({ topic: packet.topic, payload, retained: packet.retain }, () => done());
    };
    client.on('packetreceive', () => this.#deadlines.met(this.#pingresp));
    client.on('connect', ({ sessionPresent }) => {
      this.#hasSession = sessionPresent;
      this.#connected();
    });
    client.on('error', (error) => {
      // mqtt.js gives CONNACK’s return code as a number; the codes of sockets are words.
      const code = 'code' in error ? (error.code as unknown) : undefined;
      if (typeof code === 'number') this.#end('refused', error.message, code);
      else this.#end('unreachable', error.message);
    });
    client.on('close', () => this.#end('closed', 'the connection was closed'));
  }

  #take(message: MqttMessage, done: () => void): void {
    if (this.#over) return;
    const taken = this.#options.onMessage(message);
    if (!taken) {
      done();
      return;
    }
    this.#held++;
    taken
      .catch((error: unknown) => this.#options.logger.error({ err: error }, 'message could not be taken'))
      .finally(() => {
        this.#held--;
        done();
      });
  }

  #connected(): void {
    const { filters, limits } = this.#options;
    const optionalFilters = this.#options.optionalFilters();
    this.#isAccepted = true;
    this.#deadlines.met(this.#connack);
    const { stream } = this.#client;
    // Small messages leave at once: Nagle’s wait for an acknowledgement costs 40 ms and more.
    if (stream instanceof Socket) stream.setNoDelay(true);
    this.#pinger = setInterval(() => this.#ping(), limits.pingEveryMs);
    if (filters.length + optionalFilters.length === 0) this.#ready();
    else this.#subscribe(filters, optionalFilters, () => this.#ready());
  }

  #subscribe(filters: readonly string[], optionalFilters: readonly string[], done: () => void): void {
    const { limits, onFilterRefused } = this.#options;
    const suback = {};
    this.#deadlines.expect(suback, limits.subackMs, () =>
      this.#end('no_suback', `no SUBACK within ${limits.subackMs} ms`),
    );
    const asked = [...filters, ...optionalFilters];
    this.#client.subscribe(asked, { qos: 1 }, (error, _subscriptions, packet) => {
      if (this.#over) return;
      this.#deadlines.met(suback);
      // SUBACK has one code a filter, in our order; 128 is a refusal (MQTT 3.1.1 §3.9.3).
      const refused = asked.filter((_, index) => Number(packet?.granted[index]) > 2);
      const needed = refused.filter((filter) => filters.includes(filter));
      if (needed.length > 0) this.#end('subscription_refused', needed.join(' '));
      else if (error && !packet) this.#end('subscription_refused', error.message);
      else {
        done();
        for (const filter of refused) onFilterRefused(filter);
      }
    });
  }

  #ready(): void {
    this.#up = true;
    this.#options.onUp(this.#hasSession);
  }

  /** Whatever comes after a PINGREQ shows that the line lives: the answer may stand behind a backlog. */
  #ping(): void {
    const { pingrespMs } = this.#options.limits;
    this.#deadlines.expectOnce(this.#pingresp, pingrespMs, () =>
      this.#end('no_pingresp', `nothing came within ${pingrespMs} ms of a PINGREQ`),
    );
    this.#client.sendPing();
  }

  #end(fault: LinkFault, reason: string, connackCode?: number): void {
    if (this.#over) return;
    this.#finish();
    this.#destroy();
    this.#options.onEnded(problemOf(fault, reason, connackCode));
  }

  #finish(): void {
    this.#over = true;
    this.#up = false;
    this.#deadlines.stop();
    clearInterval(this.#pinger);
  }

  #destroy(): void {
    this.#client.end(true);
    this.#client.stream?.destroy();
  }
}

function settingsOf({ access, clientId, clean, will, limits }: MqttConnectionOptions): IClientOptions {
  const { username, password, ca, cert, key } = access;
  return {
    clientId,
    clean,
    protocolVersion: 4,
    keepalive: limits.keepaliveS,
    timerVariant: noTimer,
    // The deadline of CONNACK is ours; who tries again is MqttLink.
    connectTimeout: 2 ** 31 - 1,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(will === undefined
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain } }),
  };
}

/** Settles when `work` calls back, or after `ms`. */
function within(ms: number, work: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    work(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
