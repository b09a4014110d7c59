import type { Alarm } from './alarm-schedule.ts';

interface Tone {
  readonly hertz: number;
  readonly startS: number;
  readonly lengthS: number;
}

const pair = (startS: number, high: number, low: number): readonly Tone[] => [
  { hertz: high, startS, lengthS: 0.18 },
  { hertz: low, startS: startS + 0.2, lengthS: 0.26 },
];

/**
 * Two falling tones carry across a room and are no telephone; trouble rises and drones, so that it cannot be
 * mistaken.
 */
const tonesOf: Readonly<Record<Alarm, readonly Tone[]>> = {
  critical: [...pair(0, 880, 660), ...pair(0.6, 880, 660)],
  high: pair(0, 740, 590),
  medium: [{ hertz: 590, startS: 0, lengthS: 0.3 }],
  trouble: [
    { hertz: 220, startS: 0, lengthS: 0.35 },
    { hertz: 330, startS: 0.4, lengthS: 0.35 },
    { hertz: 220, startS: 0.8, lengthS: 0.6 },
  ],
};
const loudnessOf: Readonly<Record<Alarm, number>> = { critical: 0.25, high: 0.16, medium: 0.1, trouble: 0.2 };
const edgeS = 0.015;

/**
 * `blocked`: the browser lets no page sound that nobody has touched. `broken`: there is no way to make a
 * sound here.
 */
export type SoundState = 'ready' | 'blocked' | 'broken';

/** The sound of this page: whether it can be heard at all, and the tones. */
export class SoundOutput {
  readonly #readers = new Set<() => void>();
  #context: AudioContext | undefined;
  #state: SoundState = 'blocked';

  /** Opens the way to the loudspeaker, or waits for the first touch of the page that allows it. */
  start(): void {
    try {
      this.#context = new AudioContext();
    } catch {
      this.#became('broken');
      return;
    }
    this.#context.onstatechange = () => this.#look();
    for (const gesture of gestures) addEventListener(gesture, this.#unlock, { capture: true, passive: true });
    this.#unlock();
    this.#look();
  }

  stop(): void {
    for (const gesture of gestures) removeEventListener(gesture, this.#unlock, { capture: true });
    if (this.#context) {
      this.#context.onstatechange = null;
      void this.#context.close().catch(() => undefined);
    }
    this.#context = undefined;
    this.#became('blocked');
  }

  readonly subscribe = (reader: () => void): (() => void) => {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  };
  readonly state = (): SoundState => this.#state;

  /** Sounds an alarm once. */
  play(alarm: Alarm): void {
    const context = this.#context;
    if (!context || this.#state !== 'ready') return;
    const now = context.currentTime;
    const loudness = loudnessOf[alarm];
    for (const { hertz, startS, lengthS } of tonesOf[alarm]) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.frequency.value = hertz;
      // Soft edges: a tone that is cut off clicks.
      gain.gain.setValueAtTime(0, now + startS);
      gain.gain.linearRampToValueAtTime(loudness, now + startS + edgeS);
      gain.gain.setValueAtTime(loudness, now + startS + lengthS - edgeS);
      gain.gain.linearRampToValueAtTime(0, now + startS + lengthS);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(now + startS);
      oscillator.stop(now + startS + lengthS);
    }
    // A machine without a working loudspeaker: the time of its sound stands still.
    setTimeout(() => {
      if (this.#context === context && context.currentTime <= now) this.#became('broken');
    }, provesItselfMs);
  }

  readonly #unlock = (): void => {
    if (this.#context?.state === 'running') this.#look();
    else void this.#context?.resume().catch(() => undefined);
  };

  #look(): void {
    this.#became(this.#context?.state === 'running' ? 'ready' : 'blocked');
  }

  #became(state: SoundState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const reader of this.#readers) reader();
  }
}

/** After this a sound must have begun. */
const provesItselfMs = 2_000;

const gestures = ['pointerdown', 'pointerup', 'keydown'] as const;
