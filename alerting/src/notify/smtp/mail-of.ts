import type { OutgoingNotice } from '@watchpost/contracts/api';
import type { SendMailOptions } from 'nodemailer';
import { headline, linkLines } from '../text/notice-text.ts';

/**
 * A notice as a mail. Its Message-ID is made from the notice’s id, so that mail programs show a repeat once;
 * mails about one subject are one conversation. `Auto-Submitted` keeps answering machines quiet (RFC 3834).
 */
export function mailOf(notice: OutgoingNotice, from: string, to: string): SendMailOptions {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const conversation = `<${notice.subject.replace(/[^A-Za-z0-9.-]/g, '-')}.subject@${domain}>`;
  const isUrgent = notice.severity === 'critical' || notice.severity === 'high';
  return {
    from: { name: 'Watchpost', address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    subject: headline(notice),
    text: [notice.body.trim(), ...linkLines(notice)].filter((part) => part !== '').join('\n\n'),
    messageId: `<${notice.id}@${domain}>`,
    inReplyTo: conversation,
    references: conversation,
    priority: isUrgent ? 'high' : 'normal',
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': notice.language },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
