import { z } from 'zod';
import { Candidate } from '../../models/fields.ts';
import { Box } from '../../models/geometry.ts';

/** A word as read. */
const Word = z.object({ text: z.string(), belief: z.number() });

/** What was read in one blank of the form. */
export const BlankReading = z.object({
  item: z.number().int(),
  /** Which entry of the page, from 0; absent for what belongs to all of them. */
  entry: z.number().int().optional(),
  state: z.enum(['written', 'blank', 'struckOut']),
  /** The reader's text, lines joined by blanks; empty unless written or struck out. */
  text: z.string(),
  /** The reader's belief in each word, 0 to 1, not calibrated. */
  words: z.array(Word),
  candidates: z.array(Candidate).default([]),
  /** Name of the reader whose text this is. */
  reader: z.string(),
  /** What another reader made of the same ink, where two were asked. */
  second: z.object({ reader: z.string(), words: z.array(Word) }).optional(),
  box: Box,
});
export type BlankReading = z.infer<typeof BlankReading>;

/** Which printed options of a choice carry a mark; `strength` 0 to 1 per option. */
export const ChoiceReading = z.object({
  item: z.number().int(),
  options: z.array(z.object({ code: z.string(), strength: z.number(), box: Box })),
  box: Box,
});
export type ChoiceReading = z.infer<typeof ChoiceReading>;

/** The stored result of stage `read`. */
export const Readings = z.object({
  /** Name of the reader of choices and blanks that nobody had to read. */
  reader: z.string(),
  blanks: z.array(BlankReading),
  choices: z.array(ChoiceReading),
  /** Blanks and choices of the form whose place on the page was not found. */
  missing: z.array(z.number().int()),
});
export type Readings = z.infer<typeof Readings>;

/** What was read of one entry of the page, with what belongs to all of them. */
export function ofEntry(readings: Readings, entry: number): Readings {
  return {
    ...readings,
    blanks: readings.blanks.filter((b) => b.entry === undefined || b.entry === entry),
  };
}
