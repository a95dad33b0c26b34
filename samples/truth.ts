import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { NewBook } from '../models/books.ts';
import { FieldState } from '../models/fields.ts';
import { Box } from '../models/geometry.ts';

/** A place on the page, twice. */
const Place = {
  /** In fractions of the upright page as printed, before it was bent, turned and scanned. */
  box: Box,
  /** In fractions of the scanned image. */
  boxOnScan: Box,
};

export const TruthLine = z.object({ text: z.string().min(1), ...Place });

export const TruthField = z
  .object({
    state: FieldState.extract(['written', 'blank', 'struckOut']),
    /** Verbatim as drawn; a date asked in parts is joined with dots: "5.1.2008". */
    text: z.string().min(1).optional(),
    /** As the register's kind of field normalises it. */
    normalized: z.string().min(1).optional(),
    /** Around the ink; around the writing area when nothing is written. */
    ...Place,
    /** The space that the form gives to write in, all its lines. */
    area: Box,
    areaOnScan: Box,
    ink: z.enum(['typed', 'hand']),
    /** Set with a rubber stamp: printed letters in red or blue. */
    stamp: z.boolean().default(false),
    /** What stands on each writing line, from top to bottom; a choice has none. */
    lines: z.array(TruthLine).default([]),
  })
  .refine((f) => (f.state === 'blank') === (f.text === undefined), 'a text unless blank');
export type TruthField = z.infer<typeof TruthField>;

export const TruthLabel = z.object({ text: z.string(), ...Place });

export const TruthPage = z.object({
  /** Position in the PDF, from 0. */
  index: z.number().int().nonnegative(),
  /** Which entry of the page, from 0; a page with several is here once for each. */
  entry: z.number().int().nonnegative().default(0),
  ink: z.enum(['typed', 'hand']),
  /** Degrees by which the paper lies turned on the scan, clockwise positive. */
  skew: z.number(),
  /** How strongly it was aged, 0 to 1. */
  ageing: z.number().min(0).max(1),
  /** By field key, every field that the form asks on the page. */
  fields: z.record(z.string(), TruthField),
  labels: z.array(TruthLabel),
});
export type TruthPage = z.infer<typeof TruthPage>;

/** What a drawn book says, beside its PDF. */
export const Truth = z.object({
  form: z.string(),
  formVersion: z.number().int(),
  /** Which print shop's layout, from 1. */
  layout: z.number().int().min(1),
  seed: z.number().int(),
  ink: z.enum(['typed', 'hand', 'mixed']),
  ageing: z.enum(['none', 'light', 'mixed', 'heavy']),
  /** Size of the scans in pixels and their resolution. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  dpi: z.number().positive(),
  book: NewBook,
  pages: z.array(TruthPage),
});
export type Truth = z.infer<typeof Truth>;

/** @throws when `path` does not hold a truth. */
export function readTruth(path: string): Truth {
  return Truth.parse(JSON.parse(readFileSync(path, 'utf8')));
}
