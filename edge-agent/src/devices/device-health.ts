import type { ErrorCode } from '@watchpost/contracts/errors';
import type { DeviceHealth, DeviceId } from '@watchpost/contracts/wire';
import { healthPolicy } from './policy.ts';

/**
 * Counters and condition of one device. Calls `onChange` when the condition changes, not when a counter does.
 */
export class DeviceHealthRecord {
  readonly device: DeviceId;
  readonly #now: () => number;
  readonly #onChange: () => void;
  #condition: DeviceHealth['status'] = 'starting';
  #error: ErrorCode | undefined;
  #degradedUntil = 0;
  #readings = 0;
  #unreadable = 0;
  #lastHeardAt: number | null = null;
  #isSilent = false;
  #concern: ErrorCode | null = null;
  #lagMs: number | null = null;
  #shownCertificate: string | undefined;
  #faces: () => DeviceHealth['faces'] = () => undefined;
  #heldBack: () => number = () => 0;
  #unknownCodes: () => DeviceHealth['unknownCodes'] = () => undefined;

  /** @param now a clock that nobody sets, milliseconds. */
  constructor(device: DeviceId, now: () => number, onChange: () => void) {
    this.device = device;
    this.#now = now;
    this.#onChange = onChange;
  }

  /**
   * When it last gave a sign of life, or began to be listened to, by the clock that was passed in,
   * milliseconds; null before.
   */
  get lastHeardAt(): number | null {
    return this.#lastHeardAt;
  }

  /** What is wrong with it while it is lost; undefined while it is not. */
  get lostBy(): ErrorCode | undefined {
    return this.#condition === 'lost' ? (this.#error ?? 'edge.source_lost') : undefined;
  }

  /** It gives a sign of life, or silence counts from now. Does not lift a loss; see {@link alive}. */
  heard(): void {
    this.#lastHeardAt = this.#now();
    this.#isSilent = false;
  }

  /** It gives a sign of life other than a reading. */
  alive(): void {
    this.heard();
    if (this.#condition !== 'degraded' || this.#now() >= this.#degradedUntil) this.set('ok');
  }

  /** What it hangs on can be reached. That ends no silence of its own. */
  reached(): void {
    if (!this.#isSilent) this.set('ok');
  }

  /** It said nothing for too long. */
  fellSilent(): void {
    this.#isSilent = true;
    // What made it fall silent may be known better.
    if (this.#condition !== 'lost') this.set('lost', 'edge.source_lost');
  }

  /** What somebody should see to although it works; null = nothing. */
  concern(error: ErrorCode | null): void {
    const before = this.#concern;
    this.#concern = error;
    if (this.#condition === 'ok' || (before !== null && this.#error === before)) this.set('ok');
  }

  /** `count` good frames or readings came. */
  read(count = 1): void {
    this.#readings += count;
    this.#shownCertificate = undefined;
    this.heard();
    if (this.#now() >= this.#degradedUntil) this.set('ok');
  }

  /** How old the newest picture was when it was decoded. */
  lags(lagMs: number | null): void {
    this.#lagMs = lagMs;
  }

  /** The pin of the certificate for which it is refused; undefined when it is not. */
  shows(certificate: string | undefined): void {
    this.#shownCertificate = certificate;
  }

  /** Something came that could not be used, or was lost, for the reason `error`. */
  unreadable(error: ErrorCode, count = 1): void {
    this.#unreadable += count;
    this.degrade(error);
  }

  /** The device works, but not well. */
  degrade(error: ErrorCode): void {
    this.#degradedUntil = this.#now() + healthPolicy.degradedForMs;
    if (this.#condition !== 'lost') this.set('degraded', error);
  }

  set(status: DeviceHealth['status'], error?: ErrorCode): void {
    const works = status === 'ok' && this.#concern !== null;
    const [condition, why] = works ? (['degraded', this.#concern ?? undefined] as const) : [status, error];
    const changed = condition !== this.#condition || why !== this.#error;
    this.#condition = condition;
    this.#error = why;
    if (changed) this.#onChange();
  }

  /** Where the camera’s traffic is read when the state is told. */
  reportFaces(faces: () => DeviceHealth['faces']): void {
    this.#faces = faces;
  }

  /** Where the codes that mean nothing here are read when the state is told. */
  reportUnknownCodes(unknownCodes: () => DeviceHealth['unknownCodes']): void {
    this.#unknownCodes = unknownCodes;
  }

  /** Where the reports that were held back are counted when the state is told. */
  reportHeldBack(heldBack: () => number): void {
    this.#heldBack = heldBack;
  }

  snapshot(): DeviceHealth {
    const heldBack = this.#heldBack();
    const faces = this.#faces();
    const unknownCodes = this.#unknownCodes();
    return {
      device: this.device,
      status: this.#condition,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      readings: this.#readings,
      unreadable: this.#unreadable,
      ...(this.#shownCertificate === undefined ? {} : { shownCertificate: this.#shownCertificate }),
      ...(this.#lagMs === null ? {} : { lagMs: this.#lagMs }),
      ...(heldBack > 0 ? { heldBack } : {}),
      ...(faces ? { faces } : {}),
      ...(unknownCodes ? { unknownCodes } : {}),
    };
  }
}
