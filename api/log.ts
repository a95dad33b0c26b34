import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * The log in `DATA_DIR/logs/api.log`, JSON lines with ids and routes: who did what and when. The
 * terminal stays for people; it shows errors only.
 */
export async function openLog(dataDir: string) {
  const folder = path.join(dataDir, 'logs');
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = createWriteStream(path.join(folder, 'api.log'), { flags: 'a', mode: 0o600 });
  // A full disk must not end the program; the terminal tells of it.
  file.on('error', (error) => process.stderr.write(`log: ${error.message}\n`));
  return {
    stream: {
      write(line: string): void {
        file.write(line);
        if (/^\{"level":(50|60),/.test(line)) process.stderr.write(line);
      },
    },
    close: () => new Promise<void>((resolve) => file.end(() => resolve())),
  };
}
