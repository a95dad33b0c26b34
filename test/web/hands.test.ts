import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FieldAnswers } from '../../models/fields.ts';
import type { BookId, RecordId } from '../../models/ids.ts';
import type { BookPolicyChange } from '../../models/policy.ts';
import { type Login, NEW_BOOK, PASSWORD, type TestApp } from '../api/support.ts';
import { hasBrowser } from './browser.ts';
import { addDrawnRecords, type DrawnRecord, UNREAD } from './drawn-book.ts';
import {
  activeField,
  look,
  mustBeAccessible,
  type Opened,
  open,
  openWorkbench,
  until,
} from './opened.ts';

describe.skipIf(!hasBrowser())('the many hands that a book goes through', () => {
  let opened: Opened;
  let test: TestApp;
  let books = 0;

  beforeAll(async () => {
    opened = await openWorkbench();
    ({ test } = opened);
  });
  afterEach(() => opened?.leave());
  afterAll(() => opened?.close());

  const state = async (id: RecordId) => (await test.system.store.records.state(id)).state;

  /** A book of its own with some drawn records. */
  async function bookOf(count: number, policy: BookPolicyChange = {}) {
    books += 1;
    const { id } = await test.system.store.books.create({
      ...NEW_BOOK,
      number: `${40 + books}/2008`,
      policy: { otherOrganisation: false, ...policy },
    });
    const records = await addDrawnRecords(test.system, id, count, { seed: 60 + books });
    return { id, records };
  }

  /** Keys a whole record by the API, some of it otherwise. */
  async function key(login: Login, { id, truth }: DrawnRecord, answers: FieldAnswers = {}) {
    const call = await test.as(login);
    const response = await call('POST', `/api/records/${id}/actions`, {
      payload: {
        seen: (await state(id)).version,
        action: {
          type: 'keyed',
          answers: { [UNREAD]: { state: 'blank' }, ...answers },
          confirmed: Object.keys(truth.fields),
          done: true,
        },
      },
    });
    expect([response.statusCode, response.body]).toEqual([200, expect.anything()]);
  }

  const written = (text: string) => ({ state: 'written' as const, text });

  /** To the first record that waits for this work, as a person goes. */
  async function begin(page: Page, bookId: BookId, way: RegExp) {
    await open(page, `#/books/${bookId}`);
    await page.getByRole('button', { name: way }).click();
    await page.waitForURL('**/#/records/*');
    await page.waitForFunction(() => document.activeElement?.closest('[data-field]') !== null);
    await look(page);
    return page.url().split('/').at(-1) as RecordId;
  }

  it('checks what is against a rule and stands so on the page: accepted with a reason, noted field by field', async () => {
    const { id: bookId, records } = await bookOf(1);
    const [record] = records as [DrawnRecord];
    await key('nhap', record, { nksNgaySinh: written('01.01.2020') });
    const first = await opened.as('kiem');
    expect(await begin(first.page, bookId, /^Kiểm tra tiếp/)).toBe(record.id);
    const broken = first.page.locator('.accept');
    await until(() => broken.count()).toBe(1);
    for (let i = 0; i < 3; i++) await first.page.keyboard.press('Enter');
    const at = await activeField(first.page);
    await first.page.getByText(/^đã so 3\//).waitFor();
    // Who comes back finds what was compared before.
    await open(first.page, `#/books/${bookId}`);
    expect(await begin(first.page, bookId, /^Kiểm tra tiếp/)).toBe(record.id);
    await until(() => activeField(first.page)).toBe(at);
    for (const _ of Object.keys(record.truth.fields)) await first.page.keyboard.press('Enter');
    await first.page.keyboard.press('Control+Enter');
    await first.page.getByText(/^.*Còn 1 chỗ trái quy tắc/).waitFor();
    expect((await state(record.id)).status).toBe('keyed');
    await mustBeAccessible(first.page);
    await first.page.keyboard.press('c');
    await until(() => broken.locator('textarea').inputValue()).toBe('Sổ ghi đúng như vậy');
    await mustBeAccessible(first.page);
    await first.page.keyboard.type('Sổ ghi năm 2020, giữ nguyên');
    await first.page.keyboard.press('Control+Enter');
    await until(async () => (await state(record.id)).status).toBe('checked');
    expect((await state(record.id)).accepted.map((a) => a.reason)).toEqual([
      'Sổ ghi năm 2020, giữ nguyên',
    ]);
    const approver = await opened.as('duyet');
    await begin(approver.page, bookId, /^Phê duyệt tiếp/);
    await approver.page.getByText('Đã chấp nhận: Sổ ghi năm 2020, giữ nguyên').first().waitFor();
    await approver.page.keyboard.press('Control+Enter');
    await until(async () => (await state(record.id)).status).toBe('approved');
  });

  it('lets an approver give back what an open question keeps from approval', async () => {
    const { id: bookId, records } = await bookOf(1);
    const [record] = records as [DrawnRecord];
    await key('nhap', record);
    const checker = await test.as('kiem');
    const checked = await checker('POST', `/api/records/${record.id}/actions`, {
      payload: {
        seen: (await state(record.id)).version,
        action: { type: 'checked', confirmed: Object.keys(record.truth.fields) },
      },
    });
    expect(checked.statusCode).toBe(200);
    await checker('POST', `/api/records/${record.id}/marks`, {
      payload: { kind: 'ask', text: 'Hai số?' },
    });
    const { page } = await opened.as('duyet');
    await begin(page, bookId, /^Phê duyệt tiếp/);
    await page.getByText(/Hai số\?/).waitFor();
    await page.keyboard.press('Control+Enter');
    expect((await state(record.id)).status).toBe('checked');
    await page.keyboard.press('r');
    await page.keyboard.press('Alt+7');
    await page.keyboard.press('Control+Enter');
    await until(async () => (await state(record.id)).status).toBe('returned');
    expect((await state(record.id)).reasons[0]?.code).toBe('wrongPage');
  });

  it('keys a second time without seeing the first, and decides where the two differ', async () => {
    const { id: bookId, records } = await bookOf(2, {
      keying: { kind: 'fields', groups: [], fields: ['nksHoTen', 'nksNgaySinh', 'nksDanToc'] },
    });
    const [record] = records as [DrawnRecord];
    await key('nhap', record, { nksHoTen: written('NGUYỄN VĂN LẦN MỘT') });
    expect((await state(record.id)).status).toBe('secondKeying');

    const second = await opened.as('damnhiem');
    const bodies: string[] = [];
    second.page.on('response', async (response) => {
      if (response.url().includes('/api/')) bodies.push(await response.text().catch(() => ''));
    });
    expect(await begin(second.page, bookId, /^Nhập lần hai/)).toBe(record.id);
    await mustBeAccessible(second.page);
    // Only what is to be keyed again, in the order of the page, and all of it empty.
    expect(
      await second.page.locator('textarea').evaluateAll((all) => all.map((i) => i.id)),
    ).toEqual(['field-nksHoTen', 'field-nksNgaySinh', 'field-nksDanToc']);
    await second.page.keyboard.type('nguyễn văn lần hai');
    await second.page.keyboard.press('Enter');
    await until(() => activeField(second.page)).toBe('nksNgaySinh');
    await second.page.keyboard.type(record.truth.fields.nksNgaySinh!.text!);
    await second.page.keyboard.press('Enter');
    // What is answered survives a reload.
    await second.page.reload();
    await until(() => activeField(second.page)).toBe('nksDanToc');
    await look(second.page);
    expect(await second.page.locator('#field-nksHoTen').inputValue()).toBe('Nguyễn Văn Lần Hai');
    await second.page.keyboard.type(record.truth.fields.nksDanToc!.text!);
    await second.page.keyboard.press('Enter');
    await second.page.keyboard.press('Control+Enter');
    await until(async () => (await state(record.id)).status).toBe('arbitration');
    await second.page.getByText('Không còn bản ghi nào chờ bạn nhập lần hai.').waitFor();
    expect(bodies.some((body) => body.includes('LẦN MỘT'))).toBe(false);
    expect((await state(record.id)).differs).toEqual(['nksHoTen']);

    const { organisations, people } = test.system.store;
    const [organisation] = await organisations.list();
    const { passwordHash } = (await people.byLogin('nhap'))!;
    await people.create({
      organisationId: organisation!.id,
      login: 'phanxu',
      name: 'Người thử phân xử',
      roles: ['keyer'],
      passwordHash,
    });
    const third = await opened.as('phanxu');
    expect(await begin(third.page, bookId, /^Phân xử/)).toBe(record.id);
    await mustBeAccessible(third.page);
    const readings = third.page.locator('.reading');
    await until(() => readings.first().textContent()).toBe('NGUYỄN VĂN LẦN MỘT');
    expect(await readings.nth(1).textContent()).toBe('Nguyễn Văn Lần Hai');
    await third.page.keyboard.press('1');
    await until(() =>
      third.page.locator('.readings button').first().getAttribute('aria-pressed'),
    ).toBe('true');
    // Neither of the three: a letter begins another reading.
    await third.page.keyboard.type('NGUYỄN VĂN BA');
    await third.page.keyboard.press('Enter');
    await mustBeAccessible(third.page);
    await third.page.keyboard.press('Control+Enter');
    await until(async () => (await state(record.id)).status).toBe('keyed');
    const { values, arbiters } = await state(record.id);
    expect([values.nksHoTen?.text, arbiters.length]).toEqual(['NGUYỄN VĂN BA', 1]);
    // The filters of such books; a book that is keyed once has none.
    await open(third.page, `#/books/${bookId}`);
    await third.page.getByRole('button', { name: /^Chờ nhập lần hai/ }).waitFor();
  });

  it('keys a blind book without looking ahead into records of which one may be the second person', async () => {
    const { id: bookId, records } = await bookOf(2, { keying: { kind: 'double' } });
    const [record, next] = records as [DrawnRecord, DrawnRecord];
    const { page } = await opened.as('nhap');
    expect(await begin(page, bookId, /^Nhập tiếp/)).toBe(record.id);
    await until(() => page.locator('#field-so').inputValue()).toBe(record.truth.fields.so!.text!);
    // Its page and crops come ahead, what was read of it does not.
    await page.waitForResponse((r) => r.url().includes(`/records/${next.id}/crop/`));
    const seen = async () =>
      (
        await test.query('select record_id from sights where record_id = any($1)', [
          [record.id, next.id],
        ])
      ).rows.map((row) => row.record_id);
    expect(await seen()).toEqual([record.id]);
    expect(await test.system.store.leases.of(next.id)).toBeUndefined();
    // It is opened once it comes on the screen.
    await open(page, `#/records/${next.id}`);
    await until(() => page.locator('#field-so').inputValue()).toBe(next.truth.fields.so!.text!);
    expect((await test.system.store.leases.of(next.id))?.work).toBe('key');
  });

  it('says at a book how often it is keyed, and lets an administrator change it', async () => {
    const { id: bookId } = await bookOf(1);
    const { page } = await opened.as('quantri');
    await open(page, `#/books/${bookId}`);
    await page.getByRole('button', { name: /^Bị trả lại/ }).waitFor();
    expect(await page.getByRole('button', { name: /^Chờ phân xử/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Chia việc: Nhập một lần' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nhập hai lần một số trường').check();
    await dialog.getByLabel('Họ tên').check();
    await dialog.getByText('Chọn từng trường').click();
    await dialog.getByLabel(/^Và trường máy đọc kém chắc hơn/).fill('90');
    await mustBeAccessible(page);
    await dialog.getByLabel('Kiểm mẫu trước khi phê duyệt').check();
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('button', { name: 'Chia việc: Nhập hai lần một số trường' }).waitFor();
    await page.getByRole('button', { name: /^Chờ phân xử/ }).waitFor();
    expect((await test.system.store.books.byId(bookId)).policy).toMatchObject({
      keying: { kind: 'fields', groups: ['number', 'date', 'name'], confidenceBelow: 0.9 },
      sampling: { size: 50, accept: 0 },
    });
  });

  it('turns on codes at sign-in, asks for one, and turns them off', async () => {
    const { page } = await opened.as('xem');
    await page.getByRole('link', { name: 'Người thử xem' }).click();
    const codes = page.getByRole('region', { name: 'Xác thực hai bước' });
    await codes.getByLabel('Mật khẩu hiện tại', { exact: true }).fill(PASSWORD);
    await mustBeAccessible(page);
    await codes.getByRole('button', { name: 'Bật' }).click();
    await codes.getByRole('img', { name: /^Mã QR/ }).waitFor();
    const totp = new TOTP({
      secret: Secret.fromBase32((await codes.locator('code').textContent())!),
    });
    const at = (periods: number) => totp.generate({ timestamp: Date.now() + 30_000 * periods });
    await mustBeAccessible(page);
    await codes.getByLabel('Mã xác thực').fill(at(0));
    await codes.getByRole('button', { name: 'Bật' }).click();
    await codes.getByText(/^Đang bật/).waitFor();

    const { page: other } = await opened.visit();
    await other.getByLabel('Tên đăng nhập').fill('xem');
    await other.getByLabel('Mật khẩu', { exact: true }).fill(PASSWORD);
    await other.keyboard.press('Enter');
    await other.getByLabel('Mã xác thực').fill('000000');
    await mustBeAccessible(other);
    await other.keyboard.press('Enter');
    await other.getByText(/^Mã xác thực sai hoặc đã dùng/).waitFor();
    await other.getByLabel('Mã xác thực').fill(at(1));
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: 'Các sổ' }).waitFor();

    await codes.getByLabel('Mật khẩu hiện tại', { exact: true }).fill(PASSWORD);
    await codes.getByRole('button', { name: 'Tắt' }).click();
    await codes.getByText(/^Đang tắt/).waitFor();

    // Who has lost theirs is helped by an administrator.
    const { people } = test.system.store;
    const { person } = (await people.byLogin('xem'))!;
    await people.offerTotp(person.id, 'JBSWY3DPEHPK3PXP');
    await people.confirmTotp(person.id);
    const admin = await opened.as('quantri');
    await open(admin.page, '#/people');
    await admin.page.getByRole('button', { name: 'Sửa: Người thử xem' }).click();
    await admin.page.getByLabel('Gỡ xác thực hai bước').check();
    await admin.page.getByRole('button', { name: 'Lưu' }).click();
    await until(async () => (await people.byLogin('xem'))?.totpSecret).toBeUndefined();
  });

  it('changes a password, gives a program a token once, and signs out everywhere', async () => {
    const { page } = await opened.as('tiepnhan');
    await open(page, '#/account');
    const box = page.getByRole('region', { name: 'Đổi mật khẩu' });
    await box.getByLabel('Mật khẩu hiện tại', { exact: true }).fill('sai mật khẩu');
    await box.getByLabel('Mật khẩu mới', { exact: true }).fill('mật khẩu thứ hai');
    await box.getByLabel('Nhập lại mật khẩu mới', { exact: true }).fill('mật khẩu thứ ba');
    await box.getByRole('button', { name: 'Lưu' }).click();
    await box.getByText('Hai lần nhập khác nhau').waitFor();
    await box.getByLabel('Nhập lại mật khẩu mới', { exact: true }).fill('mật khẩu thứ hai');
    await box.getByRole('button', { name: 'Lưu' }).click();
    await box.getByText('Sai tên đăng nhập hoặc mật khẩu.').waitFor();
    await box.getByLabel('Mật khẩu hiện tại', { exact: true }).fill(PASSWORD);
    await box.getByRole('button', { name: 'Lưu' }).click();
    await box.getByText('Đã đổi mật khẩu.').waitFor();

    const tokens = page.getByRole('region', { name: 'Mã truy cập cho chương trình' });
    await tokens.getByRole('button', { name: 'Tạo mã truy cập' }).click();
    await tokens.getByLabel('Tên', { exact: true }).fill('sao lưu');
    await tokens.getByLabel('Sổ: Đọc', { exact: true }).check();
    await mustBeAccessible(page);
    await tokens.getByRole('button', { name: 'Tạo mã truy cập' }).click();
    const token = (await tokens.locator('code').textContent())!;
    const asProgram = async () =>
      (await test.app.inject({ url: '/api/books', headers: { authorization: `Bearer ${token}` } }))
        .statusCode;
    expect(await asProgram()).toBe(200);
    await tokens.getByRole('button', { name: 'Đóng' }).click();
    await tokens.getByRole('row', { name: /sao lưu.*books:read/ }).waitFor();
    await mustBeAccessible(page);

    await page.getByRole('button', { name: 'Đăng xuất mọi nơi' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất mọi nơi' }).click();
    await page.getByLabel('Tên đăng nhập').waitFor();
    expect(await asProgram()).toBe(401);
  });

  it('hands records out to a person, and takes back what is not done', async () => {
    const { id: bookId } = await bookOf(3);
    const { page } = await opened.as('quantri');
    await open(page, `#/books/${bookId}`);
    const box = page.getByRole('region', { name: 'Giao việc' });
    await box.getByRole('button', { name: 'Giao thêm' }).click();
    await box.getByLabel('Giao cho').selectOption({ label: 'Người thử nhap' });
    await box.getByLabel('Tên lô').fill('Đợt một');
    await box.getByLabel('Số bản ghi').fill('2');
    await mustBeAccessible(page);
    await box.getByRole('button', { name: 'Giao thêm' }).click();
    await box.getByText('còn 2/2 bản ghi').waitFor();
    const list = () =>
      test.system.store.batches.list({ scope: undefined, bookId, limit: 9, offset: 0 });
    expect((await list()).map((b) => [b.name, b.records])).toEqual([['Đợt một', 2]]);
    await box.getByRole('button', { name: 'Thu lại: Đợt một' }).click();
    await box.getByText('2 bản ghi chưa làm sẽ trở lại cho mọi người.').waitFor();
    await mustBeAccessible(page);
    await box.getByRole('button', { name: 'Thu lại', exact: true }).click();
    await box.getByText(/^Chưa giao riêng cho ai/).waitFor();
    expect((await list())[0]?.revokedAt).toBeDefined();
  });

  it('brings a book from its oddities and its sample to the list of those that are ready', async () => {
    const { id: bookId, records } = await bookOf(2, { sampling: { size: 2, accept: 0 } });
    for (const [i, record] of records.entries())
      await key('nhap', record, { so: written(i === 0 ? '7' : '9') });
    const check = async ({ id, truth }: DrawnRecord) => {
      const call = await test.as('kiem');
      const { version: seen } = await state(id);
      const action = { type: 'checked', confirmed: Object.keys(truth.fields) };
      return call('POST', `/api/records/${id}/actions`, { payload: { seen, action } });
    };
    for (const record of records) expect((await check(record)).statusCode).toBe(200);

    const { page } = await opened.as('duyet');
    await open(page, `#/books/${bookId}`);
    await page.getByRole('link', { name: 'Đủ và bàn giao' }).click();
    const samples = page.getByRole('region', { name: 'Kiểm mẫu' });
    await samples.getByRole('button', { name: 'Rút mẫu' }).click();
    await samples
      .getByRole('button', { name: /^Xem mẫu/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img').first().waitFor();
    await mustBeAccessible(page);
    await dialog.getByRole('button', { name: 'Không có gì sai' }).click();
    // The next one comes up by itself.
    await until(() => samples.getByText('đúng', { exact: true }).count()).toBe(1);
    await dialog.getByRole('button', { name: 'Không có gì sai' }).click();
    await samples.getByText('Đạt', { exact: true }).waitFor();
    await samples.getByText(/0\/2 = 0 %/).waitFor();
    const approve = await test.as('duyet');
    const approved = await approve('POST', '/api/records/approve', {
      payload: {
        items: await Promise.all(
          records.map(async ({ id }) => ({ id, seen: (await state(id)).version })),
        ),
      },
    });
    expect(approved.json().items.map((i: { error?: unknown }) => i.error)).toEqual([
      undefined,
      undefined,
    ]);

    const admin = await opened.as('quantri');
    await open(admin.page, `#/books/${bookId}/completeness`);
    const steps = admin.page.getByRole('region', { name: 'Bàn giao, chuyển đổi' });
    await admin.page.getByText('số 8', { exact: false }).waitFor();
    await mustBeAccessible(admin.page);
    await admin.page.getByRole('button', { name: 'Ghi lý do: Thiếu số 8' }).click();
    await admin.page.getByLabel('Vì sao như vậy là đúng').fill('Số 8 bị hủy, có ghi ở lề');
    await admin.page.keyboard.press('Enter');
    await admin.page.getByText('Số 8 bị hủy, có ghi ở lề — Người thử quantri').waitFor();
    await admin.page.getByLabel('Số trường hợp').fill('2');
    await admin.page.getByRole('button', { name: 'Lưu' }).click();
    await admin.page.getByText('Sổ đã đủ, không còn việc gì mở').waitFor();
    await steps.getByRole('button', { name: 'Bàn giao sổ' }).click();
    const ask = admin.page.getByRole('dialog');
    await ask.getByLabel('Đơn vị nhận').selectOption({ label: 'Đơn vị quản lý' });
    await mustBeAccessible(admin.page);
    await ask.getByRole('button', { name: 'Bàn giao sổ' }).click();
    await steps.getByText('→ Đơn vị quản lý').waitFor();
    const downloading = admin.page.waitForEvent('download');
    await steps.getByRole('link', { name: /^Biên bản bàn giao/ }).click();
    expect((await downloading).suggestedFilename()).toBe('bien-ban-ban-giao.pdf');

    await page.reload();
    await page.getByRole('button', { name: /^Đưa vào danh sách/ }).click();
    await dialog.getByRole('button', { name: /^Đưa vào danh sách/ }).click();
    await page.getByRole('button', { name: 'Xác nhận đã chuyển đổi' }).waitFor();
    await mustBeAccessible(page);
    await open(page, '#/ready');
    await page.getByRole('row', { name: /Đồng Mẫu/ }).waitFor();
    await mustBeAccessible(page);
  });
});
