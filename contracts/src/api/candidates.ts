import { z } from 'zod';
import { deviceIdSchema, siteIdSchema, timeSchema, uuidSchema, zoneIdSchema } from '../wire/ids.ts';
import { listKindSchema } from './lists.ts';

/**
 * How far above the limit a match lies: up to ten times rarer than the limit between people who are not the
 * same, up to a hundred times, or rarer.
 */
export const similarityBands = ['near', 'clear', 'strong'] as const;
export const similarityBandSchema = z.enum(similarityBands);
export type SimilarityBand = z.infer<typeof similarityBandSchema>;

/** What an officer said of a candidate. */
export const candidateAnswers = ['confirmed', 'refused'] as const;
export const candidateAnswerSchema = z.enum(candidateAnswers);
export type CandidateAnswer = z.infer<typeof candidateAnswerSchema>;

/**
 * Why a card says nothing of the entry: the role does not decide on alerts here; the candidate was refused;
 * it was confirmed and is dealt with; the entry has ended; this server has no such entry.
 */
export const hiddenEntryReasons = ['right', 'refused', 'done', 'ended', 'unknown'] as const;

const count = z.number().int().min(0);
/** “1 in so many”. */
const oneIn = z.number().int().min(1);

/** `GET /api/v1/alerts/{id}/candidate`: who it may be. Never who it is. */
export const candidateCardSchema = z.strictObject({
  alert: uuidSchema,
  list: listKindSchema,
  answer: candidateAnswerSchema.nullable(),
  similarity: z.strictObject({
    band: similarityBandSchema,
    /** Cosine of the match, and the one that a match needs: −1…1. */
    cosine: z.number(),
    threshold: z.number(),
    /** One comparison of different people in so many reaches the limit, as measured; null: not told. */
    limitOneIn: oneIn.nullable(),
    /** One stranger in so many looks this much like anybody in the gallery by chance; null: not told. */
    chanceOneIn: oneIn.nullable(),
  }),
  /** What the camera expects of people who are on no list; null until it has counted for an hour. */
  expected: z
    .strictObject({
      falsePerDay: z.number().min(0),
      /** Of which it follows, with the rate at the limit. */
      gallery: count,
      peoplePerDay: z.number().min(0),
    })
    .nullable(),
  entry: z
    .strictObject({
      label: z.string(),
      /** Why the person is on the list, and what is to be done. */
      reason: z.string(),
      instruction: z.string(),
      photos: count,
      /** What the list rests on: for who reads the lists. */
      record: z
        .strictObject({
          legalBasis: z.string(),
          authority: z.string(),
          purpose: z.string(),
          expires: timeSchema,
        })
        .nullable(),
    })
    .nullable(),
  hidden: z.enum(hiddenEntryReasons).nullable(),
  may: z.strictObject({ answer: z.array(candidateAnswerSchema), seePhotos: z.boolean() }),
});
export type CandidateCard = z.infer<typeof candidateCardSchema>;

/**
 * `POST /api/v1/alerts/{id}/candidate`: `id` is made by the client, a repeat changes nothing; `version` is
 * that of the alert as the person saw it. `confirmed` takes the alert, `refused` resolves it.
 */
export const candidateAnswerRequestSchema = z.strictObject({
  id: uuidSchema,
  version: z.number().int().min(1),
  answer: candidateAnswerSchema,
  note: z.string().trim().max(500).optional(),
});
export type CandidateAnswerRequest = z.infer<typeof candidateAnswerRequestSchema>;

/** `GET /api/v1/threshold-report`: the last so many days, today included (UTC). */
export const thresholdReportQuerySchema = z.strictObject({
  site: siteIdSchema.optional(),
  days: z.coerce.number().int().min(1).max(366).default(30),
});

const counted = { shown: count, confirmed: count, refused: count };

/**
 * What the numbers of a camera say: more refused than chance explains; about what is expected or fewer; too
 * few answers to say; nothing is known of what to expect.
 */
export const thresholdFindings = ['above', 'as_expected', 'too_few', 'no_expectation'] as const;

/** Of one camera and list. No person stands behind a number. */
export const thresholdRowSchema = z.strictObject({
  site: siteIdSchema,
  device: deviceIdSchema,
  /** Null: the site has no such camera any more. */
  zone: zoneIdSchema.nullable(),
  list: listKindSchema,
  ...counted,
  bands: z.array(z.strictObject({ band: similarityBandSchema, ...counted })),
  /** False candidates to expect in the hours in which the camera said what it expects. */
  expected: z.strictObject({ falseCandidates: z.number().min(0), hours: z.number().min(0) }).nullable(),
  finding: z.enum(thresholdFindings),
});
export type ThresholdRow = z.infer<typeof thresholdRowSchema>;

export const thresholdReportSchema = z.strictObject({
  /** First and last day, UTC. */
  from: z.iso.date(),
  until: z.iso.date(),
  rows: z.array(thresholdRowSchema),
});
export type ThresholdReport = z.infer<typeof thresholdReportSchema>;
