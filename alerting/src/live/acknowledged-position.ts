interface Sent {
  readonly position: number;
  isDone: boolean;
}

/**
 * Up to which position everything that was sent is acknowledged, in whatever order the acknowledgements come.
 */
export class AcknowledgedPosition {
  readonly #sent: Sent[] = [];
  #position: number;
  #waiting = 0;

  constructor(position: number) {
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  /** How many were sent and are not acknowledged. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Something was sent, of a position no smaller than those before. Returns what acknowledges it. */
  sent(position: number): () => void {
    const sent: Sent = { position, isDone: false };
    this.#sent.push(sent);
    this.#waiting += 1;
    return () => {
      if (sent.isDone) return;
      sent.isDone = true;
      this.#waiting -= 1;
      this.#advance();
    };
  }

  #advance(): void {
    const next = this.#sent.findIndex(({ isDone }) => !isDone);
    const done = this.#sent.splice(0, next < 0 ? this.#sent.length : next);
    this.#position = done.at(-1)?.position ?? this.#position;
  }
}
