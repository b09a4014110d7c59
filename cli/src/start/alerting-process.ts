import { readFile } from 'node:fs/promises';
import { type AlertingOptions, type AlertingService, startAlerting } from '@watchpost/alerting';
import { type ComponentHealth, WatchpostError } from '@watchpost/contracts';
import { pino } from 'pino';

// Alerting as a process of its own: the supervisor tells it how the other services are, for the health page.
const health = new Map<string, ComponentHealth>();
process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('health' in message)) return;
  for (const [name, status] of Object.entries(message.health as Record<string, string>)) {
    if (name !== 'alerting') health.set(name, status === 'ok' ? { status: 'ok' } : { status: 'down' });
  }
});
// Whoever asks to stop while we start need not wait for the database to be made.
let running: AlertingService | undefined;
const stop = (): void => {
  if (running) void running.stop().then(() => process.exit(0));
  else process.exit(0);
};
process.on('SIGTERM', stop);
process.on('disconnect', stop);

const probe = (name: string) => (): ComponentHealth => health.get(name) ?? { status: 'degraded' };

try {
  const config = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Omit<
    AlertingOptions,
    'probes' | 'logger'
  > & { readonly services: readonly string[] };
  const { services, ...options } = config;
  const logger = pino({ name: 'alerting', level: process.env.WATCHPOST_LOG_LEVEL ?? 'warn' });
  running = await startAlerting({
    ...options,
    probes: Object.fromEntries(services.map((name) => [name, probe(name)])),
    logger,
  });
  process.send?.({ ready: true, port: running.port });
} catch (error) {
  if (!(error instanceof WatchpostError)) throw error;
  process.send?.({ ready: false, code: error.code, path: error.path, details: error.details });
  // Time for the message to leave; `disconnect` would count as a wish to stop.
  setTimeout(() => process.exit(1), 50);
}
