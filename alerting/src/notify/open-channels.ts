import { CapChannel } from './cap/cap-channel.ts';
import { Channels } from './channels.ts';
import { dingtalkDialect } from './dingtalk/dingtalk-dialect.ts';
import { feishuDialect } from './feishu/feishu-dialect.ts';
import { AddressRules } from './http/address-rules.ts';
import { HttpSender } from './http/http-sender.ts';
import { MqttChannel, type PublishNotice } from './mqtt/mqtt-channel.ts';
import { NtfyChannel } from './ntfy/ntfy-channel.ts';
import { defaultNetworks } from './policy.ts';
import { RobotChannel } from './robots/robot-channel.ts';
import { secretsIn } from './secrets.ts';
import { type MailSettings, SmtpChannel } from './smtp/smtp-channel.ts';
import { WebhookChannel } from './webhook/webhook-channel.ts';
import { wecomDialect } from './wecom/wecom-dialect.ts';

/** What the channels of a server need of its files. */
export interface ChannelOptions {
  /** Folder of the secrets that addresses name. */
  readonly secretsFolder: string;
  /** `mail` of the server file; without it there are no mails. */
  readonly mail?: MailSettings;
  /** `policy.notify.allowNetworks` of the server file. */
  readonly allowNetworks?: readonly string[];
}

/**
 * All channels that the server is set up for.
 * @param linkOf how a site’s link to the broker publishes; undefined for a site that does not run here
 */
export function openChannels(
  { secretsFolder, mail, allowNetworks = defaultNetworks }: ChannelOptions,
  linkOf: (site: string) => PublishNotice | undefined,
): Channels {
  const secret = secretsIn(secretsFolder);
  const http = new HttpSender({ rules: new AddressRules(allowNetworks) });
  return new Channels([
    new WebhookChannel(http, secret),
    new CapChannel(http, secret),
    new MqttChannel(linkOf),
    new NtfyChannel(http, secret),
    ...[wecomDialect, dingtalkDialect, feishuDialect].map(
      (dialect) => new RobotChannel(dialect, http, secret),
    ),
    ...(mail ? [new SmtpChannel(mail, secret)] : []),
  ]);
}
