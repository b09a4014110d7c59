import {
  AV_LOG_QUIET,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { Dictionary, FormatContext, Log, Packet, type Stream } from 'node-av/lib';
import { ffmpegFailure, forgetStatus, watchStatuses } from './ffmpeg-failure.ts';
import { cameraPolicy } from './policy.ts';
import { SourceFailure } from './source-failure.ts';

/** How FFmpeg opens a source. */
export interface OpenHow {
  /** With user and password, if there are any. */
  readonly url: string;
  readonly kind: 'file' | 'rtsp' | 'http';
  /** Of RTSP. */
  readonly transport: 'tcp' | 'udp';
  /** Of HTTP: the host to ask for, when it is not that of `url`. */
  readonly host?: string | undefined;
}

/**
 * What FFmpeg may open for an address, whatever the other side sends it to: nothing with TLS, because its own
 * does not check whom it talks to, and no files.
 */
const protocols = { rtsp: 'rtsp,rtp,udp,tcp', http: 'http,tcp,crypto,data' };

/** Reads the packets of the best video stream of a source. */
export class PacketReader {
  readonly #format = new FormatContext();
  readonly #live: boolean;
  #stream: Stream | null = null;
  #msPerTick = 0;
  #startTicks = 0n;
  /** What could not be taken apart. */
  unreadable = 0;

  private constructor(live: boolean) {
    this.#live = live;
  }

  /** @throws SourceFailure with the code that says why it cannot be opened */
  static async open({ url, kind, transport, host }: OpenHow): Promise<PacketReader> {
    const reader = new PacketReader(kind !== 'file');
    const format = reader.#format;
    // Without a limit a silent camera blocks for ever. Microseconds.
    const limit = String(cameraPolicy.answerMs * 1000);
    const options = {
      file: {},
      rtsp: {
        ...{ rtsp_transport: transport, timeout: limit, allowed_media_types: 'video' },
        protocol_whitelist: protocols.rtsp,
      },
      http: {
        ...{ rw_timeout: limit, protocol_whitelist: protocols.http },
        ...(host === undefined ? {} : { headers: `Host: ${host}\r\n` }),
      },
    }[kind];
    if (kind === 'rtsp') watchStatuses();
    else Log.setLevel(AV_LOG_QUIET);
    forgetStatus();
    format.allocContext();
    if (reader.#live) format.maxAnalyzeDuration = BigInt(cameraPolicy.analyzeMs * 1000);
    await reader.#check(await format.openInput(url, null, Dictionary.fromObject(options)), true);
    await reader.#check(await format.findStreamInfo(null), true);
    await reader.#choose();
    return reader;
  }

  async #choose(): Promise<void> {
    const index = this.#format.findBestStream(AVMEDIA_TYPE_VIDEO);
    const stream = this.#format.streams[index];
    if (index < 0 || !stream) throw new SourceFailure('edge.camera_no_video');
    for (const other of this.#format.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    this.#stream = stream;
    this.#msPerTick = (1000 * stream.timeBase.num) / stream.timeBase.den;
    this.#startTicks = stream.startTime > 0n ? stream.startTime : 0n;
  }

  get stream(): Stream {
    if (!this.#stream) throw new Error('not open');
    return this.#stream;
  }

  /** Milliseconds from the stream’s start; NaN when the stream does not say. */
  positionOf(ticks: bigint): number {
    return ticks >= 0n ? Number(ticks - this.#startTicks) * this.#msPerTick : Number.NaN;
  }

  /**
   * The next packet, the caller’s to free; null at the end of the stream. @throws SourceFailure when the
   * source breaks off
   */
  async next(): Promise<Packet | null> {
    for (let failures = 0; ; ) {
      const packet = new Packet();
      packet.alloc();
      const read = await this.#format.readFrame(packet);
      if (read >= 0 && packet.streamIndex === this.stream.index) return packet;
      packet.free();
      if (read === AVERROR_EOF) return null;
      if (read >= 0) continue;
      if (read === AVERROR_INVALIDDATA) this.unreadable++;
      else if (read !== AVERROR_EAGAIN) await this.#check(read, false);
      if (++failures > cameraPolicy.inputFailures) await this.#check(read, false);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Back to the beginning of a file. */
  async rewind(): Promise<void> {
    const to = await this.#format.seekFrame(this.stream.index, this.#startTicks, AVSEEK_FLAG_BACKWARD);
    await this.#check(to, false);
  }

  async #check(result: number, opening: boolean): Promise<void> {
    if (result < 0) throw await ffmpegFailure(result, opening && this.#live);
  }
}
