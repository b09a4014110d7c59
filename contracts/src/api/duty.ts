import { z } from 'zod';
import { alertStateSchema, dispositionSchema, severitySchema } from '../alert/alert.ts';
import { timeZoneSchema } from '../site/place.ts';
import { siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';

/** Wall time in the time zone of the rota. */
const clockTimeSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00');

/** On which days a layer has a shift, by the day on which the shift begins. */
export const dutyDaysSchema = z.discriminatedUnion('kind', [
  /** Whatever the calendar of the site says of them; 1 is Monday, 7 Sunday (ISO 8601). */
  z.strictObject({
    kind: z.literal('weekdays'),
    weekdays: z
      .array(z.number().int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'expected each day once'),
  }),
  /** Monday to Friday without holidays, and the days on which holidays are made up for. */
  z.strictObject({ kind: z.literal('working_days') }),
  /** All other days. */
  z.strictObject({ kind: z.literal('days_off') }),
]);
export type DutyDays = z.infer<typeof dutyDaysSchema>;

/** In the place of somebody whose account was deleted: the turn is nobody’s, and a new person takes it. */
export const vacantTurn = '00000000-0000-0000-0000-000000000000';

/** Who follows whom. */
export const dutyRotationSchema = z.strictObject({
  /**
   * The first turn begins on this day; before it the layer has nobody. Months begin on the same day of the
   * month, or on the last one of a shorter month.
   */
  since: z.iso.date(),
  unit: z.enum(['day', 'week', 'month']),
  /** Length of a turn, units. */
  every: z.number().int().min(1).max(60),
  /** Accounts, in the order of their turns; somebody may have more than one. May hold `vacantTurn`. */
  people: z.array(uuidSchema).min(1).max(100),
});
export type DutyRotation = z.infer<typeof dutyRotationSchema>;

/** One shift of certain days, and who takes turns in it. */
export const dutyLayerSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  days: dutyDaysSchema,
  /** Hand-over to this shift, and from it: on the next day when it is not later; 24 h when both are equal. */
  from: clockTimeSchema,
  to: clockTimeSchema,
  rotation: dutyRotationSchema,
});
export type DutyLayer = z.infer<typeof dutyLayerSchema>;

/**
 * An instant, or wall time in the time zone of the rota. What is skipped or comes twice counts as at
 * hand-overs.
 */
export const dutyTimeSchema = z.union([
  timeSchema,
  z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'expected a time such as 2026-11-27T20:00'),
]);

/** Somebody who may be on duty. The name is that of now, or of then in what is past. */
export const dutyPersonSchema = z.strictObject({ id: uuidSchema, name: z.string() });
export type DutyPerson = z.infer<typeof dutyPersonSchema>;

/** What a rota promises: somebody at every instant, or whatever its layers say. */
export const dutyCoverageSchema = z.enum(['always', 'planned']);

/** What a rota says. */
const dutyPlan = {
  name: z.string().trim().min(1).max(80),
  /** Null: the whole site. Whoever is limited to zones sees rotas whose zones are all among theirs. */
  zones: z.array(zoneIdSchema).min(1).max(200).nullable(),
  timeZone: timeZoneSchema,
  coverage: dutyCoverageSchema,
  /** Whether holidays of the site’s calendar count. */
  holidays: z.boolean(),
  layers: z.array(dutyLayerSchema).min(1).max(12),
};

/** `POST /api/v1/duty/rotas?site=…`. */
export const rotaRequestSchema = z.strictObject({
  /** Made by the client; a repeat of the same request has the first answer. */
  id: uuidSchema,
  ...dutyPlan,
  /** Absent: that of the site. */
  timeZone: timeZoneSchema.optional(),
  zones: dutyPlan.zones.default(null),
});
export type RotaRequest = z.output<typeof rotaRequestSchema>;

/** `POST /api/v1/duty/rotas/{id}`. */
export const rotaEditRequestSchema = z.strictObject({ version: z.number().int().min(1), ...dutyPlan });
export type RotaEditRequest = z.output<typeof rotaEditRequestSchema>;

const reasonSchema = z.string().trim().min(3).max(500);
/** `POST /api/v1/duty/rotas/{id}/end`, `POST /api/v1/duty/exceptions/{id}/cancel`. */
export const dutyReasonRequestSchema = z.strictObject({ reason: reasonSchema });

export const dutyRotaSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: z.number().int(),
  ...dutyPlan,
  /** Everybody in its layers, by id. */
  people: z.array(dutyPersonSchema),
});
export type DutyRota = z.infer<typeof dutyRotaSchema>;

/** A time on duty of somebody. */
const dutyPartSchema = z.strictObject({ from: timeSchema, until: timeSchema, person: dutyPersonSchema });

/** What takes the place of the rotation for a time; `swap` once both agree. */
export const dutyExceptionKinds = ['override', 'temporary', 'swap'] as const;
/** `asked`: a swap waits for an answer; `valid`: it counts. */
export const dutyExceptionStates = ['asked', 'valid', 'refused', 'cancelled'] as const;
export const dutyExceptionSchema = z.strictObject({
  id: uuidSchema,
  rota: uuidSchema,
  kind: z.enum(dutyExceptionKinds),
  state: z.enum(dutyExceptionStates),
  from: timeSchema,
  until: timeSchema,
  /** Who is on duty when, while it counts; between the parts of a temporary schedule nobody is. */
  parts: z.array(dutyPartSchema),
  /** Of a swap: who has to answer. */
  asked: dutyPersonSchema.nullable(),
  reason: z.string(),
  madeAt: timeSchema,
  madeBy: dutyPersonSchema,
  /** Who answered or cancelled it, and when. */
  ended: z.strictObject({ at: timeSchema, by: z.string() }).nullable(),
});
export type DutyException = z.infer<typeof dutyExceptionSchema>;

const madeByClient = { id: uuidSchema, rota: uuidSchema, reason: reasonSchema };
const times = { from: dutyTimeSchema, until: dutyTimeSchema };

/** `POST /api/v1/duty/exceptions?site=…`: an override, or a temporary schedule. */
export const dutyExceptionRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('override'), ...madeByClient, ...times, person: uuidSchema }),
  z.strictObject({
    kind: z.literal('temporary'),
    ...madeByClient,
    ...times,
    shifts: z.array(z.strictObject({ ...times, person: uuidSchema })).max(200),
  }),
]);
export type DutyExceptionRequest = z.infer<typeof dutyExceptionRequestSchema>;

/** `GET /api/v1/duty/rotas`, by name. */
export const dutyRotaListSchema = z.strictObject({ rotas: z.array(dutyRotaSchema) });
/** `GET /api/v1/duty/rotas/{id}`. */
export const dutyRotaDetailSchema = dutyRotaSchema.extend({
  /** Those that have not ended, the first first. */
  exceptions: z.array(dutyExceptionSchema),
});
export type DutyRotaDetail = z.infer<typeof dutyRotaDetailSchema>;

/** What put somebody on duty. */
export const dutyCauseSchema = z.enum(['rotation', 'override', 'swap', 'temporary']);

/** A shift as it is planned, or was. */
export const dutyShiftSchema = z.strictObject({
  site: siteIdSchema,
  rota: uuidSchema,
  from: timeSchema,
  until: timeSchema,
  person: dutyPersonSchema,
  cause: dutyCauseSchema,
  /** Of a rotation the layer. */
  layer: z.string().nullable(),
});
export type DutyShift = z.infer<typeof dutyShiftSchema>;

/** `GET /api/v1/duty/shifts`: what overlaps the time, at most 93 days, the first first. */
export const dutyShiftQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  rota: uuidSchema.optional(),
  from: timeSchema,
  until: timeSchema,
});
export const dutyShiftListSchema = z.strictObject({
  shifts: z.array(dutyShiftSchema),
  /** Up to here shifts are planned ahead. */
  plannedUntil: timeSchema,
});
export type DutyShiftList = z.infer<typeof dutyShiftListSchema>;

/** `GET /api/v1/duty`: who is on duty now, or at an instant. */
export const dutyQuerySchema = z.strictObject({ site: siteIdSchema.optional(), at: timeSchema.optional() });
export const onDutySchema = z.strictObject({
  at: timeSchema,
  rotas: z.array(
    z.strictObject({
      site: siteIdSchema,
      rota: uuidSchema,
      name: z.string(),
      timeZone: z.string(),
      /** Null: nobody. */
      person: dutyPersonSchema.nullable(),
      cause: dutyCauseSchema.nullable(),
      /** Until when that holds; null: for as long as is planned ahead. */
      until: timeSchema.nullable(),
      /** Who comes then. */
      next: dutyPersonSchema.nullable(),
    }),
  ),
});
export type OnDutyNow = z.infer<typeof onDutySchema>;

/**
 * `gap`: nobody is on duty; `double_booked`: somebody is in two rotas at once; `unreachable`: the person has
 * no verified channel; `gone`: the account may not be on duty here any more; `year_unknown`: the holidays of
 * a year are not known yet.
 */
export const dutyFindingKinds = ['gap', 'double_booked', 'unreachable', 'gone', 'year_unknown'] as const;
export const dutyFindingSchema = z.strictObject({
  site: siteIdSchema,
  kind: z.enum(dutyFindingKinds),
  rota: uuidSchema,
  /** Of a double booking the other one. */
  otherRota: uuidSchema.nullable(),
  person: dutyPersonSchema.nullable(),
  from: timeSchema,
  until: timeSchema,
  /** It begins within 24 h, or goes on already. */
  soon: z.boolean(),
});
export type DutyFinding = z.infer<typeof dutyFindingSchema>;
/** `GET /api/v1/duty/findings`: of the next 14 days, the first first. */
export const dutyFindingListSchema = z.strictObject({
  /** When they were looked for; null: not yet since the start. */
  at: timeSchema.nullable(),
  findings: z.array(dutyFindingSchema),
});
export type DutyFindingList = z.infer<typeof dutyFindingListSchema>;

/** `GET /api/v1/duty/people`: who may be on duty on a site. */
export const dutyPeopleSchema = z.strictObject({ people: z.array(dutyPersonSchema) });

/** `china`: holidays and working days as the State Council announced them; `none`: weekdays alone. */
export const dutyCalendarBaseSchema = z.enum(['none', 'china']);
const calendarDaysSchema = z.array(z.iso.date()).max(200);
/** A year of the site’s own table. It takes the place of what is known of that year otherwise. */
export const dutyCalendarYearSchema = z
  .strictObject({
    year: z.number().int().min(2000).max(2100),
    holidays: calendarDaysSchema,
    /** Saturdays and Sundays that are worked. */
    workingDays: calendarDaysSchema,
  })
  .refine(
    ({ year, holidays, workingDays }) =>
      [...holidays, ...workingDays].every((day) => day.startsWith(`${year}-`)),
    'expected days of the year',
  );
export type DutyCalendarYear = z.infer<typeof dutyCalendarYearSchema>;
const dutyCalendarPlan = {
  base: dutyCalendarBaseSchema,
  years: z
    .array(dutyCalendarYearSchema)
    .max(30)
    .refine(
      (years) => new Set(years.map(({ year }) => year)).size === years.length,
      'expected each year once',
    ),
};
/** `POST /api/v1/duty/calendar?site=…`. */
export const dutyCalendarRequestSchema = z.strictObject({
  /** That you saw; 0 where there was none. */
  version: z.number().int().min(0),
  ...dutyCalendarPlan,
});
export type DutyCalendarRequest = z.infer<typeof dutyCalendarRequestSchema>;
/** `GET /api/v1/duty/calendar`. */
export const dutyCalendarSchema = z.strictObject({
  site: siteIdSchema,
  version: z.number().int(),
  ...dutyCalendarPlan,
  /** Of the base and of the site’s own table. */
  knownYears: z.array(z.number().int()),
});
export type DutyCalendarView = z.infer<typeof dutyCalendarSchema>;

const stretchSchema = z.strictObject(times);
/** `POST /api/v1/duty/swaps?site=…`: somebody asks another person to take a time over, or to swap. */
export const dutySwapRequestSchema = z.strictObject({
  ...madeByClient,
  /** Who is asked. */
  with: uuidSchema,
  /** What the other person takes over: time on duty of who asks. */
  give: stretchSchema,
  /** What who asks takes over for it; null: nothing. */
  take: stretchSchema.nullable(),
});
export type DutySwapRequest = z.infer<typeof dutySwapRequestSchema>;
/** `POST /api/v1/duty/swaps/{id}/answer`, of who was asked. */
export const dutySwapAnswerSchema = z.strictObject({ accept: z.boolean() });

/** An alert in a hand-over report, as it stood. What more there is the alert itself says. */
const reportedAlert = {
  alert: uuidSchema,
  eventType: z.string(),
  zone: z.string(),
  severity: severitySchema,
};
const handoverNotesSchema = z.string().trim().max(4_000);
/** `POST /api/v1/duty/handovers?site=…`: of who is on duty, or was until lately; it signs it for them. */
export const handoverRequestSchema = z.strictObject({
  id: uuidSchema,
  rota: uuidSchema,
  notes: handoverNotesSchema,
  /** Who takes over; absent: who comes next. */
  taker: uuidSchema.optional(),
});
export type HandoverRequest = z.infer<typeof handoverRequestSchema>;
/** `POST /api/v1/duty/handovers/{id}/sign`: of who takes over, with what they want to add. */
export const handoverSignRequestSchema = z.strictObject({ remark: handoverNotesSchema.default('') });

export const handoverReportSchema = z.strictObject({
  /** What is not closed, the most urgent first; at most 100. */
  open: z.array(z.strictObject({ ...reportedAlert, state: alertStateSchema, openedAt: timeSchema })),
  openTotal: z.number().int(),
  /** Steps that people took during the shift, the first first; at most 200. */
  decided: z.array(
    z.strictObject({
      ...reportedAlert,
      to: alertStateSchema,
      disposition: dispositionSchema.nullable(),
      by: z.string(),
      at: timeSchema,
    }),
  ),
  decidedTotal: z.number().int(),
});
export type HandoverReport = z.infer<typeof handoverReportSchema>;

const listedHandover = {
  site: siteIdSchema,
  id: uuidSchema,
  rota: uuidSchema,
  /** Name of the rota. */
  rotaName: z.string(),
  /** When who hands over signed it. */
  at: timeSchema,
  shift: z.strictObject({ from: timeSchema, until: timeSchema }),
  giver: dutyPersonSchema,
  /** Who was asked to take over, or did. */
  taker: dutyPersonSchema,
  /** When who takes over signed it; null: it waits. */
  signedAt: timeSchema.nullable(),
};
/** `GET /api/v1/duty/handovers`, the newest first. */
export const handoverQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  rota: uuidSchema.optional(),
  /** `next` of the page before. */
  before: timeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export type HandoverQuery = z.output<typeof handoverQuerySchema>;
export const handoverListSchema = z.strictObject({
  handovers: z.array(z.strictObject(listedHandover)),
  next: timeSchema.nullable(),
});
export type HandoverList = z.infer<typeof handoverListSchema>;
/** `GET /api/v1/duty/handovers/{id}`. */
export const handoverSchema = z.strictObject({
  ...listedHandover,
  notes: z.string(),
  remark: z.string(),
  report: handoverReportSchema,
});
export type Handover = z.infer<typeof handoverSchema>;
