import { createHash } from 'node:crypto';
import type { Sha256 } from '../../models/ids.ts';
import { type PdfLimits, type SplitPage, type SplitResult, splitPdf } from '../pdf/split.ts';

/** A page taken out of a document, with the hash that names its content. */
export interface HashedPage extends SplitPage {
  readonly imageHash: Sha256;
}

/**
 * Takes a document apart into page images; see {@link splitPdf}.
 * @throws Failure for a document of which no page can be had
 */
export function split(
  input: { readonly path: string; readonly limits: PdfLimits },
  onPage: (page: HashedPage) => Promise<void>,
): Promise<SplitResult> {
  return splitPdf(input.path, input.limits, (page) => {
    const imageHash = createHash('sha256').update(page.image).digest('hex');
    return onPage({ ...page, imageHash });
  });
}
