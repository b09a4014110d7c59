import type { WarningState } from '@watchpost/contracts/api';
import type { WarningSeverity } from '@watchpost/contracts/wire';
import type { CapMessage } from '../notify/cap/cap-message.ts';
import type { WarningArea } from './covers-site.ts';
import { warningPolicy } from './policy.ts';

type Info = CapMessage['info'][number];

/** What a message says of what it is about, for a site. */
export interface WarningContent {
  readonly severity: WarningSeverity;
  readonly text: string;
  readonly area: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresMs: number;
}

/** What follows from a message whose sender is accepted. */
export interface WarningAssessment {
  readonly state: WarningState;
  /** What holds now, where something does. */
  readonly holds: boolean;
  /** Whether it ends what it refers to. */
  readonly ends: 'cancelled' | 'updated' | undefined;
  readonly content: WarningContent;
}

const ranks: readonly WarningSeverity[] = ['unknown', 'minor', 'moderate', 'severe', 'extreme'];

/** `2026-11-01T08:15:30-00:00` in milliseconds since the Unix epoch. */
export const capMs = (time: string): number => Date.parse(time);

const severityOf = ({ severity }: Info): WarningSeverity => severity.toLowerCase() as WarningSeverity;

const cut = (text: string, atMost: number): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, atMost);

function contentOf(info: Info | undefined, { sent }: CapMessage): WarningContent {
  const { textCharacters, lifeMs } = warningPolicy;
  const text = info ? (info.headline ?? info.event) : '';
  const area = info ? info.area.map(({ areaDesc }) => areaDesc).join('; ') : '';
  const expires = info?.expires;
  return {
    severity: info ? severityOf(info) : 'unknown',
    ...{ text: cut(text, textCharacters), area: cut(area, textCharacters) },
    expiresMs: expires === undefined ? capMs(sent) + lifeMs : capMs(expires),
  };
}

/**
 * What a message means for a site. Only what is `Actual` alerts; of several blocks the gravest counts of
 * those that reach the site and are not over. An update that reaches it no more, or is over, ends what it
 * updates.
 * @param covers whether an area reaches the site
 */
export function assessWarning(
  message: CapMessage,
  covers: (area: WarningArea) => boolean,
  nowMs: number,
): WarningAssessment {
  const gravest = message.info.toSorted(
    (a, b) => ranks.indexOf(severityOf(b)) - ranks.indexOf(severityOf(a)),
  );
  const reaching = gravest.filter(({ area }) => area.some(covers));
  const current = reaching.filter((info) => contentOf(info, message).expiresMs > nowMs);
  const isOver = (info: Info) => info.responseType.includes('AllClear');
  const [holding] = current.filter((info) => !isOver(info));
  const content = contentOf(holding ?? reaching[0] ?? gravest[0], message);
  const nothing = { holds: false, content } as const;
  if (message.status !== 'Actual') return { ...nothing, state: 'exercise', ends: undefined };
  if (message.msgType === 'Cancel') return { ...nothing, state: 'ended', ends: 'cancelled' };
  if (message.msgType !== 'Alert' && message.msgType !== 'Update')
    return { ...nothing, state: 'noted', ends: undefined };
  if (holding) return { state: 'alerted', holds: true, ends: undefined, content };
  const ends = message.msgType === 'Update' ? ('updated' as const) : undefined;
  if (reaching.length === 0) return { ...nothing, state: 'elsewhere', ends };
  return { ...nothing, state: current.length === 0 ? 'expired' : 'ended', ends };
}

/** The messages that this one refers to, of its own sender: nobody updates or cancels what others said. */
export function referredBy({ sender, references = '' }: CapMessage): string[] {
  return references
    .trim()
    .split(/\s+/)
    .flatMap((reference) => {
      const [of, identifier] = reference.split(',');
      return of === sender && identifier !== undefined ? [identifier] : [];
    });
}
