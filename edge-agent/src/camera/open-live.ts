import { parseCameraAddress, withCredentials } from '@watchpost/contracts/site';
import { AV_CODEC_ID_MJPEG, AV_PKT_DATA_DISPLAYMATRIX, AV_PKT_FLAG_KEY } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import type { DecoderOrder, Rotation } from './frame-wire.ts';
import { openHttpPictures } from './http-pictures.ts';
import type { LiveSource } from './live-player.ts';
import { PacketReader } from './packet-reader.ts';
import { PictureDecoder } from './picture-decoder.ts';
import { cameraPolicy } from './policy.ts';
import { reachHost } from './reach-host.ts';
import { rotationOf } from './rgb-picture.ts';
import { SourceFailure } from './source-failure.ts';

/** A source whose pictures can be decoded. */
export interface OpenedSource {
  readonly source: LiveSource;
  readonly decoder: PictureDecoder;
  /** The turn that the stream asks for. */
  readonly rotation: Rotation;
  /** What could not be used, so far. */
  unreadable(): number;
}

/**
 * Opens a live stream. Whether anything listens is found out first, by a plain connection: that costs no
 * log-in.
 * @throws SourceFailure with the code that says what is wrong
 */
export async function openLive(order: DecoderOrder): Promise<OpenedSource> {
  const address = parseCameraAddress(order.url);
  if (address.kind === 'file') throw new Error('not a stream');
  const failure = await reachHost(address.host, address.port, cameraPolicy.connectMs);
  if (failure) throw new SourceFailure(failure);
  const { user, password = '' } = order;
  if (address.kind === 'http') {
    const content = await openHttpPictures(
      address.url,
      user === undefined ? undefined : { user, password },
      order.fps,
    );
    if (content.kind === 'jpegs') return openJpegs(content.pictures, content.unreadable);
  }
  return openPackets(address.kind, withCredentials(address.url, user, password), order.transport);
}

async function openPackets(
  kind: 'rtsp' | 'http',
  url: string,
  wanted: DecoderOrder['transport'],
): Promise<OpenedSource> {
  const reader = await openReader(kind, url, wanted);
  const { codecpar } = reader.stream;
  const decoder = await PictureDecoder.open(codecpar.codecId, codecpar, true);
  return {
    source: {
      next: async () => {
        const packet = await reader.next();
        return packet && { packet, positionMs: reader.positionOf(packet.pts) };
      },
    },
    decoder,
    rotation: rotationOf(codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
    unreadable: () => reader.unreadable + decoder.unreadable,
  };
}

/** `auto`: TCP; UDP only where the camera says that it does not offer TCP, never after a refused log-in. */
async function openReader(
  kind: 'rtsp' | 'http',
  url: string,
  wanted: DecoderOrder['transport'],
): Promise<PacketReader> {
  try {
    return await PacketReader.open({ url, kind, transport: wanted === 'udp' ? 'udp' : 'tcp' });
  } catch (error) {
    const refused = error instanceof SourceFailure && error.code === 'edge.camera_transport';
    if (!refused || wanted !== 'auto') throw error;
    return PacketReader.open({ url, kind, transport: 'udp' });
  }
}

async function openJpegs(pictures: AsyncIterable<Buffer>, unreadable: () => number): Promise<OpenedSource> {
  const decoder = await PictureDecoder.open(AV_CODEC_ID_MJPEG, null, true);
  const iterator = pictures[Symbol.asyncIterator]();
  return {
    source: {
      next: async () => {
        const { done, value } = await iterator.next();
        if (done) return null;
        const packet = new Packet();
        packet.alloc();
        packet.data = value;
        packet.setFlags(AV_PKT_FLAG_KEY);
        return { packet, positionMs: Number.NaN };
      },
    },
    decoder,
    rotation: 0,
    unreadable: () => unreadable() + decoder.unreadable,
  };
}
