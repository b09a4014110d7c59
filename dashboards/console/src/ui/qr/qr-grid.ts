/** The modules of a QR code while it is drawn: dark or light, and which of them are fixed patterns. */
export class QrGrid {
  readonly size: number;
  readonly #dark: boolean[];
  readonly #fixed: boolean[];

  constructor(version: number) {
    this.size = version * 4 + 17;
    this.#dark = Array.from({ length: this.size ** 2 }, () => false);
    this.#fixed = [...this.#dark];
    this.#finders();
    this.#alignments(version);
    if (version >= 7) this.#version(version);
    // Room for what says the mask, which is drawn last.
    this.format(0);
  }

  /** Outside it is light, as the quiet zone is. */
  isDark(x: number, y: number): boolean {
    const isInside = x >= 0 && y >= 0 && x < this.size && y < this.size;
    return isInside && (this.#dark[y * this.size + x] ?? false);
  }

  /** Every module, left to right and top to bottom. */
  get modules(): readonly boolean[] {
    return this.#dark;
  }

  /** Writes codewords up and down in columns of two, from the right (ISO/IEC 18004 §7.7.3). */
  data(codewords: readonly number[]): void {
    let bit = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const isUpward = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step += 1) {
        const y = isUpward ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.#fixed[y * this.size + x]) continue;
          this.#dark[y * this.size + x] = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
          bit += 1;
        }
      }
    }
  }

  /** Turns the data modules over where a mask says so; a second time takes it back. */
  mask(isMasked: (x: number, y: number) => boolean): void {
    for (let at = 0; at < this.#dark.length; at += 1)
      if (!this.#fixed[at] && isMasked(at % this.size, Math.floor(at / this.size)))
        this.#dark[at] = !this.#dark[at];
  }

  /** Says the mask and level M (`00`: some 15 % of the codewords may be unreadable). */
  format(mask: number): void {
    const bits = ((mask << 10) | remainderOf(mask, 0x537, 10)) ^ 0x5412;
    const isSet = (bit: number) => ((bits >> bit) & 1) === 1;
    for (let bit = 0; bit < 6; bit += 1) this.#fix(8, bit, isSet(bit));
    this.#fix(8, 7, isSet(6));
    this.#fix(8, 8, isSet(7));
    this.#fix(7, 8, isSet(8));
    for (let bit = 9; bit < 15; bit += 1) this.#fix(14 - bit, 8, isSet(bit));
    for (let bit = 0; bit < 8; bit += 1) this.#fix(this.size - 1 - bit, 8, isSet(bit));
    for (let bit = 8; bit < 15; bit += 1) this.#fix(8, this.size - 15 + bit, isSet(bit));
    this.#fix(8, this.size - 8, true);
  }

  #fix(x: number, y: number, isDark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.#dark[y * this.size + x] = isDark;
    this.#fixed[y * this.size + x] = true;
  }

  /** Squares of rings round a middle; dark where the distance is one of these. */
  #rings(middleX: number, middleY: number, reach: number, dark: readonly number[]): void {
    for (let y = -reach; y <= reach; y += 1)
      for (let x = -reach; x <= reach; x += 1)
        this.#fix(middleX + x, middleY + y, dark.includes(Math.max(Math.abs(x), Math.abs(y))));
  }

  #finders(): void {
    for (let at = 0; at < this.size; at += 1) {
      this.#fix(6, at, at % 2 === 0);
      this.#fix(at, 6, at % 2 === 0);
    }
    for (const [x, y] of [[3, 3] as const, [this.size - 4, 3] as const, [3, this.size - 4] as const])
      this.#rings(x, y, 4, [0, 1, 3]);
  }

  #alignments(version: number): void {
    if (version === 1) return;
    const count = Math.floor(version / 7) + 2;
    const step = Math.ceil((this.size - 13) / (count * 2 - 2)) * 2;
    const middles = [6, ...Array.from({ length: count - 1 }, (_, index) => this.size - 7 - index * step)];
    const last = this.size - 7;
    for (const x of middles)
      for (const y of middles)
        if (!(x === 6 && (y === 6 || y === last)) && !(x === last && y === 6)) this.#rings(x, y, 2, [0, 2]);
  }

  #version(version: number): void {
    const bits = (version << 12) | remainderOf(version, 0x1f25, 12);
    for (let bit = 0; bit < 18; bit += 1) {
      const [far, near] = [this.size - 11 + (bit % 3), Math.floor(bit / 3)];
      this.#fix(far, near, ((bits >> bit) & 1) === 1);
      this.#fix(near, far, ((bits >> bit) & 1) === 1);
    }
  }
}

/** The remainder of a BCH code: `degree` bits. */
function remainderOf(value: number, polynomial: number, degree: number): number {
  let rest = value;
  for (let step = 0; step < degree; step += 1) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * polynomial);
  return rest;
}
