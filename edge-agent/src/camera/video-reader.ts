import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_FRAME_FLAG_CORRUPT,
  AV_LOG_QUIET,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, Log, Packet } from 'node-av/lib';
import { isStreamAddress } from '../stream-address.ts';

/** A decoded picture; `frame` is valid until the next one is read. */
export interface DecodedPicture {
  readonly frame: Frame;
  /** Position in milliseconds from the stream's start; NaN when the stream does not say. */
  readonly ptsMs: number;
}

/** Input failures in a row after which a source counts as lost. */
const maxFailures = 200;

/**
 * Demuxes and decodes one video stream in software on one thread.
 * @throws Error with FFmpeg's message when the source cannot be opened or breaks off.
 */
export class VideoReader {
  readonly #format = new FormatContext();
  readonly #codec = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #stream = 0;
  #msPerTick = 0;
  #startTicks = 0n;
  /** Pictures or packets that could not be decoded. */
  unreadable = 0;

  async open(url: string): Promise<void> {
    Log.setLevel(AV_LOG_QUIET);
    const live = isStreamAddress(url);
    // Microseconds; without it a silent camera blocks for ever.
    const options = Dictionary.fromObject(
      url.startsWith('rtsp')
        ? { rtsp_transport: 'tcp', timeout: '5000000' }
        : live
          ? { rw_timeout: '5000000' }
          : {},
    );
    this.#format.allocContext();
    if (live) this.#format.maxAnalyzeDuration = 1_000_000n;
    check(await this.#format.openInput(url, null, options));
    check(await this.#format.findStreamInfo(null));
    this.#stream = check(this.#format.findBestStream(AVMEDIA_TYPE_VIDEO));
    const stream = this.#format.streams[this.#stream];
    const decoder = stream && Codec.findDecoder(stream.codecpar.codecId);
    if (!stream || !decoder) throw new Error('no decoder for this video');
    for (const other of this.#format.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    this.#msPerTick = (1000 * stream.timeBase.num) / stream.timeBase.den;
    this.#startTicks = stream.startTime > 0n ? stream.startTime : 0n;
    this.#codec.allocContext3(decoder);
    check(this.#codec.parametersToContext(stream.codecpar));
    this.#codec.threadCount = 1;
    if (live) this.#codec.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    check(await this.#codec.open2(decoder, null));
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Pictures in order until the stream ends. */
  async *pictures(): AsyncGenerator<DecodedPicture> {
    let failures = 0;
    for (;;) {
      const read = await this.#format.readFrame(this.#packet);
      if (read === AVERROR_EOF) break;
      if (read < 0) {
        if (read === AVERROR_INVALIDDATA) this.unreadable++;
        else if (read !== AVERROR_EAGAIN) check(read);
        if (++failures > maxFailures) check(read);
        await new Promise((resolve) => setTimeout(resolve, 10));
        continue;
      }
      failures = 0;
      if (this.#packet.streamIndex === this.#stream) {
        if (this.#codec.sendPacketSync(this.#packet) < 0) this.unreadable++;
        yield* this.#decoded();
      }
      this.#packet.unref();
    }
    this.#codec.sendPacketSync(null);
    yield* this.#decoded();
  }

  /** Back to the beginning of a file. */
  async rewind(): Promise<void> {
    this.#codec.flushBuffers();
    check(await this.#format.seekFrame(this.#stream, this.#startTicks, AVSEEK_FLAG_BACKWARD));
  }

  *#decoded(): Generator<DecodedPicture> {
    while (this.#codec.receiveFrameSync(this.#frame) >= 0) {
      const frame = this.#frame;
      if (frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT)) {
        this.unreadable++;
        continue;
      }
      const ticks = frame.bestEffortTimestamp;
      const known = ticks >= 0n;
      yield { frame, ptsMs: known ? Number(ticks - this.#startTicks) * this.#msPerTick : Number.NaN };
    }
  }
}

function check(result: number): number {
  if (result >= 0) return result;
  throw new Error(new FFmpegError(result).message);
}
