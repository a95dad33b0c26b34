import { z } from 'zod';
import { Box } from './geometry.ts';
import { PageId, PersonId } from './ids.ts';

/**
 * What can be said about a place on the page. `written`: something stands there, `text` says what.
 * `blank`: nothing stands there. `notOnForm`: this form does not ask. `illegible`: written, but
 * nobody can read it. `struckOut`: written and crossed out.
 */
export const FieldState = z.enum(['written', 'blank', 'notOnForm', 'illegible', 'struckOut']);
export type FieldState = z.infer<typeof FieldState>;

/** One possible reading with its probability of being right. */
export const Candidate = z.object({ text: z.string(), probability: z.number().min(0).max(1) });
export type Candidate = z.infer<typeof Candidate>;

/** A named nudge of prefill, shown to people: "closed list", "date in words agrees". */
export const AppliedRule = z.object({ rule: z.string(), says: z.string() });
export type AppliedRule = z.infer<typeof AppliedRule>;

/** Where a value comes from. */
export const Evidence = z.object({
  /** `person` keyed it, a reader's name read it, `book` when it stands on the cover, `form` when the form lacks the field. */
  source: z.string(),
  personId: PersonId.optional(),
  pageId: PageId.optional(),
  box: Box.optional(),
  /** Calibrated probability that `text` is right; absent for people. */
  confidence: z.number().min(0).max(1).optional(),
  candidates: z.array(Candidate).default([]),
  rules: z.array(AppliedRule).default([]),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * One value of a record: what stands on the page, what it means, and why we think so.
 * `text` is verbatim (NFC) and only there when `state` is `written` or `struckOut`; `normalized` is
 * the template's way of writing it, absent while nobody knows.
 */
export const FieldValue = z
  .object({
    state: FieldState,
    text: z.string().max(4000).optional(),
    normalized: z.string().max(4000).optional(),
    evidence: Evidence,
    /** A person's note, for example why a reading is uncertain. */
    note: z.string().max(1000).optional(),
  })
  .refine((v) => v.state !== 'written' || (v.text !== undefined && v.text !== ''), {
    message: 'a written value has a text',
    path: ['text'],
  })
  .refine((v) => v.state === 'written' || v.state === 'struckOut' || v.text === undefined, {
    message: 'only written or struck-out values have a text',
    path: ['text'],
  });
export type FieldValue = z.infer<typeof FieldValue>;

/** Values by field key; a key is absent while nobody, man or machine, has answered it. */
export const FieldValues = z.record(z.string(), FieldValue);
export type FieldValues = z.infer<typeof FieldValues>;

/** What a person answers for one field; the server adds `normalized` and the evidence. */
export const FieldAnswer = z
  .object({
    state: FieldState,
    text: z.string().max(4000).optional(),
    note: z.string().max(1000).optional(),
  })
  .refine((v) => v.state !== 'written' || (v.text !== undefined && v.text.trim() !== ''), {
    message: 'a written value has a text',
    path: ['text'],
  })
  .refine((v) => v.state === 'written' || v.state === 'struckOut' || v.text === undefined, {
    message: 'only written or struck-out values have a text',
    path: ['text'],
  });
export type FieldAnswer = z.infer<typeof FieldAnswer>;
export const FieldAnswers = z.record(z.string().max(80), FieldAnswer);
export type FieldAnswers = z.infer<typeof FieldAnswers>;
