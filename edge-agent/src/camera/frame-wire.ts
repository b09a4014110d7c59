import type { ErrorCode } from '@watchpost/contracts/errors';
import type { PictureOutline } from '@watchpost/contracts/site';
import type { Frame } from '@watchpost/inference';
import type { CertificateCheck } from './tls/certificate-check.ts';

/**
 * What the decoder process says to the agent over its pipe: a header of 24 bytes, then `length` bytes. All
 * numbers little endian.
 * `u8 kind (1 frame, 2 status, 3 codes) · 3 unused · u32 length · f64 capturedAt · u32 width · u32 height`
 */
export const headerBytes = 24;
const frameKind = 1;
const statusKind = 2;
const codesKind = 3;
/** A frame of 3840 × 3840; anything longer is not ours. */
const maxBodyBytes = 3840 * 3840 * 3;

/** Which way RTP comes; `auto` = TCP, and UDP where the camera refuses that. */
export type Transport = 'tcp' | 'udp' | 'auto';

/**
 * What a decoder process is told when it begins, as one line of JSON on its stdin: never on the command line,
 * it may hold a password.
 */
export interface DecoderOrder {
  /** Path of a file, or a stream’s address without user and password. */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Of an address with TLS; left out = by the authorities of the system. */
  readonly certificate?: CertificateCheck | undefined;
  readonly loop: boolean;
  readonly transport: Transport;
  /** Width of the pictures that are sent, before they are turned. */
  readonly analysisWidth: number;
  /** Width at which the whole picture is searched for codes. */
  readonly codesWidth: number;
  readonly fps: number;
  /** Degrees clockwise; left out = as the stream says. */
  readonly rotation?: Rotation | undefined;
  /** Parts of the upright picture that are blanked in everything that is looked at. */
  readonly masks?: readonly PictureOutline[] | undefined;
}

export type Rotation = 0 | 90 | 180 | 270;

/** What the agent asks for: one byte each, on the decoder’s stdin after its order. */
export const requests = { picture: 'n', quickCodes: 'q', thoroughCodes: 't' } as const;

/** Counters are since the process began. */
export interface DecoderStatus {
  readonly opened: boolean;
  readonly decoded: number;
  readonly unreadable: number;
  /** Packets that were left out because the decoder could not keep up. */
  readonly dropped: number;
  /**
   * Age of the newest decoded picture when it was ready, milliseconds; null before the first, and for files.
   */
  readonly lagMs: number | null;
  /** Set when the process is about to end. */
  readonly ended?: 'end_of_file' | 'lost';
  /** Why `lost`. */
  readonly code?: ErrorCode;
  /** With a code for a refused certificate: its pin. */
  readonly shownCertificate?: string | undefined;
}

/** The codes in a picture. */
export interface CodesSeen {
  readonly capturedAt: number;
  /** `partOf`: as in a reading of `inference`. */
  readonly codes: readonly { readonly text: string; readonly partOf?: number | undefined }[];
}

export function encodeFrameHeader(width: number, height: number, capturedAt: number): Buffer {
  return header(frameKind, width * height * 3, capturedAt, width, height);
}

export function encodeStatus(status: DecoderStatus): Buffer {
  return encodeJson(statusKind, status);
}

export function encodeCodes(seen: CodesSeen): Buffer {
  return encodeJson(codesKind, seen);
}

function encodeJson(kind: number, value: DecoderStatus | CodesSeen): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  return Buffer.concat([header(kind, body.length, 0, 0, 0), body]);
}

function header(kind: number, length: number, capturedAt: number, width: number, height: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32LE(length, 4);
  bytes.writeDoubleLE(capturedAt, 8);
  bytes.writeUInt32LE(width, 16);
  bytes.writeUInt32LE(height, 20);
  return bytes;
}

export interface FrameWireHandlers {
  /** The pixels stay valid until the next frame is asked for: the buffer is used again. */
  onFrame(frame: Frame): void;
  onStatus(status: DecoderStatus): void;
  onCodes(seen: CodesSeen): void;
}

/** Cuts the stream into messages. Memory is one frame, whatever the chunks. */
export class FrameWireReader {
  readonly #handlers: FrameWireHandlers;
  readonly #header = Buffer.alloc(headerBytes);
  #frame = Buffer.alloc(0);
  #body: Buffer | null = null;
  #filled = 0;

  constructor(handlers: FrameWireHandlers) {
    this.#handlers = handlers;
  }

  /** @throws RangeError when the bytes are not ours; the process that sent them is then of no use. */
  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      const target = this.#body ?? this.#header;
      const taken = chunk.copy(target, this.#filled, offset, offset + target.length - this.#filled);
      offset += taken;
      this.#filled += taken;
      if (this.#filled < target.length) return;
      this.#filled = 0;
      if (this.#body) this.#finish(this.#body);
      else this.#begin();
    }
  }

  #begin(): void {
    const kind = this.#header.readUInt8(0);
    const length = this.#header.readUInt32LE(4);
    if (kind < frameKind || kind > codesKind || length === 0 || length > maxBodyBytes)
      throw new RangeError('not a message of the decoder process');
    if (kind === frameKind && this.#frame.length !== length) this.#frame = Buffer.alloc(length);
    this.#body = kind === frameKind ? this.#frame : Buffer.alloc(length);
  }

  #finish(body: Buffer): void {
    this.#body = null;
    const kind = this.#header.readUInt8(0);
    if (kind !== frameKind) {
      const value: unknown = JSON.parse(body.toString('utf8'));
      if (kind === statusKind) this.#handlers.onStatus(value as DecoderStatus);
      else this.#handlers.onCodes(value as CodesSeen);
      return;
    }
    const width = this.#header.readUInt32LE(16);
    const height = this.#header.readUInt32LE(20);
    if (width * height * 3 !== body.length) throw new RangeError('a frame of another size than it says');
    this.#handlers.onFrame({ width, height, data: body, capturedAt: this.#header.readDoubleLE(8) });
  }
}
