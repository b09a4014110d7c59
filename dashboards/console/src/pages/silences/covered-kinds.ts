/** Kinds that are offered in the form, with the names of their texts. */
export const coveredKinds = [
  ...(['door', 'motion', 'temperature', 'water', 'glass_break', 'smoke', 'gas'] as const).map(
    (kind) => [`watchpost.sensor.alarm.v1/${kind}`, `alarm.${kind}`] as const,
  ),
  ...(
    [
      'watchpost.sensor.anomaly.v1',
      'watchpost.zone.entered.v1',
      'watchpost.zone.loitering.v1',
      'watchpost.line.crossed.v1',
      'watchpost.face.candidate.v1',
      'watchpost.pass.rejected.v1',
      'watchpost.tamper.cover.v1',
      'watchpost.tamper.video_loss.v1',
      'watchpost.device.lost.v1',
      'watchpost.gateway.lost.v1',
    ] as const
  ).map((type) => [type, `event.${type}`] as const),
] as const;

/** The name of the text of a kind; kinds that are not offered are named by their type. */
export const kindText = (kind: string): string =>
  coveredKinds.find(([one]) => one === kind)?.[1] ?? `event.${kind.split('/')[0]}`;
