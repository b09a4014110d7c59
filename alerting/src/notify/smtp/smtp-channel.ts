import { readFileSync } from 'node:fs';
import type { OutgoingNotice, SmtpAddress } from '@watchpost/contracts/api';
import type { ServerMail } from '@watchpost/contracts/site';
import { createTransport } from 'nodemailer';
import type { Channel, Delivery } from '../channel.ts';
import { notifyPolicy } from '../policy.ts';
import type { SecretReader } from '../secrets.ts';
import { settle, Undelivered } from '../undelivered.ts';
import { mailFault } from './mail-fault.ts';
import { mailOf } from './mail-of.ts';

/** `mail` of a server file. */
export interface MailSettings extends Omit<ServerMail, 'authority'> {
  /** PEM file of the authority that signed the mail server’s certificate; absent: those of the system. */
  readonly authorityFile?: string;
}

const ports = { starttls: 587, tls: 465, none: 25 } as const;

function authorityOf(file: string | undefined): { ca?: string } {
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new Undelivered({ outcome: 'refused', code: 'notify.certificate' }, cause);
  }
}

/**
 * Notices as mails, one connection each, by nodemailer. It is told all that it would find out by itself: no
 * file or address is read for a mail, TLS is never left out, and its host name stays here.
 */
export class SmtpChannel implements Channel<'smtp'> {
  readonly kind = 'smtp';
  readonly #mail: MailSettings;
  readonly #secret: SecretReader;
  readonly #deadlineMs: number;

  constructor(mail: MailSettings, secret: SecretReader, deadlineMs: number = notifyPolicy.mailDeadlineMs) {
    this.#mail = mail;
    this.#secret = secret;
    this.#deadlineMs = deadlineMs;
  }

  send(notice: OutgoingNotice, { to }: SmtpAddress, ended: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const deadline = AbortSignal.timeout(this.#deadlineMs);
      const transport = this.#transport();
      try {
        const signal = AbortSignal.any([ended, deadline]);
        await transport.sendMail({ ...mailOf(notice, this.#mail.from, to), signal });
        return { outcome: 'sent' };
      } catch (failure) {
        throw mailFault(failure, ended, deadline);
      } finally {
        transport.close();
      }
    });
  }

  #transport() {
    const { host, port, security, from, user, password, authorityFile } = this.#mail;
    const limitMs = this.#deadlineMs;
    return createTransport({
      host,
      port: port ?? ports[security],
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: { minVersion: 'TLSv1.2', ...authorityOf(authorityFile) },
      name: from.slice(from.lastIndexOf('@') + 1),
      ...(user !== undefined && password ? { auth: { user, pass: this.#secret(password.secret) } } : {}),
      ...{
        connectionTimeout: limitMs,
        greetingTimeout: limitMs,
        socketTimeout: limitMs,
        dnsTimeout: limitMs,
      },
      maxResponseSize: notifyPolicy.answerBytes,
    });
  }
}
