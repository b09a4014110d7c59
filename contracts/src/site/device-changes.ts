import type { Device } from './devices/device.ts';

/** How the devices that a gateway is told of differ from those that it runs, by id. */
export interface DeviceChanges {
  /** They go on as they are: nothing of them is touched. */
  readonly kept: readonly string[];
  /** They are stopped and made anew. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly gone: readonly string[];
}

/**
 * Everything that a device is made from: while it is the same, the device is.
 * @typeParam P whose passes are taken
 * @typeParam H where devices call
 * @typeParam M what counts as movement
 */
export interface MadeFrom<P, H, M> {
  readonly device: Device;
  /** Of devices that read codes. */
  readonly passes: P | null;
  /** Of devices that call. */
  readonly hooks: H | null;
  /** Of cameras. */
  readonly motion: M | null;
}

/** What this device is made from, of what its gateway is told. */
export function madeFrom<P, H, M>(
  device: Device,
  { passes, hooks, motion }: { readonly passes: P; readonly hooks?: H | undefined; readonly motion: M },
): MadeFrom<P, H, M> {
  const readsCodes = device.kind === 'code_reader' || (device.kind === 'camera' && device.codes);
  return {
    device,
    passes: readsCodes ? passes : null,
    hooks: device.connect.driver === 'webhook' ? (hooks ?? null) : null,
    motion: device.kind === 'camera' ? motion : null,
  };
}

/** Compares device by device. The values are what a device is made from; `isSame` compares two of them. */
export function deviceChanges<T>(
  running: ReadonlyMap<string, T>,
  told: ReadonlyMap<string, T>,
  isSame: (one: T, other: T) => boolean,
): DeviceChanges {
  const kept: string[] = [];
  const changed: string[] = [];
  const added: string[] = [];
  for (const [id, next] of told) {
    const before = running.get(id);
    if (before === undefined) added.push(id);
    else (isSame(before, next) ? kept : changed).push(id);
  }
  return { kept, changed, added, gone: [...running.keys()].filter((id) => !told.has(id)) };
}
