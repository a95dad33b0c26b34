import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RecordAnswer } from '../../api/contract.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import { NEW_BOOK, type TestApp } from '../api/support.ts';
import { hasBrowser } from './browser.ts';
import { addDrawnRecords, type DrawnRecord, MISREAD, UNREAD } from './drawn-book.ts';
import {
  activeField,
  field,
  look,
  mustBeAccessible,
  type Opened,
  open,
  openWorkbench,
  until,
} from './opened.ts';

describe.skipIf(!hasBrowser())('a clerk’s day on the keyboard', () => {
  let opened: Opened;
  let test: TestApp;
  let bookId: BookId;
  let records: readonly DrawnRecord[];

  beforeAll(async () => {
    opened = await openWorkbench();
    ({ test } = opened);
    ({ id: bookId } = await test.system.store.books.create({
      ...NEW_BOOK,
      policy: { otherOrganisation: false },
    }));
    records = await addDrawnRecords(test.system, bookId, 5);
  });
  afterEach(() => opened?.leave());
  afterAll(() => opened?.close());

  const state = async (id: RecordId) => (await test.system.store.records.state(id)).state;
  async function openRecord(page: Page, id: RecordId) {
    await open(page, `#/records/${id}`);
    await page.getByRole('heading', { name: 'Bản ghi số' }).waitFor();
    await page.locator('.mark-box.active').waitFor();
    await look(page);
  }

  it('turns, brings close, strengthens and inverts the page without the mouse', async () => {
    const { page } = await opened.as('nhap');
    await openRecord(page, records[1]!.id);
    const key = await activeField(page);
    const mark = page.locator('.mark-box.active');
    const frame = page.locator('.page-frame');
    const wide = async () => (await mark.boundingBox())!.width;
    const before = await wide();
    await page.keyboard.press('F2');
    await until(wide).toBeGreaterThan(before * 1.5);
    await page.keyboard.press('F2');
    await until(wide).toBeCloseTo(before, 0);
    await page.keyboard.press('Alt+ArrowUp');
    await until(wide).toBeGreaterThan(before * 1.2);
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('F8');
    await page.keyboard.press('F9');
    await until(() => frame.getAttribute('class')).toContain('contrast-1 inverted');
    // What is cut out of the page is seen the same way.
    await until(() => page.locator('.row-crop img').getAttribute('class')).toContain('inverted');
    await page.keyboard.press('F8');
    await page.keyboard.press('F8');
    await page.keyboard.press('F9');
    const top = (await mark.boundingBox())!.y;
    await page.keyboard.press('PageDown');
    await until(async () => (await mark.boundingBox())!.y).toBeLessThan(top - 50);
    await page.keyboard.press('Shift+F2');
    await until(async () => {
      const box = (await mark.boundingBox())!;
      return box.height > box.width;
    }).toBe(true);
    // All the while the field had the focus.
    expect(await activeField(page)).toBe(key);
    await mustBeAccessible(page);
  });

  it('picks the field whose place on the page is clicked, and goes on typing there', async () => {
    const { page } = await opened.as('nhap');
    await openRecord(page, records[1]!.id);
    const place = page.locator('[data-mark="meHoTen"], [data-mark="nksNoiSinh"]').first();
    const wanted = await place.getAttribute('data-mark');
    const box = (await place.boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await until(() => activeField(page)).toBe(wanted);
  });

  it('takes an answer as uncertain, with the reason', async () => {
    const { page } = await opened.as('nhap');
    const { id } = records[1]!;
    await openRecord(page, id);
    await field(page, 'nksQueQuan').focus();
    await page.keyboard.press('Control+/');
    const note = page.getByLabel(/^Vì sao chưa chắc/);
    await note.waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await until(() => activeField(page)).toBe('nksQueQuan');
    await page.keyboard.press('Control+/');
    await page.keyboard.type('mực nhòe');
    await page.keyboard.press('Enter');
    await until(async () => (await state(id)).values.nksQueQuan?.note).toBe('mực nhòe');
    const row = page.locator('[data-field="nksQueQuan"]');
    await until(() => row.getAttribute('data-look')).toBe('uncertain');
    await row.getByText('Chưa chắc: mực nhòe').waitFor();
  });

  it('takes what the record before has, with one key', async () => {
    const { page } = await opened.as('nhap');
    const { id } = records[2]!;
    await openRecord(page, id);
    const before = (await state(records[1]!.id)).values.nksDanToc?.text;
    await field(page, 'nksDanToc').focus();
    await page.getByRole('button', { name: /^F4/ }).waitFor();
    await page.keyboard.press('F4');
    await until(async () => (await state(id)).values.nksDanToc?.evidence.source).toBe('person');
    expect((await state(id)).values.nksDanToc?.text).toBe(before);
  });

  it('puts dots and capitals once the field is left, and leaves as typed what is typed again', async () => {
    const { page } = await opened.as('nhap');
    const { id } = records[2]!;
    await openRecord(page, id);
    await field(page, 'nksNgaySinh').fill('15012008');
    expect(await field(page, 'nksNgaySinh').inputValue()).toBe('15012008');
    await page.keyboard.press('Tab');
    await until(async () => (await state(id)).values.nksNgaySinh?.text).toBe('15.01.2008');
    const name = UNREAD;
    await field(page, name).fill('lê thị hòa');
    await page.keyboard.press('Tab');
    await until(async () => (await state(id)).values[name]?.text).toBe('Lê Thị Hòa');
    await field(page, name).fill('lê thị hòa');
    await page.keyboard.press('Tab');
    await until(async () => (await state(id)).values[name]?.text).toBe('lê thị hòa');
  });

  it('changes nothing while an input method composes', async () => {
    const { page, context } = await opened.as('nhap');
    const { id } = records[3]!;
    await openRecord(page, id);
    await field(page, UNREAD).focus();
    const client = await context.newCDPSession(page);
    for (const text of ['n', 'ng', 'ngo', 'ngô'])
      await client.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    expect(await field(page, UNREAD).inputValue()).toBe('ngô');
    // Keys of the method are its own.
    await field(page, UNREAD).dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(await field(page, UNREAD).inputValue()).toBe('ngô');
    await client.send('Input.insertText', { text: 'ngô' });
    await page.keyboard.type(' văn ba');
    await page.keyboard.press('Tab');
    await until(async () => (await state(id)).values[UNREAD]?.text).toBe('Ngô Văn Ba');
  });

  it('finds a place without diacritics', async () => {
    const { page } = await opened.as('nhap');
    const { id } = records[3]!;
    await openRecord(page, id);
    await field(page, 'nksQueQuan').fill('ben nghe quan 1');
    await page.getByRole('button', { name: /Phường Bến Nghé/ }).waitFor();
    await page.keyboard.press('Alt+1');
    await until(async () => (await state(id)).values.nksQueQuan?.text).toBe(
      'Phường Bến Nghé, quận 1, thành phố Hồ Chí Minh',
    );
  });

  it('shows every key under "?", and keeps Tab inside the dialog until Esc', async () => {
    const { page } = await opened.as('nhap');
    await openRecord(page, records[3]!.id);
    await page.keyboard.press('F1');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    for (const keys of ['F4', 'Ctrl+/', 'Shift+F2 · F8 · F9'])
      await dialog.getByText(keys).waitFor();
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    // From the first control round to the end and out again: Tab is caught nowhere else.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const seen = new Set<string>();
    for (let i = 0; i < 70; i++) {
      await page.keyboard.press('Tab');
      seen.add(
        await page.evaluate(() => {
          const { activeElement: e } = document;
          return `${e?.tagName} ${e?.id} ${e?.className} ${e?.getAttribute('aria-label')}`;
        }),
      );
    }
    expect([...seen].some((s) => s.includes('openseadragon-canvas'))).toBe(true);
    expect([...seen].some((s) => s.includes('sign-out'))).toBe(true);
    expect([...seen].filter((s) => s.startsWith('TEXTAREA')).length).toBeGreaterThan(20);
  });

  it('has the next record ready: going on takes no line', async () => {
    const { page } = await opened.as('damnhiem');
    const [first, second] = records as [DrawnRecord, DrawnRecord];
    const cuts = new Set<string>();
    page.on('requestfinished', (request) => {
      const [, key] = request.url().split(`/records/${second.id}/crop/`);
      if (key !== undefined) cuts.add(key);
    });
    await openRecord(page, first.id);
    // All that the second record shows comes while the first one is on the screen.
    const ask = await test.as('damnhiem');
    const { places } = (await ask('GET', `/api/records/${second.id}`)).json<RecordAnswer>();
    await until(() => cuts.size).toBe(Object.keys(places).length);
    await page.route('**/api/**', (route) => route.abort());
    for (;;) {
      const key = await activeField(page);
      if (key === undefined) break;
      if (key === MISREAD) await page.keyboard.press('Alt+1');
      else if (key === UNREAD) {
        await page.keyboard.type(first.truth.fields[UNREAD]!.text!);
        await page.keyboard.press('Enter');
      } else await page.keyboard.press('Enter');
      await page.waitForFunction(
        (old) =>
          document.activeElement?.closest('[data-field]')?.getAttribute('data-field') !== old,
        key,
      );
    }
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: /^Xem \d+ trường chưa xem/ }).waitFor();
    const confirm = page.getByRole('button', { name: /^(Xem tiếp|Đúng cả, xong)$/ });
    await until(async () => {
      if (await confirm.isVisible())
        await confirm.press('Enter', { timeout: 1000 }).catch(() => undefined);
      return page.url();
    }).toContain(second.id);
    // The record, its page and the crop of its field are there.
    await page.locator('.row.active .crop[src^="blob:"]').waitFor();
    await page.locator('.mark-box.active').waitFor();
    await page.getByText(/Mất kết nối · \d+ câu trả lời chờ gửi/).waitFor();
    expect((await state(first.id)).status).toBe('prefilled');
    await page.unroute('**/api/**');
    await until(async () => (await state(first.id)).status).toBe('keyed');
  });

  it('gives a record to one person at a time: others see who has it, a supervisor may move it', async () => {
    const { leases } = test.system.store;
    const clerk = await opened.as('nhap');
    await open(clerk.page, `#/books/${bookId}`);
    await clerk.page.getByRole('button', { name: /^Nhập tiếp/ }).click();
    await clerk.page.waitForURL('**/#/records/*');
    const id = clerk.page.url().split('/').at(-1) as RecordId;
    await clerk.page.locator('textarea').first().waitFor();
    expect((await leases.of(id))?.work).toBe('key');
    // What comes next is kept for the same person.
    await until(async () => (await leases.list({ scope: undefined, limit: 9 })).length).toBe(3);

    const other = await opened.as('damnhiem');
    await open(other.page, `#/books/${bookId}`);
    await other.page.getByText('Người thử nhap đang làm').first().waitFor();
    await open(other.page, `#/records/${id}`);
    await other.page.getByText('Người thử nhap đang làm bản ghi này.').waitFor();
    expect(await other.page.locator('textarea').count()).toBe(0);
    await mustBeAccessible(other.page);

    const admin = await opened.as('quantri');
    await open(admin.page, `#/records/${id}`);
    await admin.page.getByRole('button', { name: 'Chuyển cho người khác' }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByText(/phần người đó chưa gửi sẽ không được nhận/).waitFor();
    await mustBeAccessible(admin.page);
    await dialog.getByRole('button', { name: 'Chuyển cho người khác' }).click();
    await admin.page.getByText('Người thử damnhiem đang làm bản ghi này.').waitFor();
    await other.page.getByRole('button', { name: 'Thử lại' }).click();
    await other.page.locator('textarea').first().waitFor();

    // Back to the book: nothing stays open.
    await open(clerk.page, `#/books/${bookId}`);
    await open(other.page, `#/books/${bookId}`);
    await until(async () => (await leases.list({ scope: undefined, limit: 9 })).length).toBe(0);
  });

  it('asks about a record, and leaves one to somebody else', async () => {
    const { page } = await opened.as('nhap');
    const { id } = records[4]!;
    await openRecord(page, id);
    const asked = await activeField(page);
    await page.keyboard.press('F3');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Nội dung/).waitFor();
    await mustBeAccessible(page);
    await page.keyboard.type('Trang này có hai số?');
    await page.keyboard.press('Enter');
    await until(() => activeField(page)).toBe(asked);
    await page.getByText(/Hỏi.*\(Người thử nhap\): Trang này có hai số\?/).waitFor();
    await page.keyboard.press('F3');
    await dialog.getByLabel(/^Nội dung/).waitFor();
    await page.keyboard.press('Alt+3');
    await page.keyboard.type('Chữ nho');
    await page.keyboard.press('Enter');
    await until(() => page.url()).not.toContain(id);
    const checker = await opened.as('kiem');
    await open(checker.page, `#/books/${bookId}`);
    const marks = checker.page.getByRole('region', { name: 'Vướng mắc' });
    await until(() => marks.getByRole('listitem').count()).toBe(2);
    await mustBeAccessible(checker.page);
    await open(checker.page, `#/records/${id}`);
    await checker.page.getByRole('button', { name: 'Trả lời' }).click();
    await checker.page.getByRole('textbox', { name: 'Trả lời' }).fill('Lấy số ở trên');
    await mustBeAccessible(checker.page);
    await checker.page.getByRole('button', { name: 'Xong' }).click();
    await until(async () => (await test.system.store.marks.openOf(id)).length).toBe(0);
    // Who has skipped it is not given it again; the others are.
    const [skip] = await test.system.store.marks.list({
      scope: undefined,
      bookId,
      open: true,
      limit: 9,
      offset: 0,
    });
    expect([skip?.kind, skip?.text]).toEqual(['skip', 'Chữ nho']);
    await open(checker.page, `#/books/${bookId}`);
    await until(() => marks.getByRole('listitem').count()).toBe(1);
    await marks.getByRole('button', { name: 'Trả lời', exact: true }).click();
    await marks.getByRole('textbox', { name: 'Trả lời' }).fill('Đọc được rồi');
    await marks.getByRole('button', { name: 'Xong' }).click();
    await marks.getByText('Không có vướng mắc nào.').waitFor();
    await marks.getByRole('button', { name: 'Đã trả lời' }).click();
    await marks.getByText('→ Lấy số ở trên (Người thử kiem)').waitFor();
  });

  it('tells on every screen of an answer that was not taken', async () => {
    const { page } = await opened.as('nhap');
    await openRecord(page, records[3]!.id);
    const error = { kind: 'incomplete', message: 'Còn trường chưa có', messageEn: 'Fields left' };
    await page.route('**/actions', (route) => route.fulfill({ status: 422, json: { error } }));
    await field(page, 'nksDanToc').fill('Dao');
    await page.keyboard.press('Enter');
    await open(page, `#/books/${bookId}`);
    await page.getByRole('link', { name: 'Có câu trả lời không được nhận' }).click();
    await page.getByText(/Câu trả lời này không được nhận: Còn trường chưa có/).waitFor();
    await page.getByText('Dao', { exact: true }).waitFor();
  });

  it('verifies a column: arrows to the odd one, the right value typed, the rest confirmed at once', async () => {
    const { store } = test.system;
    const { id } = await store.books.create({ ...NEW_BOOK, number: '02/2008' });
    const rows = await addDrawnRecords(test.system, id, 3, { seed: 21 });
    const { page } = await opened.as('nhap');
    await open(page, `#/books/${id}`);
    await page.getByRole('link', { name: 'Nhập theo cột' }).click();
    await page.getByLabel('Trường').selectOption(MISREAD);
    const cells = page.locator('.cell');
    await until(() => cells.count()).toBe(3);
    await until(() => page.locator('.cell img').count()).toBe(3);
    await mustBeAccessible(page);
    await look(page);
    // Sorted by value; the second one is put right.
    await page.keyboard.press('ArrowRight');
    const odd = await cells.nth(1).getAttribute('data-record');
    await until(() => cells.nth(1).getAttribute('class')).toContain('active');
    const truth = rows.find((r) => r.id === odd)!.truth.fields[MISREAD]!.text!;
    await page.keyboard.insertText(truth);
    await page.keyboard.press('Enter');
    await until(() => cells.nth(2).getAttribute('class')).toContain('active');
    expect((await state(odd as RecordId)).version).toBe(1);
    // Its page is a key away.
    await page.keyboard.press('F2');
    await page.locator('.column .mark-box.active').waitFor();
    await page.keyboard.press('F2');
    // Somebody else is faster at another one.
    const slow = rows.find((r) => r.id !== odd)!;
    const other = await test.as('damnhiem');
    await other('POST', `/api/records/${slow.id}/actions`, {
      payload: {
        seen: 1,
        action: { type: 'keyed', answers: { nksDanToc: { state: 'written', text: 'Tày' } } },
      },
    });
    await page.keyboard.press('Enter');
    await until(async () => (await state(odd as RecordId)).values[MISREAD]?.text).toBe(truth);
    await page.getByText('1 ô vừa bị người khác sửa: xem lại').waitFor();
    await until(() => cells.count()).toBe(1);
    expect(await cells.first().getAttribute('data-record')).toBe(slow.id);
    await look(page);
    await page.keyboard.press('Enter');
    await page.getByText('Cột này đã xong.').waitFor();
    for (const { id: recordId } of rows)
      await until(async () => (await state(recordId)).values[MISREAD]?.evidence.source).toBe(
        'person',
      );
    await mustBeAccessible(page);
    await page.getByRole('button', { name: /^Cột tiếp theo/ }).press('Enter');
    await until(() => cells.count()).toBe(3);

    // Without a line the outbox of the records keeps what was confirmed.
    await until(() => page.locator('.cell img').count()).toBe(3);
    await look(page);
    await page.route('**/api/books/*/columns/*', (route) => route.abort());
    await page.route('**/actions', (route) => route.abort());
    const column = page.url().split('/').at(-1)!;
    await page.keyboard.press('Enter');
    await page.getByText('Mất kết nối · 3 câu trả lời chờ gửi').waitFor();
    await page.unroute('**/actions');
    for (const { id: recordId } of rows)
      await until(async () => (await state(recordId)).values[column]?.evidence.source).toBe(
        'person',
      );
  });

  it('shows the pages of a book with their states, and the audit trail of a record', async () => {
    const { page } = await opened.as('kiem');
    await open(page, `#/books/${bookId}`);
    const thumbs = page.locator('.thumb');
    await until(() => thumbs.count()).toBe(5);
    await until(() =>
      thumbs
        .first()
        .locator('img')
        .evaluate((img: HTMLImageElement) => img.naturalWidth > 0),
    ).toBe(true);
    await page.getByRole('button', { name: /^Lỗi 0/ }).click();
    await until(() => thumbs.count()).toBe(0);
    await page.getByRole('button', { name: /^Xong 5/ }).click();
    await mustBeAccessible(page);
    await open(page, `#/records/${records[2]!.id}/audit`);
    await page.getByText('Chuỗi nhật ký nguyên vẹn').waitFor();
    await page.getByText('Máy điền sẵn').waitFor();
    await page.getByText('15.01.2008').waitFor();
    await mustBeAccessible(page);
  });

  it('gives a new person an account and takes it away again', async () => {
    const { page } = await opened.as('quantri');
    await page.getByRole('link', { name: 'Người dùng' }).click();
    await page.getByRole('button', { name: 'Thêm người' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên đăng nhập').fill('nguoimoi');
    await dialog.getByLabel('Họ và tên').fill('Đỗ Thử Mới');
    await dialog.getByLabel('Mật khẩu', { exact: true }).fill('mật khẩu đầu tiên');
    await dialog.getByLabel('Kiểm tra').check();
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('row', { name: /nguoimoi.*Nhập, Kiểm tra/ }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Sửa: Đỗ Thử Mới' }).click();
    await dialog.getByLabel('Đang làm việc').uncheck();
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('row', { name: /nguoimoi.*Đã nghỉ/ }).waitFor();
    const { person } = (await test.system.store.people.byLogin('nguoimoi'))!;
    expect([person.active, person.roles]).toEqual([false, ['keyer', 'checker']]);

    await page.getByRole('link', { name: 'Tổng quan' }).click();
    await page.getByRole('row', { name: /Hôm nay.*Người thử damnhiem/ }).waitFor();
    await mustBeAccessible(page);
  });

  it('leads from no book to the sample book', async () => {
    const { page } = await opened.as('tiepnhan');
    await page.route('**/api/books?*', (route) => route.fulfill({ json: { items: [], total: 0 } }));
    await page.reload();
    await page.getByRole('heading', { name: 'Bắt đầu' }).waitFor();
    await mustBeAccessible(page);
    await page.unroute('**/api/books?*');
    await page.getByRole('button', { name: 'Nạp sổ mẫu' }).click();
    await page.getByText('book.pdf').waitFor();
    await open(page, '#/books/new');
    await page.getByLabel('Nơi đăng ký').fill('ubnd ben nghe quan 1');
    await page.getByRole('button', { name: /^UBND phường Bến Nghé/ }).click();
    expect(await page.getByLabel('Nơi đăng ký').inputValue()).toBe(
      'UBND phường Bến Nghé, quận 1, thành phố Hồ Chí Minh',
    );
    await mustBeAccessible(page);
  });

  it('takes the PDFs of a folder', async () => {
    const { page } = await opened.as('tiepnhan');
    const { id } = await test.system.store.books.create({ ...NEW_BOOK, number: '05/2008' });
    await open(page, `#/books/${id}`);
    await page.getByRole('button', { name: 'Chọn thư mục…' }).waitFor();
    const folder = await (async () => {
      const made = await fs.mkdtemp(path.join(os.tmpdir(), 'so-goc-test-folder-'));
      await fs.writeFile(`${made}/2.pdf`, '%PDF-1.4 hai');
      await fs.writeFile(`${made}/10.pdf`, '%PDF-1.4 mười');
      await fs.writeFile(`${made}/ghi chú.txt`, 'không phải PDF');
      return made;
    })();
    await page.locator('input[webkitdirectory]').setInputFiles(folder);
    await until(() => page.locator('.upload').count()).toBe(2);
    await until(async () => (await test.system.store.documents.ofBook(id)).length).toBe(2);
    await fs.rm(folder, { recursive: true });
  });

  it.each([
    ['dark', { scheme: 'dark' as const }],
    ['at 125 %', { width: 1093, height: 614 }],
    ['on a large screen', { width: 1920, height: 1080 }],
  ])('can be read and reached %s', async (_, size) => {
    const { page } = await opened.as('nhap', size);
    // What depends on colours is looked at once; what depends on room is that nothing sticks out.
    const check = async () => {
      if ('scheme' in size) await mustBeAccessible(page);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      ).toBe(true);
    };
    await check();
    await open(page, `#/books/${bookId}`);
    await page.locator('.thumb').first().waitFor();
    await check();
    await openRecord(page, records[4]!.id);
    await page.locator('.row.active .crop[src]').waitFor();
    await check();
    expect(await page.getByRole('button', { name: 'Xong, bản ghi tiếp' }).isVisible()).toBe(true);
    await open(page, `#/books/${bookId}/columns/nksGioiTinh`);
    await page.locator('.cell').first().waitFor();
    await check();
    await open(page, '#/dashboard');
    await page.getByRole('heading', { name: 'Tổng quan' }).waitFor();
    await check();
  });
});
