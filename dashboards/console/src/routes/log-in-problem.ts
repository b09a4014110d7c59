const problem = /^#log-in=([a-z_.]{1,100})$/;

/** The code with which an identity provider's log-in came back without success; null when none did. */
export const logInProblemOf = ({ hash }: Pick<Location, 'hash'>): string | null =>
  problem.exec(hash)?.[1] ?? null;
