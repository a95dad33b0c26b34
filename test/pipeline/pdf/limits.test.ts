import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PdfLimits, type SplitOptions, splitPdf } from '../../../pipeline/pdf/split.ts';

const LIMITS: PdfLimits = { maxPages: 100, maxPixels: 1e6, memoryMb: 400, seconds: 60 };
/** Longer than a process needs to start on a busy machine. */
const SHORT = 12;
const DECODER = new URL('./misbehaving-decoder.ts', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limits-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Splits with the decoder that misbehaves as the name says; see there. */
async function splitNamed(name: string, limits?: Partial<PdfLimits>, options?: SplitOptions) {
  const file = path.join(folder, name);
  await writeFile(file, '');
  const done: number[] = [];
  const result = await splitPdf(
    file,
    { ...LIMITS, ...limits },
    async (page) => {
      done.push(page.index);
    },
    { decoder: DECODER, ...options },
  );
  return { done, ...result, failed: result.failed.map((f) => [f.index, f.failure.kind]) };
}

describe('a page', () => {
  it('that hangs the decoder fails as a timeout, and the others go on', async () => {
    const { done, failed } = await splitNamed('4.hang.1.pdf', { seconds: SHORT });
    expect(done).toEqual([0, 2, 3]);
    expect(failed).toEqual([[1, 'timeout']]);
  });

  it('that crashes the decoder fails as a crash, and the others go on', async () => {
    for (const how of ['abort', 'exit']) {
      const { done, failed } = await splitNamed(`3.${how}.0.pdf`);
      expect(done).toEqual([1, 2]);
      expect(failed).toEqual([[0, 'crashed']]);
    }
  });

  it('that fills the memory or the heap fails for it, and the others go on', async () => {
    for (const how of ['memory', 'heap']) {
      const { done, failed } = await splitNamed(`3.${how}.2.pdf`);
      expect(done).toEqual([0, 1]);
      expect(failed).toEqual([[2, 'outOfMemory']]);
    }
  });
});

describe('a document', () => {
  it('that ends a decoder page after page is given up', async () => {
    const { done, failed } = await splitNamed('30.exit.every.pdf');
    expect(done).toEqual([]);
    expect(failed).toHaveLength(30);
  });

  it('is opened without the second reader when that ended the decoder', async () => {
    const { done, agreed } = await splitNamed('2.exit.open.pdf');
    expect(done).toEqual([0, 1]);
    expect(agreed).toBe(false);
  });

  it('that cannot be opened within the limits is a failure', async () => {
    await expect(splitNamed('2.exit.openAll.pdf')).rejects.toMatchObject({ kind: 'crashed' });
    await expect(splitNamed('2.hang.openAll.pdf', { seconds: 4 })).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  it('that is not there is no failure of a PDF', async () => {
    const nowhere = path.join(folder, 'nowhere.pdf');
    await expect(splitPdf(nowhere, LIMITS, async () => undefined)).rejects.toThrow('ENOENT');
  });
});

describe('splitting', () => {
  it('stops when asked to, also in the middle of a hanging page', async () => {
    const stop = new AbortController();
    const splitting = splitNamed('3.hang.1.pdf', {}, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 3000);
    await expect(splitting).rejects.toThrow('enough');
  });

  it('stops when what becomes of a page fails', async () => {
    const file = path.join(folder, '3.none.0.pdf');
    await writeFile(file, '');
    const refuse = async () => {
      throw new Error('disk full');
    };
    await expect(splitPdf(file, LIMITS, refuse, { decoder: DECODER })).rejects.toThrow('disk full');
  });

  it('leaves no decoder behind when its process is killed', async () => {
    const file = path.join(folder, '3.hang.0.pdf');
    await writeFile(file, '');
    const script = fileURLToPath(new URL('./abandon.ts', import.meta.url));
    const parent = spawn(process.execPath, ['--import', 'tsx', script, file], { stdio: 'ignore' });
    const children = `/proc/${parent.pid}/task/${parent.pid}/children`;
    if (!existsSync(children)) {
      parent.kill('SIGKILL');
      return;
    }
    let decoder = '';
    while (decoder === '') {
      await sleep(100);
      // tsx itself keeps a child; the decoder is the one that runs this module.
      decoder =
        readFileSync(children, 'latin1')
          .split(' ')
          .find((pid) => pid && commandOf(pid).includes('misbehaving-decoder')) ?? '';
    }
    await sleep(3000);
    expect(commandOf(decoder)).toContain('misbehaving-decoder');
    parent.kill('SIGKILL');
    while (commandOf(decoder) !== '') await sleep(100);
  });
});

/** Empty when there is no such process, or when it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
