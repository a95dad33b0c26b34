import { createHash } from 'node:crypto';
import type { HumanAction } from '../../../models/actions.ts';
import type { Page } from '../../../models/books.ts';
import type { FieldAnswers, FieldValues } from '../../../models/fields.ts';
import { fieldsOnForm } from '../../../models/forms/define.ts';
import { formOf } from '../../../models/forms/registry.ts';
import type { BookId, RecordId } from '../../../models/ids.ts';
import type { Person, Role } from '../../../models/people.ts';
import type { NewPage } from '../../../models/store/documents.ts';
import type { Store } from '../../../models/store/store.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let count = 0;
/** A number that no other call in this file gave. */
export const unique = () => ++count;

export async function addPerson(
  store: Store,
  roles: readonly Role[],
  organisationId?: Person['organisationId'],
): Promise<Person> {
  const n = unique();
  const organisation =
    organisationId ??
    (await store.organisations.create({ name: `Đơn vị ${n}`, kind: 'digitisingUnit' })).id;
  return store.people.create({
    organisationId: organisation,
    login: `nguoi-${n}`,
    name: `Người Mẫu ${n}`,
    roles,
    passwordHash: 'x',
  });
}

export function addBook(store: Store, form = 'birth-2006', otherOrganisation = false) {
  return store.books.create({
    form,
    place: 'UBND xã Mẫu Sơn',
    placeShort: 'Mẫu Sơn',
    number: '01/2008',
    policy: { otherOrganisation },
  });
}

export const newPage = (index: number, text = `page ${unique()}`): NewPage => ({
  index,
  imageKey: `pages/${sha256(text)}.jpg`,
  imageHash: sha256(text),
  width: 2480,
  height: 3508,
  dpi: 300,
  source: 'embedded',
  quarterTurns: 0,
});

/** A split document of `n` pages in `bookId`. */
export async function addPages(store: Store, bookId: BookId, n: number): Promise<Page[]> {
  const { document } = await store.documents.create({
    bookId,
    name: `quyen ${unique()}.pdf`,
    bytes: 1000,
    sha256: sha256(`document ${unique()}`),
    blobKey: `documents/${unique()}.pdf`,
  });
  await store.documents.markSplit(
    document.id,
    Array.from({ length: n }, (_, i) => newPage(i)),
  );
  return store.pages.ofDocument(document.id);
}

/** Lets the machine run over a page up to `stage`. */
export async function runUntil(store: Store, page: Page, stage: Page['next']): Promise<void> {
  for (;;) {
    const { next } = await store.pages.byId(page.id);
    if (next === stage || next === null) return;
    await store.pages.finish(page.id, { stage: next, version: 1, output: { next }, seconds: 0.1 });
  }
}

export const machineValue = (text: string, confidence = 0.97): FieldValues[string] => ({
  state: 'written',
  text,
  normalized: text,
  evidence: {
    source: 'tesseract',
    confidence,
    candidates: [{ text, probability: confidence }],
    rules: [],
  },
});

export const VALUES: FieldValues = {
  so: machineValue('41/2008'),
  nksHoTen: machineValue('Nguyễn Thị Mẫu Đơn', 0.8),
  nksGioiTinh: machineValue('Nữ'),
};

/** A record as the machine leaves it. */
export async function addRecord(
  store: Store,
  bookId: BookId,
  page: Page,
  values: FieldValues = VALUES,
) {
  await runUntil(store, page, 'prefill');
  return store.records.createPrefilled({
    bookId,
    pages: [{ pageId: page.id, box: { x: 0, y: 0, w: 1, h: 1 } }],
    values,
    effect: `${page.imageHash}:prefill:1`,
    finish: { pageId: page.id, stage: 'prefill', version: 1, seconds: 0.1 },
  });
}

/** Every field of the form answered. */
export function fullAnswers(form = 'birth-2006'): FieldAnswers {
  return Object.fromEntries(
    fieldsOnForm(formOf(form)).map((key) => [key, { state: 'blank' as const }]),
  );
}

export const keyAll: HumanAction = {
  type: 'keyed',
  answers: fullAnswers(),
  confirmed: [],
  done: true,
};

/** A check that has compared every field. */
export const CHECKED = { type: 'checked', confirmed: Object.keys(fullAnswers()) } as const;

/** Appends with whatever version the record has now. */
export async function act(
  store: Store,
  id: RecordId,
  person: Person,
  action: Parameters<Store['records']['append']>[1]['action'],
) {
  const { version } = await store.records.byId(id);
  return store.records.append(id, { person, seen: version, action });
}
