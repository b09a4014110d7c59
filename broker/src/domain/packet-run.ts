/**
 * Packets on their way in one piece: those that stand one behind the other in the chunk in which they came
 * are joined again without a copy.
 */
export class PacketRun {
  #runs: { readonly first: Buffer; bytes: number }[] = [];

  add(packet: Buffer): void {
    const last = this.#runs.at(-1);
    const follows =
      last?.first.buffer === packet.buffer && last.first.byteOffset + last.bytes === packet.byteOffset;
    if (last && follows) last.bytes += packet.length;
    else this.#runs.push({ first: packet, bytes: packet.length });
  }

  /** All of it, in its order; afterwards there is nothing. */
  take(): Buffer[] {
    const runs = this.#runs;
    this.#runs = [];
    return runs.map(({ first, bytes }) =>
      bytes === first.length ? first : Buffer.from(first.buffer, first.byteOffset, bytes),
    );
  }
}
