import { setTimeout as sleep } from 'node:timers/promises';
import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { FilePacing } from './frame-pacing.ts';
import type { Rotation } from './frame-wire.ts';
import { PacketReader } from './packet-reader.ts';
import { PictureDecoder } from './picture-decoder.ts';
import { rotationOf } from './rgb-picture.ts';

/** Plays a video file like a camera: in real time, once or again and again. */
export class FilePlayer {
  readonly #reader: PacketReader;
  readonly #decoder: PictureDecoder;
  readonly rotation: Rotation;

  private constructor(reader: PacketReader, decoder: PictureDecoder) {
    this.#reader = reader;
    this.#decoder = decoder;
    this.rotation = rotationOf(reader.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX));
  }

  /** @throws SourceFailure */
  static async open(path: string): Promise<FilePlayer> {
    const reader = await PacketReader.open({ url: path, kind: 'file', transport: 'tcp' });
    const { codecpar } = reader.stream;
    return new FilePlayer(reader, await PictureDecoder.open(codecpar.codecId, codecpar, false));
  }

  unreadable(): number {
    return this.#reader.unreadable + this.#decoder.unreadable;
  }

  /** Settles at the end of the file; with `loop` only when a round gave no picture. */
  async play(loop: boolean, onPicture: (frame: Frame, takenMs: number) => void): Promise<void> {
    const pacing = new FilePacing();
    for (;;) {
      const pictures = await this.#round(pacing, onPicture);
      if (!loop || pictures === 0) return;
      pacing.nextRound();
      await this.#reader.rewind();
      this.#decoder.flush();
    }
  }

  async #round(pacing: FilePacing, onPicture: (frame: Frame, takenMs: number) => void): Promise<number> {
    let pictures = 0;
    for (let last = false; !last; ) {
      const packet = await this.#reader.next();
      last = packet === null;
      for await (const frame of this.#decoder.decode(packet)) {
        pictures++;
        const positionMs = this.#reader.positionOf(frame.bestEffortTimestamp);
        let takenMs = performance.now();
        if (Number.isFinite(positionMs)) {
          takenMs = pacing.due(positionMs, takenMs);
          const waitMs = takenMs - performance.now();
          if (waitMs > 0) await sleep(waitMs);
        }
        onPicture(frame, takenMs);
      }
      packet?.free();
    }
    return pictures;
  }
}
