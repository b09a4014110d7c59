import { describe, expect, it } from 'vitest';
import { DutyOracle, minuteTable } from '../testing/duty-oracle.ts';
import { rotaOf, triedMs, triedZones } from '../testing/duty-rotas.ts';
import { dutyBetween } from './duty-between.ts';
import { onDuty, shiftsOn } from './on-duty.ts';
import type { Rota } from './rota.ts';

const minuteMs = 60_000;
/** Rotas over all zones; `npm run soak -- duty` tries 20,000. */
const rotas = Number(process.env.WATCHPOST_ROTAS ?? 200);
const perZone = Math.ceil(rotas / triedZones.length);
const seed = Number(process.env.WATCHPOST_SEED ?? Date.now() % 1_000_000);

const shown = (minute: number): string => new Date(minute * minuteMs).toISOString();

/** How many layers have somebody at an instant. */
function owners(rota: Rota, ms: number): number {
  const day = Math.floor(ms / 86_400_000);
  return [-2, -1, 0, 1]
    .flatMap((days) => shiftsOn(rota, day + days))
    .filter((shift) => shift && shift.fromMs <= ms && ms < shift.untilMs).length;
}

describe.each(triedZones)(`rotas in %s (WATCHPOST_SEED=${seed})`, (timeZone) => {
  const table = minuteTable(timeZone);
  // Where the clock is never changed things happen at the end of a year.
  const around = table.changes.length > 0 ? table.changes : [Date.UTC(2029, 0) / minuteMs];

  it(
    'by the hour over ten years and by the minute around what is special, brute force finds the same owner',
    () => {
      for (let n = 0; n < perZone; n++) {
        const { rota, divides } = rotaOf(seed + n, timeZone, around);
        const oracle = new DutyOracle(rota, table);
        for (const minute of table.tried) {
          const expected = oracle.at(minute);
          const found = onDuty(rota, minute * minuteMs)?.person;
          if (found !== expected)
            expect.fail(`seed ${seed + n} at ${shown(minute)}: ${found}, brute force finds ${expected}`);
        }
        if (!divides) continue;
        for (const minute of table.atChanges)
          if (owners(rota, minute * minuteMs) !== 1)
            expect.fail(`seed ${seed + n} at ${shown(minute)}: ${owners(rota, minute * minuteMs)} owners`);
      }
    },
    60_000 + perZone * 10_000,
  );

  it('17: stretches follow each other without hole and overlap, and say what each minute says', () => {
    for (let n = 0; n < Math.min(perZone, 40); n++) {
      const { rota } = rotaOf(seed + n, timeZone, around);
      const untilMs = triedMs.from + 400 * 86_400_000;
      let lastMs = triedMs.from;
      for (const stretch of dutyBetween(rota, triedMs.from, untilMs)) {
        expect(stretch.fromMs).toBe(lastMs);
        expect(stretch.untilMs).toBeGreaterThan(stretch.fromMs);
        for (const ms of [stretch.fromMs, stretch.untilMs - minuteMs])
          expect(onDuty(rota, ms)).toEqual(stretch.onDuty);
        lastMs = stretch.untilMs;
      }
      expect(lastMs).toBe(untilMs);
    }
  });
});
