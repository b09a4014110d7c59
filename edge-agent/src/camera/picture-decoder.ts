import { AV_CODEC_FLAG_LOW_DELAY, AV_FRAME_FLAG_CORRUPT, type AVCodecID } from 'node-av/constants';
import { Codec, CodecContext, type CodecParameters, Frame, type Packet } from 'node-av/lib';
import { SourceFailure } from './source-failure.ts';

/** Decodes packets of one video stream in software on one thread, beside the event loop. */
export class PictureDecoder {
  readonly #codec = new CodecContext();
  readonly #frame = new Frame();
  /** Pictures or packets that could not be decoded. */
  unreadable = 0;

  private constructor() {
    this.#frame.alloc();
  }

  /** @throws SourceFailure `edge.camera_no_decoder` */
  static async open(
    codecId: AVCodecID,
    parameters: CodecParameters | null,
    live: boolean,
  ): Promise<PictureDecoder> {
    const codec = Codec.findDecoder(codecId);
    if (!codec) throw new SourceFailure('edge.camera_no_decoder');
    const decoder = new PictureDecoder();
    const context = decoder.#codec;
    context.allocContext3(codec);
    if (parameters && context.parametersToContext(parameters) < 0)
      throw new SourceFailure('edge.camera_no_decoder');
    context.threadCount = 1;
    if (live) context.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    if ((await context.open2(codec, null)) < 0) throw new SourceFailure('edge.camera_no_decoder');
    return decoder;
  }

  /**
   * Pictures that become ready with this packet (null: the end of the stream); each is valid until the next
   * is asked for.
   */
  async *decode(packet: Packet | null): AsyncGenerator<Frame> {
    const sent = await this.#codec.sendPacket(packet);
    if (sent < 0 && packet) this.unreadable++;
    while ((await this.#codec.receiveFrame(this.#frame)) >= 0) {
      const frame = this.#frame;
      if (frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT)) this.unreadable++;
      else yield frame;
    }
  }

  /** What comes next does not follow what came before. */
  flush(): void {
    this.#codec.flushBuffers();
  }
}
