import { runService } from '@watchpost/service';
import { parseEnrolmentConfig } from './config.ts';
import { startEnrolment } from './start-enrolment.ts';

// Started by alerting when somebody brings a photo, ended by itself when nobody does any more.
await runService({
  name: 'enrolment',
  parse: parseEnrolmentConfig,
  start: (config, logger) =>
    startEnrolment(config, {
      logger,
      nowMs: () => Date.now(),
      onIdle: () => process.kill(process.pid, 'SIGTERM'),
    }),
});
