import type { Severity } from '@watchpost/contracts/alert';
import type { CapAddress, OutgoingNotice } from '@watchpost/contracts/api';
import { kindTerm } from '../text/notice-terms.ts';
import type { CapMessage } from './cap-message.ts';

type Info = CapMessage['info'][number];

const severities: Readonly<Record<Severity, Info['severity']>> = {
  critical: 'Extreme',
  high: 'Severe',
  medium: 'Moderate',
  low: 'Minor',
};

/** `2026-11-01T08:15:30.250Z` as CAP writes it: whole seconds, and UTC as `-00:00` (CAP 1.2 §3.3.2). */
export const capTime = (time: string): string => `${time.slice(0, 19)}-00:00`;

const referencesOf = ({ follows = [] }: OutgoingNotice, sender: string): string | undefined =>
  follows.length === 0 ? undefined : follows.map(({ id, at }) => `${sender},${id},${capTime(at)}`).join(' ');

/**
 * Alert, Update of what was told before, or Cancel when it is over. What follows nothing is an Alert, because
 * CAP wants an Update to say of what.
 */
function typeOf({ kind }: OutgoingNotice, references: string | undefined): CapMessage['msgType'] {
  if (references === undefined) return 'Alert';
  return kind === 'cleared' ? 'Cancel' : 'Update';
}

function statusOf({ kind }: OutgoingNotice): CapMessage['status'] {
  if (kind === 'test') return 'Test';
  return kind === 'system' ? 'System' : 'Actual';
}

function infoOf(notice: OutgoingNotice, { category, area }: CapAddress): Info {
  const { severity, kind, language, title, body, link } = notice;
  const isOver = kind === 'cleared';
  const isUrgent = severity === 'critical' || severity === 'high';
  const circle =
    area.circle && `${area.circle.latitude},${area.circle.longitude} ${area.circle.radiusM / 1_000}`;
  return {
    language: language === 'en' ? 'en-US' : language,
    category: [category],
    event: /[\p{L}\p{N}\p{P}\p{S}]/u.test(title) ? title : kindTerm(language, kind),
    responseType: isOver ? ['AllClear'] : [],
    urgency: isOver ? 'Past' : isUrgent ? 'Immediate' : 'Expected',
    severity: severities[severity],
    certainty: 'Observed',
    headline: `${kindTerm(language, kind)}${language === 'en' ? ': ' : '：'}${title}`.slice(0, 160),
    ...(body.trim() === '' ? {} : { description: body }),
    ...(link === undefined ? {} : { web: link }),
    area: [
      {
        areaDesc: area.description,
        polygon: area.polygon === undefined ? [] : [area.polygon],
        circle: circle === undefined ? [] : [circle],
      },
    ],
  };
}

/** A notice as a message of CAP 1.2; its identifier is the notice’s id. */
export function capOfNotice(notice: OutgoingNotice, address: CapAddress): CapMessage {
  const { sender } = address;
  const references = referencesOf(notice, sender);
  return {
    identifier: notice.id,
    sender,
    sent: capTime(notice.at),
    status: statusOf(notice),
    msgType: typeOf(notice, references),
    scope: 'Restricted',
    restriction: 'For the receiver that this was sent to.',
    ...(references === undefined ? {} : { references }),
    incidents: notice.subject,
    info: [infoOf(notice, address)],
  };
}
