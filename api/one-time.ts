import { Secret, TOTP } from 'otpauth';
import QRCode from 'qrcode';
import type { PersonId } from '../models/ids.ts';
import type { Store } from '../models/store/store.ts';

/** RFC 6238 as every authenticator takes it: SHA-1, six digits, 30 seconds. */
const PERIOD = 30;
/** A clock may be this many periods off. */
const WINDOW = 1;

const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer: 'Sổ Gốc', label, secret: Secret.fromBase32(secret), period: PERIOD });

/** A new secret of 160 bits, in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** What an authenticator scans, as the `otpauth:` address and as a picture of it (SVG). */
export async function enrolment(
  secret: string,
  login: string,
): Promise<{ uri: string; qr: string }> {
  const uri = totpOf(secret, login).toString();
  return { uri, qr: await QRCode.toString(uri, { type: 'svg', margin: 1 }) };
}

/** True when `code` is right now and neither it nor a later one was used before. */
export async function spendCode(
  store: Store,
  id: PersonId,
  secret: string,
  code: string,
): Promise<boolean> {
  const delta = totpOf(secret).validate({ token: code, window: WINDOW });
  if (delta === null) return false;
  return store.people.takeTotpStep(id, Math.floor(Date.now() / 1000 / PERIOD) + delta);
}
