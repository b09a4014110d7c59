import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { backoffMs, endWithParent } from '@watchpost/service';
import { demoSetUpPolicy } from '../policy.ts';
import { demoPeople, demoUser, supervisorUser } from '../start/demo-people.ts';
import { loadSecrets } from '../start/secrets.ts';
import { ConsoleSession } from './console-session.ts';
import { listPeople } from './list-people.ts';

// A process of its own, beside the running demo: what draws photos is gone from memory when it is done.
const [argument = ''] = process.argv.slice(2);
const { dataFolder, api, site } = JSON.parse(argument) as Readonly<
  Record<'dataFolder' | 'api' | 'site', string>
>;
endWithParent(() => process.exit());

const people = demoPeople(loadSecrets(dataFolder, { isDemo: true }).demoPassword ?? '');
const logIn = (name: string) => {
  const person = people.find((one) => one.name === name);
  if (!person) throw new Error(`no ${name} in the demo`);
  return ConsoleSession.logIn(api, person);
};

async function once(): Promise<void> {
  const author = await logIn(demoUser);
  const approver = await logIn(supervisorUser);
  await listPeople(site, join(dataFolder, 'demo', 'people.json'), { author, approver }, Date.now());
  await Promise.all([author.logOut(), approver.logOut()]);
}

/** What another try may mend: nobody answered, or it was too early, too busy or changed meanwhile. */
const mayPass = (error: unknown): boolean => {
  if (!(error instanceof WatchpostError)) return true;
  const { status } = errorRegistry[error.code];
  return status >= 500 || status === 409 || status === 429;
};

for (let failures = 0; ; failures++) {
  try {
    await once();
    break;
  } catch (error) {
    const { code = 'api.internal', path } = error instanceof WatchpostError ? error : {};
    if (!mayPass(error)) {
      process.exitCode = 1;
      process.send?.({ failed: { code, ...(path ? { path } : {}) } });
      break;
    }
    const { firstMs, maxMs } = demoSetUpPolicy.retry;
    await sleep(backoffMs(failures, firstMs, maxMs, Math.random()));
  }
}
if (process.connected) process.disconnect();
