import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's parameters for argon2id, the package's default algorithm: 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Letters and digits that are not mistaken for each other on paper. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS);

/** Hash of a password that nobody has: an unknown login takes as long to answer as a known one. */
const nobody = hashPassword(randomPassword(40));

/** True when `password` belongs to `stored`; compares with {@link nobody} when there is no person. */
export async function passwordFits(password: string, stored: string | undefined): Promise<boolean> {
  const fits = await verify(stored ?? (await nobody), password);
  return fits && stored !== undefined;
}

/** A password to print once: 16 characters carry 80 bits. */
export function randomPassword(length = 16): string {
  const letters = Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
