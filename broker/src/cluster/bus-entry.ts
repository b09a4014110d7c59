/** One entry of the stream that all nodes follow in the same order. */
export type BusEntry = { readonly id: string } & (
  | {
      readonly kind: 'message';
      readonly node: string;
      readonly clientId: string;
      readonly topic: string;
      readonly payload: Buffer;
      readonly qos: 0 | 1 | 2;
      /** With retain: whether it was stored (or else only removed the former one). */
      readonly retained: 'stored' | 'removed' | undefined;
      /** In whose queues it was put, with which QoS. */
      readonly queued: readonly (readonly [clientId: string, qos: number])[];
    }
  | {
      readonly kind: 'subscriptions';
      readonly clientId: string;
      readonly set: readonly (readonly [filter: string, qos: number])[];
      readonly deleted: readonly string[];
    }
  | { readonly kind: 'session ended'; readonly clientId: string }
  | { readonly kind: 'claimed'; readonly clientId: string; readonly node: string }
  | { readonly kind: 'mark' }
);

interface Header {
  readonly k: 'msg' | 'subs' | 'end' | 'claim' | 'mark';
  readonly n?: string;
  readonly c?: string;
  readonly q?: 0 | 1 | 2;
  readonly r?: 0 | 1;
  // an empty Lua table becomes {}
  readonly to?: [string, number][] | object;
  readonly set?: [string, number][] | object;
  readonly del?: string[] | object;
}

const listOf = <T>(value: T[] | object | undefined): T[] => (Array.isArray(value) ? value : []);

/** Fields and values in turn, as Redis gives them. */
export function pairs(list: readonly unknown[]): [Buffer, Buffer][] {
  const found: [Buffer, Buffer][] = [];
  for (let index = 0; index + 1 < list.length; index += 2)
    found.push([list[index] as Buffer, list[index + 1] as Buffer]);
  return found;
}

export function parseBusEntry([id, list]: [Buffer, Buffer[]]): BusEntry {
  const fields = new Map(pairs(list).map(([name, value]) => [name.toString(), value]));
  const header = JSON.parse(fields.get('h')?.toString() ?? '{}') as Header;
  const clientId = header.c ?? '';
  const base = { id: id.toString() };
  switch (header.k) {
    case 'msg':
      return {
        ...base,
        kind: 'message',
        node: header.n ?? '',
        clientId,
        topic: fields.get('t')?.toString() ?? '',
        payload: fields.get('p') ?? Buffer.alloc(0),
        qos: header.q ?? 0,
        retained: header.r === undefined ? undefined : header.r === 1 ? 'stored' : 'removed',
        queued: listOf<[string, number]>(header.to),
      };
    case 'subs':
      return {
        ...base,
        kind: 'subscriptions',
        clientId,
        set: listOf(header.set),
        deleted: listOf(header.del),
      };
    case 'end':
      return { ...base, kind: 'session ended', clientId };
    case 'claim':
      return { ...base, kind: 'claimed', clientId, node: header.n ?? '' };
    default:
      return { ...base, kind: 'mark' };
  }
}

/** Whether bus id `a` comes before `b`. Ids are `milliseconds-number`. */
export function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aCount = 0] = a.split('-').map(Number);
  const [bMs = 0, bCount = 0] = b.split('-').map(Number);
  return aMs === bMs ? aCount < bCount : aMs < bMs;
}

/**
 * The place of a message in the order of the bus as one number, which Aedes wants. Exact until 2041, and for
 * 4096 messages in a millisecond.
 */
export function placeOf(id: string): number {
  const [ms = 0, count = 0] = id.split('-').map(Number);
  return ms * 4096 + count;
}
