import { readCameraAddress, withCredentials } from '@watchpost/contracts/site/camera-address';
import { AV_CODEC_ID_MJPEG, AV_PKT_DATA_DISPLAYMATRIX, AV_PKT_FLAG_KEY } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import type { DecoderOrder, Rotation } from './frame-wire.ts';
import type { LiveSource } from './live-player.ts';
import { type OpenHow, PacketReader } from './packet-reader.ts';
import { PictureDecoder } from './picture-decoder.ts';
import { cameraPolicy } from './policy.ts';
import { reachHost } from './reach-host.ts';
import { rotationOf } from './rgb-picture.ts';
import { SourceFailure } from './source-failure.ts';
import type { CertificateCheck } from './tls/certificate-check.ts';

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
  const address = readCameraAddress(order.url);
  if (address.kind === 'file' || address.kind === 'refused') throw new Error('not a stream');
  const failure = await reachHost(address.host, address.port, cameraPolicy.connectMs);
  if (failure) throw new SourceFailure(failure);
  const { user, password = '', certificate = bySystem } = order;
  if (address.kind === 'http') {
    // Only here, as the tunnel below: a camera of plain RTSP does without ten megabytes.
    const { openHttpPictures } = await import('./http-pictures.ts');
    const account = user === undefined ? undefined : { user, password };
    const content = await openHttpPictures({ url: address.url, user: account, certificate }, order.fps);
    if (content.kind === 'jpegs') return openJpegs(content.pictures, content.unreadable);
  }
  const { kind, url, host, port } = address;
  const plain = { kind, url: withCredentials(url, user, password), transport: order.transport };
  if (!/^(?:rtsps|https):/.test(url)) return openPackets(plain);
  const { TlsTunnel } = await import('./tls/tls-tunnel.ts');
  const tunnel = await TlsTunnel.open({ host, port, check: certificate });
  return openPackets({
    kind,
    url: withCredentials(tunnel.through(url), user, password),
    // RTP beside a tunnel would not be in it.
    transport: 'tcp',
    host: new URL(url).host,
  });
}

const bySystem: CertificateCheck = { by: 'authorities' };

/** What FFmpeg is to open. */
interface PacketsWanted extends Omit<OpenHow, 'kind' | 'transport'> {
  readonly kind: 'rtsp' | 'http';
  readonly transport: DecoderOrder['transport'];
}

async function openPackets(wanted: PacketsWanted): Promise<OpenedSource> {
  const reader = await openReader(wanted);
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
async function openReader({ transport, ...where }: PacketsWanted): Promise<PacketReader> {
  try {
    return await PacketReader.open({ ...where, transport: transport === 'udp' ? 'udp' : 'tcp' });
  } catch (error) {
    const refused = error instanceof SourceFailure && error.code === 'edge.camera_transport';
    if (!refused || transport !== 'auto') throw error;
    return PacketReader.open({ ...where, transport: 'udp' });
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
