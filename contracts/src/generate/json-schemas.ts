import { z } from 'zod';
import { alertSchema } from '../alert/alert.ts';
import { sentNoticeSchema } from '../api/notices.ts';
import { deviceSchema } from '../site/devices/device.ts';
import { ruleSetFileSchema } from '../site/rule-set.ts';
import { serverFileSchema } from '../site/server-file.ts';
import { siteSchema } from '../site/site.ts';
import { siteFileSchema } from '../site/site-file.ts';
import { sitePartSchema } from '../site/site-part.ts';
import { announcementSchema, signedAnnouncementSchema } from '../wire/announcement.ts';
import { canaryMessageSchema, canaryType } from '../wire/events/canary.ts';
import { eventSchema } from '../wire/events/event.ts';
import { eventTypes } from '../wire/events/event-types.ts';
import {
  commandReplySchema,
  commandSchema,
  gatewayStateSchema,
  receiptSchema,
  signedPolicySchema,
} from '../wire/gateway.ts';
import { permitSchema } from '../wire/permit.ts';
import { telemetryPackSchema } from '../wire/telemetry.ts';

const messageSchemas: Readonly<Record<string, z.ZodType>> = {
  telemetry: telemetryPackSchema,
  state: gatewayStateSchema,
  receipt: receiptSchema,
  command: commandSchema,
  'command-reply': commandReplySchema,
  'signed-policy': signedPolicySchema,
  'signed-announcement': signedAnnouncementSchema,
  announcement: announcementSchema,
  'site-part': sitePartSchema,
  permit: permitSchema,
  notice: sentNoticeSchema,
  alert: alertSchema,
  site: siteSchema,
  'site-file': siteFileSchema,
  'server-file': serverFileSchema,
  'rule-set-file': ruleSetFileSchema,
  device: deviceSchema,
  ...Object.fromEntries(eventTypes.map((type) => [`event.${type}`, eventSchema(type)])),
  [`event.${canaryType}`]: canaryMessageSchema,
};

/** JSON Schema 2020-12 of every message, by name. */
export function jsonSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(messageSchemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }),
    ]),
  );
}
