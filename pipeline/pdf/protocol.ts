import type { FailureData } from '../../models/failures.ts';

/** What the parent asks of the decoder process; it answers one at a time. */
export type Ask =
  | {
      readonly ask: 'open';
      readonly path: string;
      readonly password: string | undefined;
      /** Reads the file with the second parser, too; off after it has ended a process. */
      readonly secondOpinion: boolean;
      readonly maxPages: number;
      readonly maxPixels: number;
      readonly memoryMb: number;
      readonly dpi: number;
    }
  | { readonly ask: 'page'; readonly index: number };

/** A page as it goes on: an image and how to turn it. */
export interface SplitPage {
  /** Position in the document, from 0. */
  readonly index: number;
  readonly image: Buffer;
  readonly mime: 'image/jpeg' | 'image/png';
  /** Pixels of the image as stored, before the turns. */
  readonly width: number;
  readonly height: number;
  /** Pixels an inch of the paper, as the PDF says; wrong where the PDF is. */
  readonly dpi: number;
  /** `embedded`: the JPEG of the PDF, byte for byte; `rendered`: drawn, already upright. */
  readonly source: 'embedded' | 'rendered';
  /** Clockwise quarter turns that make it upright. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
}

export type Answer =
  | {
      readonly answer: 'opened';
      readonly pages: number;
      /** False when only one parser could read the file. */
      readonly agreed: boolean;
    }
  | { readonly answer: 'page'; readonly page: SplitPage }
  | {
      readonly answer: 'failed';
      readonly failure: FailureData;
      /** The process is of no more use. */
      readonly ended?: boolean;
    };
