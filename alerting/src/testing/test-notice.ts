import { randomUUID } from 'node:crypto';
import { type OutgoingNotice, outgoingNoticeSchema } from '@watchpost/contracts/api';

/** A notice as the sender would hand it to a channel. */
export const testNotice = (differs: Partial<OutgoingNotice> = {}): OutgoingNotice =>
  outgoingNoticeSchema.parse({
    id: randomUUID(),
    site: 'north',
    subject: randomUUID(),
    seq: 1,
    kind: 'opened',
    severity: 'critical',
    at: '2026-11-01T08:15:30.250Z',
    language: 'en',
    title: 'Smoke in the east stairwell',
    body: 'Sensor smoke-3, since 08:15.\nCall the fire post: 119.',
    link: 'https://watch.example/alerts/7',
    ...differs,
  });
