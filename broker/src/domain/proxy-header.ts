import { WatchpostError } from '@watchpost/contracts/errors';

/** What a balancer says about a connection that it passes on. */
export interface ProxyHeader {
  /** Bytes of the header. */
  readonly length: number;
  /** The client’s address; absent for the balancer’s own health checks. */
  readonly address?: string;
}

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** Longest header of version 1 with its line end. */
const longestLine = 107;
const PROXY = 0x21;
const LOCAL = 0x20;
const TCP4 = 0x11;
const TCP6 = 0x21;

/**
 * Reads the header of the PROXY protocol, version 1 or 2 (haproxy.org, proxy-protocol.txt §2), from the start
 * of a connection. `undefined` while it is not complete.
 * @throws WatchpostError `broker.malformed_packet`
 */
export function parseProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  const begin = bytes.subarray(0, signature.length);
  if (signature.subarray(0, begin.length).equals(begin)) return version2(bytes);
  return version1(bytes);
}

function version1(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.indexOf('\r\n');
  const start = bytes.subarray(0, 6).toString('latin1');
  if (!'PROXY '.startsWith(start) || (end < 0 && bytes.length >= longestLine) || end > longestLine - 2)
    throw bad();
  if (end < 0) return undefined;
  const [, family, address] = bytes.subarray(0, end).toString('latin1').split(' ');
  if (family === 'UNKNOWN') return { length: end + 2 };
  if ((family !== 'TCP4' && family !== 'TCP6') || !address) throw bad();
  return { length: end + 2, address };
}

function version2(bytes: Buffer): ProxyHeader | undefined {
  if (bytes.length < 16) return undefined;
  const command = bytes[12];
  const length = 16 + bytes.readUInt16BE(14);
  if (command !== PROXY && command !== LOCAL) throw bad();
  if (length > 1024) throw bad();
  if (bytes.length < length) return undefined;
  if (command === LOCAL) return { length };
  if (bytes[13] === TCP4 && length >= 28) return { length, address: bytes.subarray(16, 20).join('.') };
  if (bytes[13] === TCP6 && length >= 52) {
    const groups = Array.from({ length: 8 }, (_each, index) =>
      bytes.readUInt16BE(16 + index * 2).toString(16),
    );
    return { length, address: groups.join(':') };
  }
  return { length };
}

const bad = (): WatchpostError =>
  new WatchpostError('broker.malformed_packet', { details: { field: 'proxy_header' } });
