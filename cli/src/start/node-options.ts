/** A service of a site that runs in a process of its own. */
export type ServiceName = 'broker' | 'alerting' | 'flows' | 'edge';

/** Options of Node by service. A small young generation collects more often and keeps tens of megabytes less; these two are not busy. */
export const nodeOptions: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  broker: ['--max-semi-space-size=2'],
  flows: ['--max-semi-space-size=2', '--max-old-space-size=256'],
};
