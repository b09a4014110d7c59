import { randomUUID } from 'node:crypto';
import {
  alertPageSchema,
  dutyPeopleSchema,
  incidentPageSchema,
  listEntrySchema,
  responseOfferSchema,
} from '@watchpost/contracts/api';
import type { HttpSite } from './http-site.ts';

/** Ids of things in the store room, which exist for nobody who is limited to the gate. */
export interface ForeignThings {
  readonly alert: string;
  readonly incident: string;
  readonly silence: string;
  readonly rota: string;
  readonly exception: string;
  readonly handover: string;
  readonly department: string;
  readonly unit: string;
  readonly offer: string;
  readonly task: string;
  readonly entry: string;
  readonly pass: string;
  readonly plate: string;
  /** The administrator’s account. */
  readonly somebody: string;
}

/** Makes one of each, as an administrator of the whole site. */
export async function makeForeignThings(site: HttpSite): Promise<ForeignThings> {
  const get = async (url: string) => (await site.ask('GET', `/api/v1${url}`, 'admin')).json();
  const made = async (url: string, body: object) => {
    const answer = await site.ask('POST', `/api/v1${url}`, 'admin', body);
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
    return answer.json();
  };
  const at = (hours: number) => new Date(site.clock.nowMs + hours * 3_600_000).toISOString();
  const { people } = dutyPeopleSchema.parse(await get('/duty/people'));
  const idOf = (who: string) => people.find(({ name }) => name === who)?.id ?? '';
  const somebody = idOf('admin');
  const zones = ['stores'];
  const { alerts } = alertPageSchema.parse(await get('/alerts?zone=stores'));
  const { incidents } = incidentPageSchema.parse(await get('/incidents?zone=stores'));
  const alert = alerts[0]?.id ?? '';
  const incident = incidents.find((one) => one.zones.every((zone) => zone === 'stores'))?.id ?? '';
  const ids = {
    ...{ silence: randomUUID(), rota: randomUUID(), exception: randomUUID(), handover: randomUUID() },
    ...{ department: randomUUID(), unit: randomUUID(), pass: randomUUID(), plate: randomUUID() },
  };
  await made('/silences', {
    ...{ id: ids.silence, match: { zones, highest: 'critical', danger: true }, until: at(4) },
    reason: 'the shelves are moved',
  });
  const rotation = { since: '2026-01-05', unit: 'week', every: 1, people: [somebody] };
  const days = { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] };
  await made('/duty/rotas', {
    ...{ id: ids.rota, name: 'Store room', zones, coverage: 'always', holidays: false },
    layers: [{ name: 'all day', days, from: '08:00', to: '08:00', rotation }],
  });
  const override = { kind: 'override', rota: ids.rota, reason: 'inventory', person: idOf('officer') };
  await made('/duty/exceptions', { ...override, id: ids.exception, from: at(48), until: at(56) });
  const handover = { id: ids.handover, rota: ids.rota, notes: 'The cage is open.', taker: idOf('officer') };
  await made('/duty/handovers', handover);
  const plan = { kind: 'fire', name: 'Fire brigade', concerns: null, receiver: null };
  const department = { ...plan, id: ids.department, zones, dispatchers: [somebody] };
  await made('/response/departments', department);
  const unit = { id: ids.unit, name: 'Engine 1', duty: 'always', members: [somebody] };
  await made(`/response/departments/${ids.department}/units`, unit);
  const asked = { id: randomUUID(), subject: alert, department: ids.department, units: [ids.unit] };
  const offer = responseOfferSchema.parse(await made('/response/offers', asked));
  const entry = listEntrySchema.parse(
    await made('/lists', {
      ...{ list: 'watch', label: 'Zhang', legalBasis: 'Order 7', authority: 'Court', purpose: 'Theft' },
      ...{ reason: '', instruction: 'Call', area: zones, expires: at(2_000), review: at(700) },
    }),
  );
  const pass = { id: ids.pass, gates: ['stores'], purpose: 'work', notAfter: at(24), maxUses: 1 };
  await made('/passes', pass);
  await made('/plates', { id: ids.plate, zone: 'stores', address: 'B3-2-1204', name: 'Block 3, store room' });
  return {
    ...{ ...ids, alert, somebody, incident, entry: entry.id, offer: offer.id },
    task: offer.tasks?.[0]?.id ?? '',
  };
}
