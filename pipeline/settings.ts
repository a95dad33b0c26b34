import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { Failure } from '../models/failures.ts';

const whole = (min: number, max: number, fallback: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((value) => value === '1' || value === 'true');

const url = (...protocols: string[]) =>
  z
    .url()
    .refine(
      (value) => protocols.includes(new URL(value).protocol),
      `must start with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Everything the environment may say; `npm start` needs none of it. */
const Environment = z
  .object({
    /** Folder of everything that is kept: database, images, uploads. */
    DATA_DIR: z
      .string()
      .default('./data')
      .transform((value) => path.resolve(value)),
    HOST: z.string().default('127.0.0.1'),
    /** 0 lets the system choose. */
    PORT: whole(0, 65_535, 8080),
    /** A PostgreSQL server; unset: the embedded one in DATA_DIR. */
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    /**
     * The same server as the schema's owner, who migrates it; DATABASE_URL then names a role that owns
     * nothing and cannot change what is append-only.
     */
    DATABASE_OWNER_URL: url('postgres:', 'postgresql:').optional(),
    /** A Redis server for the queue; unset: the queue lives in the database. */
    QUEUE_URL: url('redis:', 'rediss:').optional(),
    /** Where files are kept; unset: the folder `blobs` in DATA_DIR. */
    BLOBS_URL: url('file:').optional(),
    /** Worker processes; unset: one a core, at most 4. */
    WORKERS: whole(0, 64, Math.min(os.availableParallelism(), 4)),
    /** A worker that gives no sign of life for so long counts as dead, its jobs go to others. */
    QUEUE_LOCK_SECONDS: whole(1, 3600, 30),
    MAX_UPLOAD_BYTES: whole(1, Number.MAX_SAFE_INTEGER, 2 * 1024 ** 3),
    PDF_MAX_PAGES: whole(1, 1_000_000, 5000),
    PDF_MEMORY_MB: whole(64, 1_000_000, 1024),
    PDF_SECONDS: whole(1, 86_400, 60),
    PAGE_MAX_PIXELS: whole(1, Number.MAX_SAFE_INTEGER, 200_000_000),
    /** Reads handwriting: trained on all there is, or on drawn lines only. */
    LINE_MODEL: z.enum(['line-vi', 'line-vi-drawn']).default('line-vi'),
    /** `npm run training-set` may write what people approved as images of single lines. */
    TRAINING_SETS: flag,
    /** Days after which such a set is to be deleted. */
    TRAINING_SET_DAYS: whole(1, 3650, 90),
    /** Minutes between two signings of all records' heads, see `pipeline/evidence`; 0: never. */
    LOG_HEADS_MINUTES: whole(0, 1440, 60),
    /** Where they are kept; unset: the folder `log-heads` in DATA_DIR. Better on another machine. */
    LOG_HEADS_DIR: z
      .string()
      .transform((value) => path.resolve(value))
      .optional(),
    /** A proxy in front ends TLS and sets `X-Forwarded-*`. */
    TRUST_PROXY: flag,
    /** Listen beyond this machine without TLS. */
    ALLOW_INSECURE: flag,
  })
  .refine((env) => LOOPBACK.has(env.HOST) || env.TRUST_PROXY || env.ALLOW_INSECURE, {
    path: ['HOST'],
    message:
      'other machines would reach this without encryption: put a TLS proxy in front and set TRUST_PROXY=1, or set ALLOW_INSECURE=1',
  })
  .refine((env) => env.DATABASE_URL || !env.DATABASE_OWNER_URL, {
    path: ['DATABASE_OWNER_URL'],
    message: 'goes with DATABASE_URL',
  })
  .transform((env) => ({
    dataDir: env.DATA_DIR,
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    databaseOwnerUrl: env.DATABASE_OWNER_URL,
    queueUrl: env.QUEUE_URL,
    blobsUrl: env.BLOBS_URL,
    workers: env.WORKERS,
    queueLockSeconds: env.QUEUE_LOCK_SECONDS,
    maxUploadBytes: env.MAX_UPLOAD_BYTES,
    pdf: {
      maxPages: env.PDF_MAX_PAGES,
      memoryMb: env.PDF_MEMORY_MB,
      seconds: env.PDF_SECONDS,
    },
    pageMaxPixels: env.PAGE_MAX_PIXELS,
    lineModel: env.LINE_MODEL,
    trainingSets: env.TRAINING_SETS,
    trainingSetDays: env.TRAINING_SET_DAYS,
    logHeadsMinutes: env.LOG_HEADS_MINUTES,
    logHeadsDir: env.LOG_HEADS_DIR,
    trustProxy: env.TRUST_PROXY,
    allowInsecure: env.ALLOW_INSECURE,
  }));

export type Settings = Readonly<z.infer<typeof Environment>>;

/**
 * Reads the environment once; an empty variable counts as unset. Throws Failure
 * `badConfiguration` that names every variable that does not fit.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ');
  throw new Failure('badConfiguration', detail);
}

/** The variables that make {@link readSettings} of a child process read the same settings. */
export function settingsToEnvironment(settings: Settings): Record<string, string> {
  return {
    DATA_DIR: settings.dataDir,
    HOST: settings.host,
    PORT: String(settings.port),
    DATABASE_URL: settings.databaseUrl ?? '',
    DATABASE_OWNER_URL: settings.databaseOwnerUrl ?? '',
    QUEUE_URL: settings.queueUrl ?? '',
    BLOBS_URL: settings.blobsUrl ?? '',
    WORKERS: String(settings.workers),
    QUEUE_LOCK_SECONDS: String(settings.queueLockSeconds),
    MAX_UPLOAD_BYTES: String(settings.maxUploadBytes),
    PDF_MAX_PAGES: String(settings.pdf.maxPages),
    PDF_MEMORY_MB: String(settings.pdf.memoryMb),
    PDF_SECONDS: String(settings.pdf.seconds),
    PAGE_MAX_PIXELS: String(settings.pageMaxPixels),
    LINE_MODEL: settings.lineModel,
    TRAINING_SETS: settings.trainingSets ? '1' : '0',
    TRAINING_SET_DAYS: String(settings.trainingSetDays),
    LOG_HEADS_MINUTES: String(settings.logHeadsMinutes),
    LOG_HEADS_DIR: settings.logHeadsDir ?? '',
    TRUST_PROXY: settings.trustProxy ? '1' : '0',
    ALLOW_INSECURE: settings.allowInsecure ? '1' : '0',
  };
}
