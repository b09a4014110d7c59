import { z } from 'zod';
import { severitySchema } from '../alert/alert.ts';
import { incidentConcernSchema, incidentConcerns, incidentStateSchema } from '../alert/incident.ts';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { dutyPersonSchema } from './duty.ts';

/** What a department is; a site has as many of a kind as it needs. */
export const departmentKinds = ['police_post', 'property', 'fire', 'medical', 'school', 'traffic'] as const;
export const departmentKindSchema = z.enum(departmentKinds);
export type DepartmentKind = z.infer<typeof departmentKindSchema>;

/** The ladder of a task; the last three are its ends. */
export const taskStates = [
  'offered',
  'accepted',
  'en_route',
  'on_scene',
  'done',
  'declined',
  'recalled',
] as const;
export const taskStateSchema = z.enum(taskStates);
export type TaskState = z.infer<typeof taskStateSchema>;

/** What a unit can take on; it follows from its tasks and from duty. */
export const unitStates = ['available', 'busy', 'off_duty'] as const;
export const unitStateSchema = z.enum(unitStates);
export type UnitState = z.infer<typeof unitStateSchema>;

const versionSchema = z.number().int().min(1);
const nameSchema = z.string().trim().min(1).max(80);
const reasonSchema = z.string().trim().min(3).max(500);
const accountsSchema = (most: number) =>
  z
    .array(uuidSchema)
    .max(most)
    .refine((ids) => new Set(ids).size === ids.length, 'expected each account once');

/** What whoever keeps the departments says of one. */
const departmentPlan = {
  kind: departmentKindSchema,
  name: nameSchema,
  /** Zones of which it sees the alerts; null: the whole site. */
  zones: z.array(zoneIdSchema).min(1).max(500).nullable(),
  /** What these alerts are about; null: anything. */
  concerns: z.array(incidentConcernSchema).min(1).max(incidentConcerns.length).nullable(),
  /** Receiver of the site that is told of what is offered to it; null: its people look at the console. */
  receiver: uuidSchema.nullable(),
  /** Accounts that give its units their tasks. */
  dispatchers: accountsSchema(100),
};

/** `POST /api/v1/response/departments`; `id` is made by the client: a repeat has the first answer. */
export const departmentRequestSchema = z.strictObject({ id: uuidSchema, ...departmentPlan });
export type DepartmentRequest = z.infer<typeof departmentRequestSchema>;

/** `POST /api/v1/response/departments/{id}`, with the version that the person saw. */
export const departmentEditSchema = z.strictObject({ version: versionSchema, ...departmentPlan });
export type DepartmentEdit = z.infer<typeof departmentEditSchema>;

const unitPlan = {
  name: nameSchema,
  /** `rotas`: on duty while one of its members is, by a rota of the site; `always`: a post that is manned. */
  duty: z.enum(['rotas', 'always']),
  members: accountsSchema(50),
};

/** `POST /api/v1/response/departments/{id}/units`. */
export const unitRequestSchema = z.strictObject({ id: uuidSchema, ...unitPlan });
export type UnitRequest = z.infer<typeof unitRequestSchema>;

/** `POST /api/v1/response/units/{id}`. */
export const unitEditSchema = z.strictObject({ version: versionSchema, ...unitPlan });
export type UnitEdit = z.infer<typeof unitEditSchema>;

/** Body of what only needs a reason. */
export const responseReasonSchema = z.strictObject({ reason: reasonSchema });

/** A unit of a department. */
export const responseUnitSchema = z.strictObject({
  id: uuidSchema,
  version: versionSchema,
  department: uuidSchema,
  name: z.string(),
  duty: z.enum(['rotas', 'always']),
  members: z.array(dutyPersonSchema),
  /** For who is of the department; null for who only keeps it. */
  state: unitStateSchema.nullable(),
  /** Tasks that are not over; for who is of the department. */
  tasks: z.number().int().min(0).nullable(),
});
export type ResponseUnit = z.infer<typeof responseUnitSchema>;

/** How somebody belongs to a department: gives its units tasks, is of one of its units, or neither. */
export const departmentPartSchema = z.enum(['dispatch', 'field']).nullable();
export type DepartmentPart = z.infer<typeof departmentPartSchema>;

/** A department. Everybody who works with them sees that it is there; the rest is for who is of it. */
export const departmentSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: versionSchema,
  kind: departmentKindSchema,
  name: z.string(),
  zones: z.array(zoneIdSchema).nullable(),
  concerns: z.array(incidentConcernSchema).nullable(),
  part: departmentPartSchema,
  /** Null for who neither is of it nor keeps it; so are the next two. */
  receiver: uuidSchema.nullable(),
  dispatchers: z.array(dutyPersonSchema).nullable(),
  units: z.array(responseUnitSchema).nullable(),
});
export type Department = z.infer<typeof departmentSchema>;

export const departmentListSchema = z.strictObject({ departments: z.array(departmentSchema) });
export type DepartmentList = z.infer<typeof departmentListSchema>;

/**
 * What a task or an offer is about, in few words: enough to go there, and nothing of people. It is an
 * incident; the rest is of the most urgent of its alerts that the person may know of.
 */
export const responseSubjectSchema = z.strictObject({
  site: siteIdSchema,
  /** Of the incident. */
  id: uuidSchema,
  state: incidentStateSchema,
  concern: incidentConcernSchema,
  alert: uuidSchema,
  eventType: z.string(),
  /** Kind of the sensor or report, where there is one. */
  kind: z.string().nullable(),
  severity: severitySchema,
  zone: zoneIdSchema,
  device: deviceIdSchema,
  openedAt: timeSchema,
});
export type ResponseSubject = z.infer<typeof responseSubjectSchema>;

/** A task of a unit. */
export const responseTaskSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: versionSchema,
  offer: uuidSchema,
  department: uuidSchema,
  unit: z.strictObject({ id: uuidSchema, name: z.string() }),
  state: taskStateSchema,
  /** Since when. */
  since: timeSchema,
  offeredAt: timeSchema,
  offeredBy: z.string(),
  /** Of the offer to the department. */
  note: z.string(),
  /** Null once the alert is forgotten. */
  subject: responseSubjectSchema.nullable(),
  /** Steps that the person may take now, the next one of the ladder first. */
  steps: z.array(z.strictObject({ to: taskStateSchema, needsReason: z.boolean() })),
});
export type ResponseTask = z.infer<typeof responseTaskSchema>;

/** `GET /api/v1/response/tasks`: those that changed last first. */
export const taskQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  department: uuidSchema.optional(),
  /** `mine`: of units that the person is of; `department`: of those whose tasks they give too. */
  of: z.enum(['mine', 'department']).default('mine'),
  /** Those that are over as well. */
  ended: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(128).optional(),
});
export type TaskQuery = z.infer<typeof taskQuerySchema>;

export const taskPageSchema = z.strictObject({
  tasks: z.array(responseTaskSchema),
  next: z.string().nullable(),
  /** The server’s clock. */
  time: timeSchema,
});
export type TaskPage = z.infer<typeof taskPageSchema>;

/**
 * `POST /api/v1/response/tasks/{id}/steps`. `id` is made by the client: a repeat has the first answer.
 * `version` is that of the task as the person saw it.
 */
export const taskStepRequestSchema = z.strictObject({
  id: uuidSchema,
  version: versionSchema,
  to: taskStateSchema,
  reason: reasonSchema.optional(),
});
export type TaskStepRequest = z.infer<typeof taskStepRequestSchema>;

/**
 * `POST /api/v1/response/offers`: offers an incident to a department, and to units of it at once where the
 * person gives its tasks. `id` is made by the client: a repeat has the first answer.
 */
export const offerRequestSchema = z.strictObject({
  id: uuidSchema,
  /** An incident, or an alert of it. */
  subject: uuidSchema,
  department: uuidSchema,
  units: accountsSchema(20).default([]),
  note: z.string().trim().max(500).default(''),
  /** Why a unit that is busy or off duty; needed for one. */
  reason: reasonSchema.optional(),
});
export type OfferRequest = z.input<typeof offerRequestSchema>;

/** `POST /api/v1/response/offers/{id}/tasks`: gives the offer to a unit of the department. */
export const taskRequestSchema = z.strictObject({
  id: uuidSchema,
  unit: uuidSchema,
  reason: reasonSchema.optional(),
});
export type TaskRequest = z.infer<typeof taskRequestSchema>;

/** What was offered to a department, and what became of it. */
export const responseOfferSchema = z.strictObject({
  site: siteIdSchema,
  id: uuidSchema,
  version: versionSchema,
  subject: uuidSchema,
  department: z.strictObject({ id: uuidSchema, name: z.string(), kind: departmentKindSchema }),
  part: departmentPartSchema,
  note: z.string(),
  offeredAt: timeSchema,
  offeredBy: z.string(),
  /** Since then the department is not paged about it any more. */
  acknowledgedAt: timeSchema.nullable(),
  /** For who is of the department. */
  acknowledgedBy: z.string().nullable(),
  endedAt: timeSchema.nullable(),
  /** For who is of the department; null for others. */
  tasks: z.array(responseTaskSchema).nullable(),
  about: responseSubjectSchema.nullable(),
});
export type ResponseOffer = z.infer<typeof responseOfferSchema>;

/** `GET /api/v1/response/subjects/{id}`: to whom it was offered. */
export const subjectOffersSchema = z.strictObject({
  subject: responseSubjectSchema,
  offers: z.array(responseOfferSchema),
});
export type SubjectOffers = z.infer<typeof subjectOffersSchema>;

/** `GET /api/v1/response/offers`: what was offered to the person’s departments, the newest first. */
export const offerQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  department: uuidSchema.optional(),
  ended: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(128).optional(),
});
export type OfferQuery = z.infer<typeof offerQuerySchema>;

export const offerPageSchema = z.strictObject({
  offers: z.array(responseOfferSchema),
  next: z.string().nullable(),
  time: timeSchema,
});
export type OfferPage = z.infer<typeof offerPageSchema>;

/**
 * `GET /api/v1/response/departments/{id}/view`: incidents that go on and that it sees, the most urgent first.
 */
export const departmentViewSchema = z.strictObject({
  subjects: z.array(responseSubjectSchema),
  /** There are more than one answer shows. */
  more: z.boolean(),
});
export type DepartmentView = z.infer<typeof departmentViewSchema>;

/** `PUT /api/v1/response/position`: where the person is, by their phone. */
export const positionRequestSchema = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  /** Radius within which it is, metres. */
  accuracyM: z.number().min(0).max(100_000),
});
export type PositionRequest = z.infer<typeof positionRequestSchema>;

/** `POST /api/v1/response/position/consent`: what somebody agrees to is said by the console. */
export const positionConsentSchema = z.strictObject({ consent: z.literal(true) });

/** `GET /api/v1/response/position`: what is known of the person’s own position. */
export const ownPositionSchema = z.strictObject({
  site: siteIdSchema,
  /** Since when they agree to it; null: they do not. */
  consentedAt: timeSchema.nullable(),
  onDuty: z.boolean(),
  position: z
    .strictObject({
      latitude: z.number(),
      longitude: z.number(),
      accuracyM: z.number(),
      at: timeSchema,
    })
    .nullable(),
  /** It is deleted so long after it came, minutes. */
  keptMinutes: z.number().int().min(1),
  /** Seconds that have to be between two positions. */
  everySeconds: z.number().int().min(1),
});
export type OwnPosition = z.infer<typeof ownPositionSchema>;

/** `GET /api/v1/response/nearest`. */
export const nearestQuerySchema = z.strictObject({ subject: uuidSchema, department: uuidSchema });

/** A unit as it is proposed; somebody chooses. */
export const proposedUnitSchema = z.strictObject({
  unit: z.strictObject({ id: uuidSchema, name: z.string() }),
  state: unitStateSchema,
  /** From its last known position, metres; null: none is known. */
  distanceM: z.number().min(0).nullable(),
  accuracyM: z.number().min(0).nullable(),
  /** How old that position is. */
  ageSeconds: z.number().int().min(0).nullable(),
});
export type ProposedUnit = z.infer<typeof proposedUnitSchema>;

export const nearestUnitsSchema = z.strictObject({ units: z.array(proposedUnitSchema) });
export type NearestUnits = z.infer<typeof nearestUnitsSchema>;

/** What happened to whom; who reads it knows by then. */
export const timelineKinds = ['alert', 'notice', 'offer', 'acknowledgement', 'task', 'end'] as const;

/** One line of who knew what when. */
export const timelineEntrySchema = z.strictObject({
  at: timeSchema,
  kind: z.enum(timelineKinds),
  /** What it was: a state, a step, a kind of notice. */
  what: z.string(),
  /** Who did it; null: the system, or somebody of another department. */
  by: z.string().nullable(),
  department: z.string().nullable(),
  /** The unit or receiver that it concerns. */
  whom: z.string().nullable(),
  severity: severitySchema.nullable(),
  text: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** `GET /api/v1/response/subjects/{id}/timeline`, the first first. */
export const timelineSchema = z.strictObject({
  site: siteIdSchema,
  subject: uuidSchema,
  entries: z.array(timelineEntrySchema),
  /** Of all departments and with notices; others see what their own did. */
  complete: z.boolean(),
  /** There was more than one answer shows: the last entries are missing. */
  cut: z.boolean(),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** `GET /api/v1/response/subjects/{id}/timeline/export`. */
export const timelineExportQuerySchema = z.strictObject({ format: z.enum(['json', 'csv']).default('csv') });
