import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openTestApp, PASSWORD, type TestApp } from '../api/support.ts';
import { openBrowser, signIn, type Visitor, visit, type Window } from './browser.ts';
import { type BuiltWeb, buildWebForTest } from './build.ts';

export interface Opened {
  readonly test: TestApp;
  readonly web: BuiltWeb;
  readonly browser: Browser;
  readonly address: string;
  /** A window of nobody yet. */
  visit(window?: Window): Promise<Visitor>;
  /** A person's own window, signed in. */
  as(login: string, window?: Window): Promise<Visitor>;
  /** Everybody closes their windows: what they had open is free for the next one. */
  leave(): Promise<void>;
  /** Also expects that no screen threw or asked for anything that the security policy refuses. */
  close(): Promise<void>;
}

/** The workbench as it is shipped, on an API and a database of its own, and a browser. */
export async function openWorkbench(): Promise<Opened> {
  const web = await buildWebForTest();
  const test = await openTestApp(
    {},
    { web: web.folder, signInTries: { address: 10_000, login: 10_000 } },
  );
  const address = await test.app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await openBrowser();
  const visitors: Visitor[] = [];
  const come = async (window?: Window) => {
    const visitor = await visit(browser, address, window);
    visitors.push(visitor);
    return visitor;
  };
  return {
    test,
    web,
    browser,
    address,
    visit: come,
    async as(login, window) {
      const visitor = await come(window);
      await signIn(visitor.page, login, PASSWORD);
      return visitor;
    },
    async leave() {
      for (const context of browser.contexts()) await context.close();
      await test.query('delete from leases', []);
    },
    async close() {
      await browser.close();
      await test.close();
      await web.remove();
      expect(visitors.flatMap((v) => v.complaints)).toEqual([]);
    },
  };
}

/** Expects in the end: a busy machine takes its time. */
export const until = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** Goes to an address of the page. */
export async function open(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, place);
}

/** Keys count once a person could have seen what they answer. */
export const look = (page: Page) => page.waitForTimeout(400);

/** The field that has the focus. */
export const activeField = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') ?? undefined,
  );

export const field = (page: Page, key: string) => page.locator(`#field-${key}`);

export async function mustBeAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(' | ')}`),
  ).toEqual([]);
}
