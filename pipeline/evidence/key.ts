import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

const FOLDER = 'keys';
const PRIVATE = 'log-heads.pem';
const PUBLIC = 'log-heads.pub.pem';

/** The pair with which heads are signed. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * The ed25519 key in `DATA_DIR/keys`, mode 0600, made at the first call; the public half lies beside
 * it, to be kept elsewhere too.
 */
export async function openSigningKey(dataDir: string): Promise<SigningKey> {
  const folder = path.join(dataDir, FOLDER);
  const file = path.join(folder, PRIVATE);
  const known = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known !== undefined) return pairOf(known);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    await fs.writeFile(file, pem, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return pairOf(await fs.readFile(file, 'utf8'));
  }
  await fs.writeFile(path.join(folder, PUBLIC), publicKey.export({ type: 'spki', format: 'pem' }), {
    mode: 0o644,
  });
  return { privateKey, publicKey };
}

function pairOf(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The public half, from a file or from DATA_DIR; undefined when nothing was ever signed there. */
export async function readPublicKey(
  dataDir: string,
  file?: string,
): Promise<KeyObject | undefined> {
  const place = file ?? path.join(dataDir, FOLDER, PUBLIC);
  const pem = await fs.readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && file === undefined) return undefined;
    throw error;
  });
  return pem === undefined ? undefined : createPublicKey(pem);
}
