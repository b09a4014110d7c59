import type { LocalGateway } from '../server/local-gateways.ts';

/** A service of a site that runs in a process of its own. */
export type ServiceName = 'broker' | 'alerting' | 'flows' | 'door' | GatewayService;

/** A gateway that the server runs itself. */
type GatewayService = `edge/${string}` | 'edge';

/** Under which name a gateway of the server runs. */
export const serviceOf = ({ site, gateway }: LocalGateway, isDemo: boolean): GatewayService =>
  isDemo ? 'edge' : `edge/${site}/${gateway}`;

/**
 * Options of Node by service. A small young generation collects more often and keeps tens of megabytes less.
 * The broker collects by itself: waiting for helper threads is what others notice of a flood (decision 0077).
 */
const byService: Readonly<Partial<Record<string, readonly string[]>>> = {
  edge: ['--max-semi-space-size=4'],
  broker: ['--max-semi-space-size=2', '--single-threaded-gc'],
  alerting: ['--max-semi-space-size=4'],
  door: ['--max-semi-space-size=2'],
  flows: ['--max-semi-space-size=2', '--max-old-space-size=256'],
};

/** Options of Node for a service; every gateway has the same. */
export const nodeOptionsOf = (name: ServiceName): readonly string[] =>
  byService[name.split('/')[0] ?? name] ?? [];

/**
 * What was freed goes back to the system: with thresholds of its own glibc raises them and keeps it. V8 takes
 * memory in pieces of 32 KiB while it compiles; above the threshold each goes back by itself (decision 0066).
 */
const givesBack = { MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '32768' };

/**
 * Settings of glibc’s malloc by service. Compiling the database takes hundreds of megabytes for seconds at
 * the start, reading models some tens.
 */
const mallocByService: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> = {
  alerting: givesBack,
  edge: givesBack,
  door: givesBack,
};

/**
 * Variables that set glibc’s malloc for a service; every gateway has the same. Two arenas: its default of
 * eight per core keeps tens of megabytes that nobody uses.
 */
export const memorySettingsOf = (name: ServiceName): Readonly<Record<string, string>> => ({
  MALLOC_ARENA_MAX: '2',
  ...mallocByService[name.split('/')[0] ?? name],
});
