import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, NO_HASH } from '../../models/actions.ts';
import { RecordId, Sha256 } from '../../models/ids.ts';
import { Head } from '../../models/store/heads.ts';

const Said = z.object({
  at: z.iso.datetime(),
  /** SHA-256 of the line before, also across files; 64 zeros for the very first. */
  previous: Sha256,
});

/** What a line says, without its signature. */
const Content = z.discriminatedUnion('kind', [
  /** The first line of each day's file, with the whole file before it. */
  Said.extend({
    kind: z.literal('file'),
    before: z.object({ name: z.string(), sha256: Sha256 }).nullable(),
  }),
  /** Record, version and hash of each. */
  Said.extend({
    kind: z.literal('heads'),
    heads: z.array(z.tuple([RecordId, Head.shape.version, Sha256])),
  }),
]);
export type Content = z.infer<typeof Content>;

const Line = z.object({ content: Content, signature: z.string() });

export const FIRST = NO_HASH;

export const sha256 = (text: string): Sha256 => createHash('sha256').update(text).digest('hex');

/** A line of JSON, signed, without its end. */
export function writeLine(content: Content, privateKey: KeyObject): string {
  const signature = sign(null, Buffer.from(canonicalJson(content)), privateKey);
  return JSON.stringify({ content, signature: signature.toString('base64url') });
}

/** What a line says; undefined when it is none, or not signed by this key. */
export function readLine(text: string, publicKey: KeyObject): Content | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = Line.safeParse(json);
  if (!parsed.success) return undefined;
  const { content, signature } = parsed.data;
  const signed = Buffer.from(canonicalJson(content));
  return verify(null, signed, publicKey, Buffer.from(signature, 'base64url')) ? content : undefined;
}
