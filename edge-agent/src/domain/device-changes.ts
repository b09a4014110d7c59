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
 * Compares device by device. The values are what a device is made from; `isSame` compares two of them.
 */
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
