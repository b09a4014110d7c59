import type { Path } from '../../ui/site-file/file-value.ts';

/** A number of `policy` in a site file, as it is written there. */
export interface PolicyNumber {
  /** Below `policy`; its texts are `site.policy.{path}` and `site.policyWhy.{path}`. */
  readonly path: Path;
  /** What holds where nothing stands in the file: a number, or a length of time as text. */
  readonly usual: number | string;
  readonly least: number | string;
  readonly most: number | string;
  /** Of a number that is no length of time: whether it is counted. */
  readonly isWhole?: boolean;
}

type Row = readonly [path: string, usual: number | string, least: number | string, most: number | string];

const of = (section: string, rows: readonly Row[], isWhole = true): readonly PolicyNumber[] =>
  rows.map(([path, usual, least, most]) => ({
    path: [section, ...path.split('.')],
    ...{ usual, least, most },
    ...(typeof usual === 'number' ? { isWhole } : {}),
  }));

/** Every number of a site’s policy. A test holds it to the schema. */
export const policyNumbers: readonly PolicyNumber[] = [
  ...of('alerts', [
    ['openPerDevice', 20, 1, 1_000],
    ['reopensAfter', '15m', '1m', '24h'],
    ['momentaryPause', '2m', '1s', '24h'],
    ['episodePause', '30m', '1m', '24h'],
    ['lateAfter', '10m', '1m', '24h'],
    ['lifeSafetyLateAfter', '1h', '10m', '24h'],
    ['clearsAfter.faceCandidate', '10m', '10s', '24h'],
    ['clearsAfter.sensorAnomaly', '30m', '10s', '24h'],
    ['clearsAfter.zoneEntered', '5m', '10s', '24h'],
    ['clearsAfter.zoneLoitering', '10m', '10s', '24h'],
  ]),
  ...of('risk', [
    ['severities.medium', 25, 1, 100],
    ['severities.high', 50, 1, 100],
    ['severities.critical', 75, 1, 100],
    ['corroboration.within', '2m', '1s', '1h'],
  ]),
  ...of('risk', [['corroboration.nearM', 30, 1, 1_000]], false),
  ...of('escalation', [
    ['remindAfter', '30m', '1m', '7d'],
    ['returnsAfter', '15m', '1m', '7d'],
  ]),
  ...of('response', [
    ['positionsKept', '2h', '5m', '24h'],
    ['positionUsedFor', '15m', '30s', '24h'],
    ['pageAgainAfter', '3m', '1m', '15m'],
  ]),
  ...of('canary', [
    ['every', '60s', '15s', '10m'],
    ['missed', 2, 2, 10],
  ]),
  ...of('losses', [
    ['gateway', '60s', '35s', '24h'],
    ['camera', '30s', '1s', '24h'],
    ['device', '5s', '1s', '24h'],
    ['settings', '60s', '1s', '24h'],
  ]),
  ...of('incidents', [
    ['window', '10m', '0s', '24h'],
    ['alertsAtMost', 1_000, 1, 10_000],
    ['updateAfter', '30s', '1s', '1h'],
    ['flappingAbove', 4, 2, 100],
    ['flappingWithin', '10m', '1m', '24h'],
  ]),
  ...of('incidents', [['nearM', 20, 0, 1_000]], false),
  ...of(
    'motion',
    [
      ['cellChange', 6, 1, 64],
      ['learning', 0.05, 0.001, 0.5],
    ],
    false,
  ),
  ...of('motion', [['cells', 2, 1, 100]]),
  ...of('passes', [
    ['clockTolerance', '0s', '0s', '10m'],
    ['countsForFace', '30s', '1s', '5m'],
    ['revokedListGood', '24h', '2m', '7d'],
  ]),
  ...of('permit', [
    ['life', '60s', '10s', '24h'],
    ['renewEvery', '20s', '1s', '20s'],
  ]),
  ...of('lists', [
    ['signatures.watch', 2, 2, 5],
    ['signatures.access', 1, 1, 5],
    ['longest.watch', '366d', '1h', '366d'],
    ['longest.access', '732d', '1h', '732d'],
    ['dueWithin', '14d', '1d', '90d'],
    ['eraseAfter', '30d', '1h', '90d'],
  ]),
  ...of('privacy', [
    ['assessmentReview', 365, 1, 1_100],
    ['signCheck', 180, 1, 1_100],
    ['noticeBefore', 30, 1, 365],
  ]),
  ...of('keptDays', [
    ['events', 400, 1, 3_660],
    ['passings', 30, 1, 400],
    ['telemetry', 30, 1, 3_660],
    ['closedAlerts', 400, 1, 3_660],
    ['epochs', 400, 1, 3_660],
    ['rejects', 90, 1, 3_660],
    ['deviceStatus', 400, 1, 3_660],
    ['eventHours', 1_100, 1, 3_660],
    ['duty', 400, 1, 3_660],
    ['notices', 90, 1, 3_660],
    ['response', 400, 1, 3_660],
  ]),
];

/** Its sections, in the order of the page; each is called `site.policySection.{section}`. */
export const policySections: readonly string[] = [
  ...new Set(policyNumbers.map(({ path }) => String(path[0]))),
];
