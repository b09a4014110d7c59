import type { Role } from '@watchpost/contracts/api';

/** By type alone, so that the page needs no schema; in the order of the contracts. */
const all: Readonly<Record<Role, true>> = {
  viewer: true,
  officer: true,
  supervisor: true,
  integrator: true,
  auditor: true,
  admin: true,
};

export const roleNames = Object.keys(all) as readonly Role[];
