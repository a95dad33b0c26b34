import { createHmac } from 'node:crypto';

/** The role under which the application works in a database whose owner we are. */
const APPLICATION = 'so_goc_app';

/**
 * Where the application connects to, given where the owner does: the same database as another role,
 * whose password follows from the owner's, so that every process knows it.
 */
export function applicationOf(ownerUrl: string): { url: string; role: string; password: string } {
  const url = new URL(ownerUrl);
  const password = createHmac('sha256', decodeURIComponent(url.password))
    .update(APPLICATION)
    .digest('base64url');
  url.username = APPLICATION;
  url.password = password;
  return { url: url.href, role: APPLICATION, password };
}
