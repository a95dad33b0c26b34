import fs from 'node:fs/promises';
import { PDFDocument } from 'pdf-lib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageQuality, PageVerdict } from '../../models/books.ts';
import { Failure } from '../../models/failures.ts';
import type { BookId, PageId, RecordId } from '../../models/ids.ts';
import { NEW_BOOK, PASSWORD, type TestApp } from '../api/support.ts';
import { hasBrowser, signIn } from './browser.ts';
import { initialBytes } from './build.ts';
import { addDrawnRecords, type DrawnRecord, MISREAD, UNREAD, UNSURE } from './drawn-book.ts';
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

/** What a first visit may load, gzipped: a slow office line takes it in some seconds. */
const MOST_BYTES = 300_000;

describe.skipIf(!hasBrowser())('the workbench in a browser', () => {
  let opened: Opened;
  let test: TestApp;
  let address: string;
  let bookId: BookId;
  let records: readonly DrawnRecord[];

  beforeAll(async () => {
    opened = await openWorkbench();
    ({ test, address } = opened);
    ({ id: bookId } = await test.system.store.books.create({
      ...NEW_BOOK,
      policy: { otherOrganisation: false },
    }));
    records = await addDrawnRecords(test.system, bookId, 6);
  });
  afterEach(() => opened?.leave());
  afterAll(() => opened?.close());

  const as = (login: string) => opened.as(login);
  const openRecord = async (page: Page, id: RecordId) => {
    await open(page, `#/records/${id}`);
    await page.getByRole('heading', { name: 'Bản ghi số' }).waitFor();
    await look(page);
  };
  const state = async (id: RecordId) => (await test.system.store.records.state(id)).state;
  /** Keys the open record as a clerk does, from the keyboard alone. */
  async function keyWithKeyboard(page: Page, { truth }: DrawnRecord) {
    await look(page);
    for (;;) {
      const key = await activeField(page);
      if (key === undefined) break;
      if (key === MISREAD) await page.keyboard.press('Alt+1');
      else if (key === UNREAD) {
        await page.keyboard.type(truth.fields[UNREAD]!.text!);
        await page.keyboard.press('Enter');
      } else await page.keyboard.press('Enter');
      await page.waitForFunction(
        (old) =>
          document.activeElement?.closest('[data-field]')?.getAttribute('data-field') !== old,
        key,
      );
    }
  }

  it('loads little at the first visit', async () => {
    const bytes = await initialBytes(opened.web.folder);
    console.log(`first visit: ${Math.round(bytes / 1000)} kB gzipped`);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it('speaks Vietnamese, and English from then on when asked', async () => {
    const visitor = await opened.visit();
    const { page } = visitor;
    await page.getByRole('button', { name: 'Đăng nhập' }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'EN' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('says what was wrong with a password', async () => {
    const visitor = await opened.visit();
    await visitor.page.getByLabel('Tên đăng nhập').fill('nhap');
    await visitor.page.getByLabel('Mật khẩu', { exact: true }).fill('không phải mật khẩu');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.getByText('Sai tên đăng nhập hoặc mật khẩu.').waitFor();
  });

  it('keys a record with the keyboard alone, seeing every field before it is done', async () => {
    const { page } = await as('nhap');
    await mustBeAccessible(page);
    await page.getByRole('link', { name: NEW_BOOK.number }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Nhập tiếp' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bản ghi số' }).waitFor();
    const [record] = records as [DrawnRecord];
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await mustBeAccessible(page);

    await keyWithKeyboard(page, record);
    // Nothing needs a look any more; what the machine was sure of is shown before it counts.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Xem \d+ trường chưa xem/ }).waitFor();
    await mustBeAccessible(page);
    expect((await state(record.id)).status).toBe('prefilled');
    const next = records[1]!;
    const confirm = page.getByRole('button', { name: /^(Xem tiếp|Đúng cả, xong)$/ });
    await until(() => confirm.evaluate((button) => button === document.activeElement)).toBe(true);
    // While pictures load the button says so and takes no press; the next record gets none either.
    await until(async () => {
      if (await confirm.isVisible())
        await confirm.press('Enter', { timeout: 1000 }).catch(() => undefined);
      return page.url();
    }).toContain(next.id);

    await until(async () => (await state(record.id)).status).toBe('keyed');
    const { values } = await state(record.id);
    for (const [key, truth] of Object.entries(record.truth.fields)) {
      expect([key, values[key]?.state, values[key]?.text]).toEqual([key, truth.state, truth.text]);
      expect(values[key]?.evidence.source).toBe('person');
    }
  });

  it('leaves text alone while an input method composes it', async () => {
    const { page } = await as('nhap');
    await openRecord(page, records[1]!.id);
    const { version } = await state(records[1]!.id);
    await field(page, 'nksHoTen').focus();
    await field(page, 'nksHoTen').evaluate((input) =>
      input.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
      ),
    );
    expect(await activeField(page)).toBe('nksHoTen');
    expect((await state(records[1]!.id)).version).toBe(version);
  });

  it('answers with one key, and takes the last answer back', async () => {
    const { page } = await as('nhap');
    const { id } = records[1]!;
    await openRecord(page, id);
    await field(page, 'nksQueQuan').focus();
    const before = await field(page, 'nksQueQuan').inputValue();
    await page.keyboard.press('Control+u');
    await until(async () => (await state(id)).values.nksQueQuan?.state).toBe('illegible');
    await page.keyboard.press('Control+z');
    await until(async () => (await state(id)).values.nksQueQuan?.text).toBe(before);
    expect(await activeField(page)).toBe('nksQueQuan');

    await page.keyboard.press('F1');
    await page.getByText('Hoàn tác trường vừa nhận').waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await field(page, 'ghiChu').focus();
    await page.keyboard.press('Control+b');
    await until(async () => (await state(id)).values.ghiChu?.evidence.source).toBe('person');
    expect((await state(id)).values.ghiChu?.state).toBe('blank');
  });

  it('never takes an answer off the screen while it is being saved', async () => {
    const { page } = await as('nhap');
    await openRecord(page, records[5]!.id);
    await page.evaluate((key) => {
      const row = document.querySelector(`[data-field="${key}"]`)!;
      const looks: (string | null)[] = [];
      Object.assign(window, { looks });
      const note = () => looks.push(row.getAttribute('data-look'));
      new MutationObserver(note).observe(row, { attributeFilter: ['data-look'] });
    }, UNSURE);
    await field(page, UNSURE).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => sessionStorage.getItem('outbox') === null);
    await until(() =>
      page.evaluate(() => (window as unknown as { looks: string[] }).looks),
    ).toEqual(['person']);
  });

  it('saves edited text when the person moves on with Tab', async () => {
    const { page } = await as('nhap');
    const { id } = records[1]!;
    await openRecord(page, id);
    await field(page, 'nksNoiSinh').fill('Trạm y tế xã Đồng Mẫu');
    await page.keyboard.press('Tab');
    await until(async () => (await state(id)).values.nksNoiSinh?.text).toBe(
      'Trạm y tế xã Đồng Mẫu',
    );
  });

  it('keeps answers while the line is down, over a reload, and sends them later', async () => {
    const { page } = await as('nhap');
    const { id } = records[2]!;
    await openRecord(page, id);
    await page.route('**/actions', (route) => route.abort());
    await field(page, 'nksHoTen').fill('TRẦN VĂN MẤT SÓNG');
    await page.keyboard.press('Enter');
    await field(page, 'meHoTen').fill('LÊ THỊ CHỜ GỬI');
    await page.keyboard.press('Enter');
    await page.getByText('Mất kết nối · 2 câu trả lời chờ gửi').waitFor();
    // Not accepted yet when the tab is loaded anew.
    await field(page, 'nycHoTen').pressSequentially('ĐANG GÕ DỞ');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText('Mất kết nối · 2 câu trả lời chờ gửi').waitFor();
    expect(await field(page, 'nksHoTen').inputValue()).toBe('TRẦN VĂN MẤT SÓNG');
    expect(await field(page, 'nycHoTen').inputValue()).toContain('ĐANG GÕ DỞ');
    expect((await state(id)).version).toBe(1);
    await page.unroute('**/actions');
    await until(async () => (await state(id)).version).toBe(3);
    const { values } = await state(id);
    expect(values.nksHoTen?.text).toBe('TRẦN VĂN MẤT SÓNG');
    expect(values.meHoTen?.text).toBe('LÊ THỊ CHỜ GỬI');
  });

  it('asks to sign in when the session has ended, and then sends what waited', async () => {
    const { page, context } = await as('nhap');
    const { id } = records[2]!;
    await openRecord(page, id);
    await field(page, 'nksNoiSinh').fill('Bệnh viện huyện');
    await context.clearCookies();
    await page.keyboard.press('Enter');
    await page.getByText('Phiên làm việc đã hết.').waitFor();
    await page.getByLabel('Tên đăng nhập').fill('nhap');
    await page.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bản ghi số' }).waitFor();
    await until(async () => (await state(id)).values.nksNoiSinh?.text).toBe('Bệnh viện huyện');
  });

  it('leaves nothing of a record in the browser after sign-out', async () => {
    const { page } = await as('nhap');
    await openRecord(page, records[2]!.id);
    await page.route('**/actions', (route) => route.abort());
    await field(page, 'nksDanToc').fill('Tày');
    await page.keyboard.press('Enter');
    await field(page, 'chaHoTen').pressSequentially('bí mật');
    await page.getByText('Mất kết nối · 1 câu trả lời chờ gửi').waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByText(/Còn 2 câu trả lời chưa gửi được/).waitFor();
    await page.getByRole('button', { name: 'Vẫn đăng xuất' }).click();
    await page.getByLabel('Tên đăng nhập').waitFor();
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    expect(kept).not.toMatch(/Tày|bí mật|outbox|draft/);
  });

  it('shows both sides when two people answer the same field, and lets a person choose', async () => {
    const { id } = records[3]!;
    const first = await as('nhap');
    const second = await as('damnhiem');
    // Neither could tell the server that they are at work on it.
    for (const { page } of [first, second]) await page.route('**/lease', (route) => route.abort());
    await openRecord(first.page, id);
    await openRecord(second.page, id);
    await field(first.page, 'meHoTen').fill('NGÔ THỊ MỘT');
    await first.page.keyboard.press('Enter');
    await until(async () => (await state(id)).values.meHoTen?.text).toBe('NGÔ THỊ MỘT');

    // Another field is no dispute: both answers stand.
    await field(second.page, 'nksDanToc').fill('Nùng');
    await second.page.keyboard.press('Enter');
    await until(async () => (await state(id)).values.nksDanToc?.text).toBe('Nùng');
    await until(() => field(second.page, 'meHoTen').inputValue()).toBe('NGÔ THỊ MỘT');

    await field(first.page, 'chaHoTen').fill('PHẠM VĂN MỘT');
    await first.page.keyboard.press('Enter');
    await until(async () => (await state(id)).values.chaHoTen?.text).toBe('PHẠM VĂN MỘT');
    await field(second.page, 'chaHoTen').fill('PHẠM VĂN HAI');
    await second.page.keyboard.press('Enter');
    const dialog = second.page.getByRole('dialog');
    await dialog.getByText('Người khác đã sửa bản ghi này').waitFor();
    await dialog.getByText('PHẠM VĂN MỘT').waitFor();
    await mustBeAccessible(second.page);
    await dialog.getByText('PHẠM VĂN HAI').click();
    await dialog.getByRole('button', { name: 'Tiếp tục' }).click();
    await until(async () => (await state(id)).values.chaHoTen?.text).toBe('PHẠM VĂN HAI');
  });

  it('refuses the keyer to check the own record, and says why', async () => {
    const { id } = records[0]!;
    const call = await test.as('nhap');
    const refused = await call('POST', `/api/records/${id}/actions`, {
      payload: { seen: (await state(id)).version, action: { type: 'checked' } },
    });
    expect(refused.statusCode).toBe(403);

    // Somebody who holds every role keyed this one.
    const both = await test.as('damnhiem');
    const own = records[4]!;
    const keyed = await both('POST', `/api/records/${own.id}/actions`, {
      payload: {
        seen: 1,
        action: {
          type: 'keyed',
          answers: { [UNREAD]: { state: 'blank' } },
          confirmed: Object.keys(own.truth.fields),
          done: true,
        },
      },
    });
    expect(keyed.statusCode).toBe(200);
    const { page } = await as('damnhiem');
    await openRecord(page, own.id);
    await page
      .getByText('Người nhập, người kiểm tra và người phê duyệt phải là những người khác nhau.')
      .waitFor();
    await mustBeAccessible(page);
    expect(await page.getByRole('button', { name: 'Đúng' }).count()).toBe(0);
  });

  it('returns a record with a reason at its field, which the keyer reads there', async () => {
    const { page } = await as('kiem');
    const { id } = records[4]!;
    await openRecord(page, id);
    await page.waitForFunction(() => document.activeElement?.closest('[data-field]') !== null);
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    const key = await activeField(page);
    await mustBeAccessible(page);
    await page.keyboard.type('Thiếu dấu');
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    const other = await activeField(page);
    // Another reason wants words; one of the list speaks for itself.
    await page.keyboard.press('Control+Enter');
    await page.getByText('Viết rõ lý do', { exact: false }).last().waitFor();
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('Control+Enter');
    await until(async () => (await state(id)).status).toBe('returned');
    expect((await state(id)).reasons).toEqual([
      { code: 'other', field: key, reason: 'Thiếu dấu' },
      { code: 'misread', field: other, reason: '' },
    ]);

    const keyer = await as('damnhiem');
    await open(keyer.page, `#/books/${bookId}`);
    const back = keyer.page.getByRole('region', { name: /^Bị trả lại cho bạn/ });
    await back.getByText(/: Thiếu dấu$/).waitFor();
    await back.getByRole('link').first().click();
    await look(keyer.page);
    await keyer.page
      .locator(`[data-field="${key}"]`)
      .getByText('Bị trả lại vì: Thiếu dấu')
      .waitFor();
    await keyer.page
      .locator(`[data-field="${other}"]`)
      .getByText('Bị trả lại vì: Đọc sai chữ hoặc số')
      .waitFor();
    // It is where the work begins, though a person has answered it before.
    expect(await activeField(keyer.page)).toBe(key);
  });

  it('checks with one key for each field, and not before all are compared', async () => {
    const { page } = await as('kiem');
    const { id, truth } = records[0]!;
    await open(page, `#/books/${bookId}`);
    await page.getByRole('button', { name: 'Kiểm tra tiếp' }).click();
    await page.waitForURL(`**/#/records/${id}`);
    await page.waitForFunction(() => document.activeElement?.closest('[data-field]') !== null);
    await mustBeAccessible(page);
    await look(page);
    await page.keyboard.press('Control+Enter');
    await page.getByText(/Còn \d+ trường chưa so/).waitFor();
    expect((await state(id)).status).toBe('keyed');
    for (const _ of Object.keys(truth.fields)) await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until(async () => (await state(id)).status).toBe('checked');
  });

  it('approves, exports and downloads', async () => {
    const { page } = await as('duyet');
    const { id } = records[0]!;
    await open(page, `#/books/${bookId}`);
    await page.getByRole('button', { name: 'Phê duyệt tiếp' }).click();
    await page.waitForURL(`**/#/records/${id}`);
    await page.getByRole('button', { name: 'Phê duyệt, bản ghi tiếp' }).waitFor();
    await mustBeAccessible(page);
    await look(page);
    await page.keyboard.press('Control+Enter');
    await until(async () => (await state(id)).status).toBe('approved');
    await page.waitForURL(`**/#/books/${bookId}`);
    await page.getByText('Không còn bản ghi nào chờ bạn phê duyệt.').waitFor();

    await page.getByRole('button', { name: 'Xuất bản đã phê duyệt (1)' }).click();
    const link = page.getByRole('link', { name: /\.csv$/ });
    await link.waitFor();
    await mustBeAccessible(page);
    const downloading = page.waitForEvent('download');
    await link.click();
    const file = await fs.readFile(await (await downloading).path(), 'utf8');
    expect(file).toContain((await state(id)).values.nksHoTen?.text);

    await openRecord(page, id);
    await page.getByRole('button', { name: 'Lịch sử' }).click();
    await page.getByText('Máy điền sẵn').waitFor();
    await mustBeAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Mở lại' }).click();
    await page.getByLabel('Lý do mở lại').fill('Sai số đăng ký');
    await page.getByRole('button', { name: 'Mở lại' }).click();
    await until(async () => (await state(id)).status).toBe('returned');
  });

  it('finds records by name without diacritics and by status', async () => {
    const { page } = await as('xem');
    await open(page, `#/books/${bookId}`);
    const rows = page.getByRole('row');
    await until(() => rows.count()).toBe(records.length + 1);
    await page.getByLabel('Tìm tên, số, nơi chốn').fill('mat song');
    await until(() => rows.count()).toBe(2);
    await page.getByLabel('Tìm tên, số, nơi chốn').fill('');
    await page.getByRole('button', { name: /^Bị trả lại/ }).click();
    await until(() => rows.count()).toBe(3);
    await mustBeAccessible(page);
  });

  it('takes in a new book and its files, and tells a file that is there already', async () => {
    const { page } = await as('tiepnhan');
    await page.getByRole('link', { name: 'Thêm sổ' }).click();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Phải có dạng số/năm').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Mẫu sổ').selectOption('marriage-2006');
    await page.getByLabel('Nơi đăng ký').fill('Ủy ban nhân dân xã Bến Thử');
    await page.getByLabel('Tên ngắn').fill('BenThu');
    await page.getByLabel('Số quyển').fill('02/2007');
    await page.getByLabel('Ngày mở sổ').fill('02.01.2007');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page
      .getByRole('heading', { name: 'Quyển 02/2007 · Ủy ban nhân dân xã Bến Thử' })
      .waitFor();

    const pdf = await PDFDocument.create();
    pdf.addPage();
    const buffer = Buffer.from(await pdf.save());
    const file = (name: string) => ({ name, mimeType: 'application/pdf', buffer });
    // The line holds; the upload is paused and goes on.
    await page.route('**/api/uploads/*', () => {});
    await page.locator('input[accept]').setInputFiles([file('mot.pdf')]);
    await page.getByRole('button', { name: 'Tạm dừng' }).click();
    await page.getByText('Tạm dừng ·').waitFor();
    await page.unroute('**/api/uploads/*');
    await page.getByRole('button', { name: 'Tiếp tục' }).click();
    await page.getByText('Đã nhận').waitFor();
    await page.locator('input[accept]').setInputFiles([file('mot-ban-sao.pdf')]);
    await page.getByText('Tệp này đã có trong sổ (mot.pdf)').waitFor();
    await mustBeAccessible(page);
  });

  it('shows progress as it happens, and what failed with its sentence and a retry', async () => {
    const { store } = test.system;
    const book = await store.books.create({ ...NEW_BOOK, number: '09/2009' });
    const { page } = await as('tiepnhan');
    await page.getByRole('link', { name: '09/2009' }).click();
    const head = page.locator('.book-head');
    await head.getByText('chưa có trang').waitFor();
    await addDrawnRecords(test.system, book.id, 1, { seed: 9 });
    await head.getByText('1/1 trang').waitFor();

    const image = (index: number) => ({
      index,
      imageKey: `pages/none-${index}.jpg`,
      imageHash: String(index).repeat(64),
      width: 100,
      height: 100,
      dpi: 300,
      source: 'embedded' as const,
      quarterTurns: 0 as const,
    });
    const { document } = await store.documents.create({
      bookId: book.id,
      name: 'hong.pdf',
      bytes: 10,
      sha256: 'a'.repeat(64),
      blobKey: 'documents/none.pdf',
    });
    await store.documents.markSplit(document.id, [image(1), image(2)]);
    await head.getByText('1/3 trang').waitFor();
    const [broken] = await store.pages.ofDocument(document.id);
    await store.pages.fail(broken!.id, 'straighten', {
      kind: 'pageUnreadable',
      message: 'Không giải mã được ảnh của trang. Hãy quét lại trang này.',
    });
    await head.getByText('1 trang lỗi').waitFor();
    await page.getByText('khi chỉnh thẳng').waitFor();
    await page.getByText('Không giải mã được ảnh của trang.').waitFor();
    await mustBeAccessible(page);
    await page.getByRole('button', { name: 'Làm lại tất cả' }).click();
    await page.getByText('Đã đưa 1 mục vào hàng đợi').waitFor();
    expect((await store.pages.byId(broken!.id)).failure).toBeUndefined();
  });

  it('shows what pages are and why one is to be keyed by hand, and takes a person’s word', async () => {
    const { store } = test.system;
    const book = await store.books.create({ ...NEW_BOOK, number: '10/2009' });
    await addDrawnRecords(test.system, book.id, 2, { seed: 10 });
    const [first, second] = await store.pages.ofBook(book.id);
    const rerun = async (id: PageId, verdict: PageVerdict, quality?: PageQuality) => {
      await store.pages.rerun([id], 'place');
      const run = { stage: 'place', version: 1, seconds: 1, verdict, quality } as const;
      await store.pages.finish(id, run);
    };
    await rerun(first!.id, { kind: 'closing' });
    const reason = new Failure('poorScan', 'blurred').toData();
    const quality = {
      dpi: 300,
      paper: 240,
      contrast: 0.5,
      edge: 0.5,
      problems: ['blurred' as const],
    };
    await rerun(second!.id, { kind: 'other', reason }, quality);
    const { page } = await as('tiepnhan');
    await page.getByRole('link', { name: '10/2009' }).click();
    await page.getByText('Trang khóa sổ: 1 · Khác: 1').waitFor();
    await page.getByText('Ảnh trang không đạt nên máy không đọc.').waitFor();
    await page.getByRole('button', { name: 'Cần quét lại (1)' }).click();
    await page.getByText('mờ', { exact: true }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('combobox', { name: 'Loại trang: Trang' }).selectOption('cover');
    await page.getByText('Bìa: 1 · Trang khóa sổ: 1').waitFor();
    await page.getByRole('button', { name: 'Không có bản ghi (2)' }).click();
    await page.getByRole('button', { name: 'Bỏ ra: Trang' }).first().click();
    await page.getByText('Đã bỏ ra').waitFor();
    expect((await store.pages.byId(second!.id)).kind).toBe('cover');
  });

  it('asks by itself when live events do not flow', async () => {
    const visitor = await opened.visit();
    const { page } = visitor;
    await page.route('**/api/events', (route) => route.abort());
    await signIn(page, 'xem', PASSWORD);
    await test.system.store.books.create({ ...NEW_BOOK, number: '77/1999' });
    await page.getByRole('link', { name: '77/1999' }).waitFor();
  });

  it('needs no styles but its own files', async () => {
    const visitor = await opened.visit();
    const { page } = visitor;
    await page.route(`${address}/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        headers: {
          ...response.headers(),
          // Pictures of pages are held in memory.
          'content-security-policy': "default-src 'self'; img-src 'self' blob: data:",
        },
      });
    });
    await page.goto('/');
    await signIn(page, 'nhap', PASSWORD);
    await openRecord(page, records[5]!.id);
    await page.keyboard.press('F1');
    await page.getByRole('dialog').waitFor();
  });
});
