import type { CrossIssue } from '@watchpost/contracts/site';
import { isReadableOnTheWay } from '../loopback.ts';
import { valueAt } from './explain-issues.ts';

/**
 * Devices whose password at a broker of the device network could be read on the way, where that was not
 * configured: their gateway would refuse them.
 */
export function plainPasswords(file: unknown): CrossIssue[] {
  const devices = valueAt(file, ['devices']);
  if (!Array.isArray(devices)) return [];
  return devices.flatMap((_device, index): CrossIssue[] => {
    const path = ['devices', index, 'connect'] as const;
    const [url, password, insecure] = ['url', 'password', 'insecure'].map((name) =>
      valueAt(file, [...path, name]),
    );
    const isPlain = typeof url === 'string' && /^mqtt:/i.test(url) && isReadableOnTheWay(url);
    if (!isPlain || password === undefined || insecure === true) return [];
    return [{ code: 'config.plain_credentials', path: [...path, 'insecure'] }];
  });
}
