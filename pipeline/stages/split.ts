import { createHash } from 'node:crypto';
import {
  type PdfLimits,
  type SplitOptions,
  type SplitPage,
  type SplitResult,
  splitPdf,
} from '../pdf/split.ts';

/** A page with the identity of its content. */
export interface HashedPage extends SplitPage {
  /** SHA-256 of the image's bytes. Pages that differ only in `quarterTurns` share it. */
  readonly imageHash: string;
}

/**
 * Takes a document apart; see {@link splitPdf} for order, limits and failures.
 * @throws Failure when no page of the document can be had
 */
export function split(
  input: { readonly path: string; readonly limits: PdfLimits },
  onPage: (page: HashedPage) => Promise<void>,
  options?: SplitOptions,
): Promise<SplitResult> {
  return splitPdf(
    input.path,
    input.limits,
    (page) => onPage({ ...page, imageHash: createHash('sha256').update(page.image).digest('hex') }),
    options,
  );
}
