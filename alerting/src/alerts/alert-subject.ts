import type { Alert, AlertEventType } from '@watchpost/contracts/alert';
import { parseSource, type StoredEvent, wireLimits } from '@watchpost/contracts/wire';

/** What an alert is about, from the event alone. */
export interface AlertSubject {
  /** Events with the same key belong to one alert while that is not resolved. */
  readonly groupKey: string;
  readonly details: Alert['details'];
}

type Details = Alert['details'];

function present(fields: Record<string, string | number | boolean | undefined>): Details {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (field): field is [string, string | number | boolean] => field[1] !== undefined,
    ),
  );
}

/** The part of the group key that the device and the type do not say. */
function keyAndDetails(event: StoredEvent): readonly [string, Details] {
  switch (event.type) {
    case 'watchpost.sensor.alarm.v1': {
      const { kind, value, unit, limit } = event.data;
      return [kind, present({ kind, value, unit, limit })];
    }
    case 'watchpost.sensor.anomaly.v1': {
      const { kind, value, unit, score, reason, expected } = event.data;
      return [kind, present({ kind, value, unit, score, reason, expected })];
    }
    case 'watchpost.face.candidate.v1': {
      const { list, entry, cosine, threshold, confidence, falseMatchRate, liveness } = event.data;
      // Marked so that no reader takes it for a fact: a human confirms it first (privacy rule 3).
      return [
        `${list}/${entry}`,
        present({ list, entry, cosine, threshold, confidence, falseMatchRate, liveness, candidate: true }),
      ];
    }
    case 'watchpost.pass.rejected.v1': {
      const { reason, jti, kid, fingerprint } = event.data;
      return [reason, present({ reason, jti, kid, fingerprint })];
    }
    case 'watchpost.report.received.v1':
      return [
        event.data.category,
        present({ category: event.data.category, text: event.data.text || undefined }),
      ];
    case 'watchpost.zone.loitering.v1':
      return ['', { objects: event.data.objects, dwellSeconds: event.data.dwellSeconds }];
    case 'watchpost.zone.entered.v1':
      return ['', { objects: event.data.objects }];
    case 'watchpost.line.crossed.v1':
      return [event.data.line, { line: event.data.line, direction: event.data.direction }];
    case 'watchpost.panic.pressed.v1':
      return ['', { silent: event.data.silent }];
    case 'watchpost.tamper.cover.v1':
    case 'watchpost.tamper.video_loss.v1':
      return ['', present({ reason: event.data.reason, detail: event.data.detail })];
    case 'watchpost.warning.received.v1':
      return [event.data.warning, present(event.data)];
    case 'watchpost.gateway.fault.v1':
      return [event.data.error, { error: event.data.error }];
    case 'watchpost.settings.broken.v1':
      return [event.data.file, present(event.data)];
    case 'watchpost.broker.lost.v1':
    case 'watchpost.gateway.lost.v1':
    case 'watchpost.device.lost.v1':
      return ['', present(event.data)];
    default:
      return ['', {}];
  }
}

/** Joins device, type and detail; no space occurs in the first two, so no two subjects share a key. */
function groupKeyOf(device: string, type: AlertEventType, detail: string): string {
  return `${device} ${type} ${detail}`;
}

/** Asked for again and again while an event is decided. */
const subjects = new WeakMap<StoredEvent, AlertSubject>();

/** The group that an event belongs to, and what its alert says of it. */
export function subjectOf(event: StoredEvent): AlertSubject {
  const known = subjects.get(event);
  if (known) return known;
  const [detail, details] = keyAndDetails(event);
  const subject = { groupKey: groupKeyOf(parseSource(event.source).device, event.type, detail), details };
  subjects.set(event, subject);
  return subject;
}

/** Characters of people’s words that an alert carries. */
const wordsAtMost = wireLimits.textChars;

/**
 * The details of an alert that another event joined: those of its gravest event (`higher`: the one that
 * joins), with what people wrote in each of the reports, newest first, and what was counted on the alert.
 */
export function joinedDetails(before: Details, event: StoredEvent, higher: boolean): Details {
  const joining = subjectOf(event).details;
  // An update of a warning says what holds now, less grave or not.
  const isNewest = higher || event.type === 'watchpost.warning.received.v1';
  const details = isNewest ? { ...joining, ...present({ capped: before.capped }) } : before;
  if (event.type !== 'watchpost.report.received.v1') return details;
  const texts = [joining.text, before.text].flatMap((text) => (typeof text === 'string' ? [text] : []));
  const text = [...new Set(texts)].join('\n').slice(0, wordsAtMost);
  return text === '' ? details : { ...details, text };
}

/** The field of `details` that tells kinds of one type apart. */
const kindFields: Partial<Record<AlertEventType, string>> = {
  'watchpost.sensor.alarm.v1': 'kind',
  'watchpost.sensor.anomaly.v1': 'kind',
  'watchpost.pass.rejected.v1': 'reason',
  'watchpost.report.received.v1': 'category',
  'watchpost.warning.received.v1': 'severity',
  'watchpost.face.candidate.v1': 'list',
};

/** The kind of an event or alert, finer than its type: `watchpost.sensor.alarm.v1/smoke`. */
export function kindOf(type: AlertEventType, details: Alert['details']): string {
  const field = kindFields[type];
  const part = field === undefined ? undefined : details[field];
  return part === undefined ? type : `${type}/${part}`;
}

/** The group whose condition the event ends, if it says that something is over. */
export function clearedGroup(event: StoredEvent): string | undefined {
  if (event.type === 'watchpost.system.restored.v1') {
    const { of, error, file } = event.data;
    return groupKeyOf(parseSource(event.source).device, of, error ?? file ?? '');
  }
  if (event.type === 'watchpost.warning.ended.v1')
    return groupKeyOf(parseSource(event.source).device, 'watchpost.warning.received.v1', event.data.warning);
  if (event.type !== 'watchpost.sensor.cleared.v1' && event.type !== 'watchpost.tamper.cleared.v1')
    return undefined;
  return groupClearedBy(parseSource(event.source).device, event.type, event.data.kind);
}

/** How long what the event ends lasted, if it says so, in milliseconds. */
export function durationOf(event: StoredEvent): number | undefined {
  const ends = event.type === 'watchpost.system.restored.v1' || event.type === 'watchpost.tamper.cleared.v1';
  return ends ? event.data.durationMs : undefined;
}

/** The group that a clearing of this type and kind ends. */
export function groupClearedBy(device: string, type: string, kind: string): string {
  if (type === 'watchpost.tamper.cleared.v1') return `${device} watchpost.tamper.${kind}.v1 `;
  return groupKeyOf(device, 'watchpost.sensor.alarm.v1', kind);
}
