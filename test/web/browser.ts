import fs from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium unless told otherwise. */
const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** False, and said loudly, where no browser is installed: these tests are then skipped. */
export function hasBrowser(): boolean {
  if (fs.existsSync(PROGRAM)) return true;
  console.warn(
    `\n!!! No Chromium at ${PROGRAM}: the tests of the web page are SKIPPED. ` +
      'Install one (apt install chromium) or set CHROMIUM to its path.\n',
  );
  return false;
}

/** A browser that asks nobody but the page's own server. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PROGRAM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page: uncaught errors and refusals of the security policy. */
  readonly complaints: readonly string[];
}

export interface Window {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A window of its own: nobody else's session, on the smallest screen that offices have. */
export async function visit(
  browser: Browser,
  address: string,
  { width = 1366, height = 768, scheme = 'light' }: Window = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    colorScheme: scheme,
    locale: 'vi-VN',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A refusal of the API is an answer to the page, not a fault of it.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto('/');
  return { page, context, complaints };
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Tên đăng nhập').fill(login);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Các sổ' }).waitFor();
}
