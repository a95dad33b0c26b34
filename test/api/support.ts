import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse as Response } from 'fastify';
import pg from 'pg';
import sharp from 'sharp';
import { type AppOptions, buildApp } from '../../api/app.ts';
import { hashPassword } from '../../api/passwords.ts';
import type { FieldValues } from '../../models/fields.ts';
import type { BookId, PageId, RecordId } from '../../models/ids.ts';
import type { Role } from '../../models/people.ts';
import type { Settings } from '../../pipeline/settings.ts';
import type { System } from '../../pipeline/system.ts';
import { testSystem } from '../support/database.ts';

export const PASSWORD = 'mật khẩu thử nghiệm';
/** A page that is wider than most sizes asked for, and small to encode. */
export const PAGE = { width: 1240, height: 1754 };

/** One invented person for each role; entry belongs to another organisation than the rest. */
const PEOPLE = {
  quantri: ['administrator'],
  tiepnhan: ['intake'],
  nhap: ['keyer'],
  kiem: ['checker'],
  duyet: ['approver'],
  xem: ['viewer'],
  /** May do everything with records, and for that very reason not all of it to one record. */
  damnhiem: ['keyer', 'checker', 'approver'],
} as const satisfies Record<string, readonly Role[]>;
export type Login = keyof typeof PEOPLE;

/** Headers that our page sends with every unsafe request. */
export const OURS = { 'x-so-goc': '1' };

/** Sends requests with one person's session. */
export type Call = (
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  options?: Omit<InjectOptions, 'method' | 'url'>,
) => Promise<Response>;

export interface TestApp {
  readonly system: System;
  readonly app: FastifyInstance;
  /** The cookie of a new session. */
  signIn(login: string, password?: string): Promise<string>;
  as(login: Login): Promise<Call>;
  /** Asks the database past all code, for states that no request brings about. */
  query(text: string, values: readonly unknown[]): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

/** The whole API on a database of its own, with {@link PEOPLE}. */
export async function openTestApp(
  settings: Partial<Settings> = {},
  options: AppOptions = { signInTries: { address: 10_000, login: 10_000 } },
): Promise<TestApp> {
  const system = await testSystem(settings);
  const { organisations, people } = system.store;
  const digitising = await organisations.create({ name: 'Đơn vị nhập', kind: 'digitisingUnit' });
  const managing = await organisations.create({ name: 'Đơn vị quản lý', kind: 'managingUnit' });
  const passwordHash = await hashPassword(PASSWORD);
  for (const [login, roles] of Object.entries(PEOPLE))
    await people.create({
      organisationId: login === 'nhap' ? digitising.id : managing.id,
      login,
      name: `Người thử ${login}`,
      roles,
      passwordHash,
    });
  const app = await buildApp(system, options);

  async function signIn(login: string, password = PASSWORD): Promise<string> {
    const response = await app.inject({
      method: 'POST',
      url: '/api/session',
      headers: OURS,
      payload: { login, password },
    });
    if (response.statusCode !== 200) throw new Error(`sign-in: ${response.body}`);
    return String(response.headers['set-cookie']).split(';')[0]!;
  }

  return {
    system,
    app,
    signIn,
    async as(login) {
      const cookie = await signIn(login);
      return (method, url, more = {}) =>
        app.inject({ ...more, method, url, headers: { ...OURS, cookie, ...more.headers } });
    },
    async query(text, values) {
      const client = new pg.Client({ connectionString: system.ownerUrl });
      await client.connect();
      try {
        return await client.query(text, [...values]);
      } finally {
        await client.end();
      }
    },
    async close() {
      await app.close();
      await system.close();
    },
  };
}

export const NEW_BOOK = {
  form: 'birth-2006',
  place: 'Ủy ban nhân dân xã Đồng Mẫu',
  placeShort: 'Đồng Mẫu',
  number: '01/2008',
};

/** A page of plain paper with a dark bar a third down. */
export async function drawPage(shade = 40): Promise<Buffer> {
  const { width, height } = PAGE;
  const bar = await sharp({
    create: { width: width - 200, height: 60, channels: 3, background: { r: shade, g: 0, b: 90 } },
  })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: '#f5efdc' } })
    .composite([{ input: bar, left: 100, top: Math.round(height / 3) }])
    .jpeg()
    .toBuffer();
}

const machine = (text: string, pageId: PageId): FieldValues[string] => ({
  state: 'written',
  text,
  normalized: text,
  evidence: {
    source: 'test',
    pageId,
    box: { x: 0.1, y: 0.33, w: 0.5, h: 0.04 },
    confidence: 0.8,
    candidates: [],
    rules: [],
  },
});

/** A page with its prefilled record, as the workers leave it. */
export async function makeRecord(
  { store, blobs }: System,
  bookId: BookId,
  texts: Readonly<Record<string, string>> = { so: '12/2008', nksHoTen: 'Nguyễn Văn Thử' },
): Promise<{ recordId: RecordId; pageId: PageId }> {
  const image = await drawPage(Math.floor(Math.random() * 200));
  const imageHash = createHash('sha256').update(image).digest('hex');
  const imageKey = `pages/${imageHash}.jpg`;
  await blobs.put(imageKey, image);
  const { document } = await store.documents.create({
    bookId,
    name: 'book.pdf',
    bytes: image.length,
    sha256: createHash('sha256').update(randomUUID()).digest('hex'),
    blobKey: imageKey,
  });
  await store.documents.markSplit(document.id, [
    { index: 0, imageKey, imageHash, ...PAGE, dpi: 150, source: 'embedded', quarterTurns: 0 },
  ]);
  const [page] = await store.pages.ofDocument(document.id);
  const pageId = page!.id;
  const { recordId } = await store.records.createPrefilled({
    bookId,
    pages: [{ pageId, box: { x: 0, y: 0, w: 1, h: 1 } }],
    values: Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, machine(text, pageId)]),
    ),
    effect: `test:${pageId}`,
  });
  return { recordId, pageId };
}
