import { z } from 'zod';
import { ipSchema } from './connect/network-address.ts';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const dnsName = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);

/** Whether a text is a DNS name (RFC 1123, small letters) or an IP address without brackets. */
export const isHostName = (text: string): boolean =>
  // What looks like an address must be one.
  /^[\d.]+$|:/.test(text) ? ipSchema.safeParse(text).success : dnsName.test(text);

/** A name or an address by which a computer is reached. */
export const hostNameSchema = z
  .string()
  .min(1)
  .max(253)
  .refine(isHostName, {
    message: 'expected a DNS name or an IP address',
    params: { code: 'site.format', details: { expected: 'watch.example, 192.168.1.10' } },
  });
