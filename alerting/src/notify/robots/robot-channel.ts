import type { OutgoingNotice } from '@watchpost/contracts/api';
import { z } from 'zod';
import type { AddressOf, Channel, Delivery } from '../channel.ts';
import { deliveryOfStatus } from '../http/delivery-of-status.ts';
import type { HttpAnswer, HttpSender } from '../http/http-sender.ts';
import type { SecretReader } from '../secrets.ts';
import { type SendLimit, SendWindow } from '../send-window.ts';
import { settle, Undelivered } from '../undelivered.ts';

/** Kinds of robots in group chats. */
export type RobotKind = 'wecom' | 'dingtalk' | 'feishu';

/** What to post where. */
export interface RobotMessage {
  readonly url: string;
  readonly body: unknown;
}

/** How robots of one maker are spoken to. */
export interface RobotDialect {
  readonly kind: RobotKind;
  readonly limits: readonly SendLimit[];
  /** @param key signs the message; undefined where the robot asks for no signature */
  message(notice: OutgoingNotice, url: string, key: string | undefined, nowMs: number): RobotMessage;
  /** What an answer’s error code means; undefined where the HTTP status says it. */
  judge(code: number | undefined, answer: HttpAnswer): Delivery | undefined;
}

const answerSchema = z.object({ errcode: z.number().int() }).or(z.object({ code: z.number().int() }));

/** The error code that the body of an answer carries: these services say 200 to everything. */
function codeOf({ body }: HttpAnswer): number | undefined {
  try {
    const answer = answerSchema.parse(JSON.parse(body));
    return 'errcode' in answer ? answer.errcode : answer.code;
  } catch {
    return undefined;
  }
}

/** Notices to a group chat by its robot. The robot’s address is a secret: who knows it may write there. */
export class RobotChannel implements Channel<RobotKind> {
  readonly #dialect: RobotDialect;
  readonly #http: HttpSender;
  readonly #secret: SecretReader;
  readonly #nowMs: () => number;
  readonly #windows: readonly SendWindow[];

  constructor(dialect: RobotDialect, http: HttpSender, secret: SecretReader, nowMs: () => number = Date.now) {
    this.#dialect = dialect;
    this.#http = http;
    this.#secret = secret;
    this.#nowMs = nowMs;
    this.#windows = dialect.limits.map((limit) => new SendWindow(limit));
  }

  get kind(): RobotKind {
    return this.#dialect.kind;
  }

  send(notice: OutgoingNotice, address: AddressOf<RobotKind>, signal: AbortSignal): Promise<Delivery> {
    return settle(async () => {
      const key = 'key' in address && address.key !== undefined ? this.#secret(address.key) : undefined;
      const robot = this.#secret(address.robot);
      this.#keepWithinLimits(address.robot, notice);
      const { url, body } = this.#dialect.message(notice, robot, key, this.#nowMs());
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const answer = await this.#http.post(
        { url, headers, body: JSON.stringify(body), readsAnswer: true },
        signal,
      );
      return this.#judge(answer);
    });
  }

  #keepWithinLimits(robot: string, { severity }: OutgoingNotice): void {
    for (const window of this.#windows) {
      const afterMs = window.take(robot, severity === 'critical');
      if (afterMs > 0) throw new Undelivered({ outcome: 'retry', code: 'notify.throttled', afterMs });
    }
  }

  #judge(answer: HttpAnswer): Delivery {
    const code = codeOf(answer);
    const said = this.#dialect.judge(code, answer);
    if (said) return said;
    const byStatus = deliveryOfStatus(answer.status, answer.afterMs);
    if (byStatus.outcome !== 'sent') return byStatus;
    if (code === undefined) return { outcome: 'retry', code: 'notify.answer_unreadable' };
    return code === 0 ? { outcome: 'sent' } : { outcome: 'refused', code: 'notify.refused' };
  }
}
