import process from 'node:process';
import { splitPdf } from '../../../pipeline/pdf/split.ts';

/* Splits a document whose decoder hangs, until somebody kills this process. */

const limits = { maxPages: 9, maxPixels: 1e6, memoryMb: 512, seconds: 600 };
const decoder = new URL('./misbehaving-decoder.ts', import.meta.url);
await splitPdf(process.argv[2]!, limits, async () => undefined, { decoder });
