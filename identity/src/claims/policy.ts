/** The claim service; milliseconds unless a name says otherwise. */
export const claimPolicy = {
  /** Largest body of a request. */
  bodyBytes: 8 * 1024,
  /** For a handshake, and for a request; a connection may be silent for twice as long. */
  requestMs: 10_000,
  /** Between two requests of a connection. */
  keepAliveMs: 1000,
  /** Open connections in all. */
  connections: 200,
  /** Claims and renewals a minute from one address. */
  perMinute: 20,
  /** Addresses whose rate is remembered. */
  addresses: 10_000,
  /** Life of a certificate, days. */
  lifeDays: 90,
  /** Certificates of one gateway: a stolen key must not fill the register. */
  certificatesPerDay: 20,
  /** How long a command waits for the service’s write, and the other way round. */
  busyMs: 5000,
} as const;

/** The secret of a claim code. */
export const claimCodePolicy = {
  /**
   * Wrong secrets that one code bears; the 160 bits of a secret need no more protection, but guessing should
   * be seen to end.
   */
  wrongSecrets: 10,
} as const;
