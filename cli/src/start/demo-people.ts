import { createHmac } from 'node:crypto';
import type { Role } from '@watchpost/contracts/api';

/** The account of the demo that may do everything. */
export const demoUser = 'demo';

/** The account of the demo that signs what the first one proposed. */
export const supervisorUser = 'supervisor';

/** Somebody who may log in to the demo. */
export interface DemoPerson {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/**
 * The three people of the demo, one of each role that has a desk of its own: the administrator, who proposes
 * entries of lists, the supervisor, who signs them, and the officer, who decides on alerts. Their passwords
 * differ, come from the one that was made at the first start, and tell nothing of it.
 */
export function demoPeople(password: string): readonly DemoPerson[] {
  const others = [
    // The second signature of an entry of a list.
    { name: supervisorUser, role: 'supervisor' },
    { name: 'officer', role: 'officer' },
  ] as const;
  return [
    { name: demoUser, role: 'admin', password },
    ...others.map(({ name, role }) => ({
      ...{ name, role },
      password: createHmac('sha256', password).update(`demo ${name}`).digest('base64url').slice(0, 16),
    })),
  ];
}
