/** Alerts that were selected, with the version that was on the screen. */
export type Picked = ReadonlyMap<string, number>;

/** With or without these; `isOn`: with. */
export function pick(
  picked: Picked,
  alerts: readonly { readonly id: string; readonly version: number }[],
  isOn: boolean,
): Picked {
  const next = new Map(picked);
  for (const { id, version } of alerts) {
    if (isOn) next.set(id, version);
    else next.delete(id);
  }
  return next;
}
