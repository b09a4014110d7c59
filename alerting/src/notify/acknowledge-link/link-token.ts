import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link to acknowledge is bound to. */
export interface LinkContent {
  /** Names the key that signed it. */
  readonly period: number;
  /** Milliseconds since the Unix epoch, in whole seconds. */
  readonly expiresMs: number;
  /** The version of the incident that its notice told of. */
  readonly seq: number;
  /** Of the notice that carries it, UUID: a link is used once. */
  readonly notice: string;
  /** Of whom it was sent to, UUID. */
  readonly account: string;
  /** UUID. */
  readonly incident: string;
}

const form = 1;
const contentBytes = 59;
const signatureBytes = 16;

const bytesOfUuid = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** 128 bits of HMAC-SHA256: nobody tries so many. */
const signatureOf = (content: Buffer, key: Buffer): Buffer =>
  createHmac('sha256', key)
    .update('watchpost acknowledge link\0')
    .update(content)
    .digest()
    .subarray(0, signatureBytes);

/** The secret of a link: 100 characters of base64url. */
export function writeLinkToken(
  { period, expiresMs, seq, notice, account, incident }: LinkContent,
  key: Buffer,
): string {
  const head = Buffer.alloc(11);
  head.writeUInt8(form, 0);
  head.writeUInt16BE(period & 0xffff, 1);
  head.writeUInt32BE(Math.floor(expiresMs / 1000), 3);
  head.writeUInt32BE(seq, 7);
  const content = Buffer.concat([head, ...[notice, account, incident].map(bytesOfUuid)]);
  return Buffer.concat([content, signatureOf(content, key)]).toString('base64url');
}

/** What a token says, whoever signed it; undefined for what is none. */
export function readLinkToken(token: string): LinkContent | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // Of the spellings of the same bytes one is ours.
  if (bytes.length !== contentBytes + signatureBytes || bytes.toString('base64url') !== token)
    return undefined;
  if (bytes.readUInt8(0) !== form) return undefined;
  return {
    period: bytes.readUInt16BE(1),
    expiresMs: bytes.readUInt32BE(3) * 1000,
    seq: bytes.readUInt32BE(7),
    notice: uuidOf(bytes.subarray(11, 27)),
    account: uuidOf(bytes.subarray(27, 43)),
    incident: uuidOf(bytes.subarray(43, contentBytes)),
  };
}

/** Whether this key signed a token that {@link readLinkToken} could read. */
export function isSignedBy(token: string, key: Buffer): boolean {
  const bytes = Buffer.from(token, 'base64url');
  return timingSafeEqual(bytes.subarray(contentBytes), signatureOf(bytes.subarray(0, contentBytes), key));
}
