import { once } from 'node:events';
import { setPriority } from 'node:os';
import { type StormOrder, storms } from './storms.ts';

// what making trouble costs is not to slow down those who are measured
setPriority(19);

// whoever started us is gone
process.once('disconnect', () => process.exit());

const [order] = (await once(process, 'message')) as [StormOrder];
const end = new AbortController();
const storm = storms[order.name]?.run;
if (!storm) throw new Error(`no storm is called ${order.name}`);
const ready = async () => {
  process.send?.('ready');
  await once(process, 'message');
  process.once('message', () => end.abort());
};
await storm(order.shore, ready, end.signal);
process.exit(0);
