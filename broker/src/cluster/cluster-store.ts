import type { Authenticated } from '@watchpost/identity';
import { ownerOf } from '../access/reserved-client-ids.ts';
import type { DroppedLimit } from '../operations/broker-metrics.ts';
import type { KeptSession } from '../sessions/kept-sessions.ts';
import type { SessionLimits } from '../sessions/memory-sessions.ts';
import { pairs } from './bus-entry.ts';
import type { Answer } from './hand-over.ts';
import type { RedisLink } from './redis-link.ts';

/** A message on its way into the cluster. */
export interface Handed {
  /** The client that sent it; empty for the broker itself. */
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** It is this client’s will, left by this connection: published only if it has not been yet. */
  readonly will?: { readonly clientId: string; readonly token: string } | undefined;
  /** Its packet id, for QoS 2: the same one is known as a repetition from then on. */
  readonly receivedId?: number | undefined;
}

export interface HandedResult {
  /** Its id on the bus, or nothing when the will was gone. */
  readonly id: string | undefined;
  readonly dropped: readonly { readonly limit: DroppedLimit; readonly clientId: string | undefined }[];
}

/** A will as it is kept until its connection ends. */
export interface KeptWill {
  readonly node: string;
  readonly token: string;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Base64. */
  readonly payload: string;
}

/** One message of a queue, as Redis has it. */
export interface StoredMessage {
  readonly id: string;
  readonly topic: string;
  readonly qos: number;
  readonly payload: Buffer;
  /** Set when it went out before. */
  readonly sent: { readonly messageId: number; readonly released: boolean } | undefined;
}

export interface OpenedSession {
  readonly existed: boolean;
  readonly filters: readonly { readonly topic: string; readonly qos: number }[];
  readonly queue: readonly StoredMessage[];
  /** The last entry of the bus that the queue includes. */
  readonly until: string;
  readonly aged: number;
}

/** Another connection has the client id now. */
export class TakenOver extends Error {
  constructor() {
    super('connection closed');
  }
}

/** The connection that a session belongs to, in the words of the scripts. */
export interface Holder {
  readonly clientId: string;
  readonly token: string;
}

/**
 * The scripts of {@link RedisLink} with types. Every method fails with `broker.cluster_unavailable` or a
 * Redis error.
 */
export class ClusterStore {
  readonly #link: RedisLink;
  readonly #node: string;
  readonly #limits: SessionLimits & { readonly sessions: number };
  readonly #quotas: string;

  constructor(link: RedisLink, node: string, limits: SessionLimits & { readonly sessions: number }) {
    this.#link = link;
    this.#node = node;
    this.#limits = limits;
    const { offlineMessages, offlineBytes, offlineTotalBytes, retainedMessages, retainedBytes } = limits;
    const { offlineTelemetry, telemetryInFlight } = limits;
    this.#quotas = JSON.stringify({
      offlineMessages,
      offlineBytes,
      offlineTotalBytes,
      offlineTelemetry,
      telemetryInFlight,
      retainedMessages,
      retainedBytes,
    });
  }

  /**
   * Takes the client id for a connection, unless it is another principal’s or there are too many sessions.
   */
  async claim(
    { clientId, token }: Holder,
    who: Authenticated,
    keeps: boolean,
  ): Promise<'client_id' | 'sessions' | { readonly previousNode: string; readonly id: string }> {
    const args = [clientId, ownerOf(who.principal), this.#node, token, keeps ? '1' : '0'];
    const more = [this.#limits.sessions, JSON.stringify(who)];
    const [is, previousNode = '', id = ''] = strings(await this.#link.run('claim', ...args, ...more));
    return is === 'client_id' || is === 'sessions' ? is : { previousNode, id };
  }

  async release({ clientId, token }: Holder, forgetWill: boolean): Promise<void> {
    await this.#link.run('release', clientId, token, forgetWill ? '1' : '0', this.#node);
  }

  async open({ clientId, token }: Holder): Promise<OpenedSession> {
    const answer = (await this.#link.run('open', clientId, token, this.#limits.offlineAgeMs)) as unknown[];
    if (String(answer[0]) !== 'open') throw new TakenOver();
    const [, existed, filters, queue, marks, until, aged] = answer as [
      Buffer,
      number,
      Buffer[],
      [Buffer, Buffer[]][],
      Buffer[],
      Buffer,
      number,
    ];
    const sent = new Map(pairs(marks).map(([id, mark]) => [id.toString(), mark.toString().split(' ')]));
    return {
      existed: existed === 1,
      filters: pairs(filters).map(([topic, qos]) => ({ topic: topic.toString(), qos: Number(qos) })),
      queue: queue.map(([id, fields]) => storedMessage(id.toString(), fields, sent.get(id.toString()))),
      until: until.toString(),
      aged,
    };
  }

  /** Ends the session that is kept, if there is one. */
  async discard({ clientId, token }: Holder): Promise<void> {
    if ((await this.#link.run('discard', clientId, token)) !== 1) throw new TakenOver();
  }

  async subscribe(
    { clientId, token }: Holder,
    set: readonly { readonly topic: string; readonly qos: number }[],
    deleted: readonly string[],
  ): Promise<void> {
    const changes = [
      ...set.flatMap(({ topic, qos }) => ['+', topic, qos]),
      ...deleted.flatMap((filter) => ['-', filter]),
    ];
    const [is] = strings(await this.#link.run('subscribe', clientId, token, ...changes));
    if (is !== 'done') throw new TakenOver();
  }

  async publish(
    message: Handed,
    version: string,
    targets: readonly (readonly [string, number])[],
  ): Promise<Answer<HandedResult>> {
    const { clientId, topic, payload, qos, retain, will, receivedId } = message;
    const answer = (await this.#link.run(
      'publish',
      version,
      this.#node,
      clientId,
      topic,
      payload,
      qos,
      retain ? '1' : '0',
      JSON.stringify(targets),
      this.#quotas,
      will?.clientId ?? '',
      will?.token ?? '',
      receivedId === undefined ? '' : clientId,
      receivedId ?? 0,
    )) as [Buffer, Buffer?, Buffer[]?];
    const is = String(answer[0]);
    if (is === 'stale') return { is: 'stale', version: String(answer[1]) };
    if (is === 'gone') return { is: 'answered', result: { id: undefined, dropped: [] } };
    return {
      is: 'answered',
      result: { id: String(answer[1]), dropped: droppedOf(strings(answer[2] ?? [])) },
    };
  }

  async sent({ clientId, token }: Holder, id: string, messageId: number, released: boolean): Promise<void> {
    if ((await this.#link.run('sent', clientId, token, id, messageId, released ? '1' : '0')) !== 1)
      throw new TakenOver();
  }

  async acknowledge({ clientId, token }: Holder, id: string): Promise<void> {
    await this.#link.run('acknowledge', clientId, token, id);
  }

  /** Keeps a retained message that goes out now; its id, or nothing when the queue is full. */
  async keepSent(
    { clientId, token }: Holder,
    message: { readonly topic: string; readonly qos: number; readonly payload: Buffer },
    messageId: number,
  ): Promise<string | undefined> {
    const { topic, qos, payload } = message;
    const args = [clientId, token, topic, qos, payload, messageId, this.#quotas];
    return String(await this.#link.run('keepSent', ...args)) || undefined;
  }

  async putWill(clientId: string, will: Omit<KeptWill, 'node'>): Promise<void> {
    await this.#link.command('HSET', 'wills', clientId, JSON.stringify({ node: this.#node, ...will }));
  }

  async will(clientId: string): Promise<KeptWill | undefined> {
    const found = await this.#link.command('HGET', 'wills', clientId);
    return found === null ? undefined : (JSON.parse(String(found)) as KeptWill);
  }

  async willsOf(node: string): Promise<[clientId: string, will: KeptWill][]> {
    const list = pairs((await this.#link.run('willsOf', node)) as unknown[]);
    return list.map(([clientId, will]) => [clientId.toString(), JSON.parse(will.toString()) as KeptWill]);
  }

  async hasReceived(clientId: string, messageId: number): Promise<boolean> {
    return (await this.#link.command('SISMEMBER', `i:${clientId}`, messageId)) === 1;
  }

  async forgetReceived(clientId: string, messageId: number): Promise<boolean> {
    return (await this.#link.command('SREM', `i:${clientId}`, messageId)) === 1;
  }

  async forgetAllReceived(clientId: string): Promise<void> {
    await this.#link.command('DEL', `i:${clientId}`);
  }

  /** The last entry of the bus. */
  async busEnd(): Promise<string> {
    const found = (await this.#link.command('XREVRANGE', 'bus', '+', '-', 'COUNT', 1)) as [Buffer][];
    return found[0] ? String(found[0][0]) : '0-0';
  }

  async beat(
    applied: string,
    leaseMs: number,
    first: boolean,
  ): Promise<{ sessions: number; queued: number; dead: string[]; epoch: string } | undefined> {
    const answer = (await this.#link.run(
      'beat',
      this.#node,
      applied,
      leaseMs,
      first ? '1' : '0',
    )) as unknown[];
    if (String(answer[0]) === 'dead') return undefined;
    const [, sessions, queued, dead, epoch] = answer as [Buffer, number, number, Buffer[], Buffer];
    return { sessions, queued, dead: strings(dead), epoch: epoch.toString() };
  }

  async forget(node: string): Promise<void> {
    await this.#link.run('forget', node);
  }

  async snapshot(newEpoch: string) {
    const answer = (await this.#link.run('snapshot', newEpoch)) as [
      Buffer,
      Buffer,
      Buffer,
      unknown[],
      unknown[],
    ];
    const [epoch, version, until, filters, retained] = answer;
    return { epoch: String(epoch), version: String(version), until: String(until), filters, retained };
  }

  /** Sessions without a connection. */
  async kept(): Promise<KeptSession[]> {
    const answer = strings(await this.#link.run('kept'));
    const found: KeptSession[] = [];
    for (let index = 0; index + 2 < answer.length; index += 3) {
      const [clientId = '', client = '', goneForMs] = answer.slice(index, index + 3);
      if (client !== '')
        found.push({ clientId, client: JSON.parse(client) as Authenticated, goneForMs: Number(goneForMs) });
    }
    return found;
  }

  async endKept(clientId: string): Promise<void> {
    await this.#link.run('endKept', clientId);
  }

  async sweep(): Promise<{ expired: string[]; aged: [clientId: string, messages: number][] }> {
    const { sessionExpiryMs, offlineAgeMs } = this.#limits;
    const answer = (await this.#link.run('sweep', sessionExpiryMs, offlineAgeMs)) as [Buffer[], unknown[]];
    const [expired, aged] = answer;
    return {
      expired: strings(expired),
      aged: pairs(aged).map(([clientId, messages]) => [clientId.toString(), Number(messages)]),
    };
  }
}

const strings = (list: unknown): string[] => (list as unknown[]).map(String);

/** `retained_…` stands alone, every other limit has its client behind it. */
function droppedOf(list: readonly string[]): HandedResult['dropped'] {
  const dropped: { limit: DroppedLimit; clientId: string | undefined }[] = [];
  for (let index = 0; index < list.length; index++) {
    const limit = list[index] as DroppedLimit;
    const clientId = limit.startsWith('retained') ? undefined : list[++index];
    dropped.push({ limit, clientId });
  }
  return dropped;
}

function storedMessage(id: string, list: Buffer[], mark: string[] | undefined): StoredMessage {
  const fields = new Map(pairs(list).map(([name, value]) => [name.toString(), value]));
  return {
    id,
    topic: String(fields.get('t') ?? ''),
    qos: Number(fields.get('q')),
    payload: fields.get('p') ?? Buffer.alloc(0),
    sent: mark && { messageId: Number(mark[0]), released: mark[1] === 'released' },
  };
}
