import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

import type { TestApp } from '../../support/app.js';
import { Fixture } from '../../support/fixture.js';
import { browser, SCREENS } from './browser.js';

const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 360] as const;
const HEIGHT = 800;

/** A person who is signed in, by the claims of their token. */
export type Claims = Readonly<Record<string, unknown>>;

/** A user of the fixture who changes only their own record. */
export const JANE = { sub: 'helper-7', roles: ['nevisIdm.SelfAdmin'] } as const satisfies Claims;

/**
 * The server with built pages, and pages of it in Chromium. Every page is closed at the end of its test, which fails if the
 * page violated the Content-Security-Policy or had an error that nothing caught.
 *
 *     const pages = await Pages.start();
 *     const page = await pages.asAdministrator('/console/100/today');
 *     await page.getByRole('heading', { name: 'Today' }).waitFor();
 *     await pages.check(page, 'today');
 */
export class Pages {
  private readonly problems: string[] = [];

  private constructor(readonly fixture: Fixture) {}

  /** With client 100, its policies `default`, `tolerant` and `strict`, and the user `helper-7` (Jane Doe). */
  static async start(settings: Parameters<typeof Fixture.start>[0] = {}): Promise<Pages> {
    return new Pages(await Fixture.start(settings));
  }

  get app(): TestApp {
    return this.fixture.app;
  }

  /** Every right in client 100, unless the claims say otherwise. */
  async asAdministrator(path: string, claims: Claims = {}, options: BrowserContextOptions = {}): Promise<Page> {
    return await this.open(`${path}#token=${await this.app.token(claims)}`, options);
  }

  /** As Jane, unless the claims say otherwise. */
  async asUser(path = '/my/', claims: Claims = {}, options: BrowserContextOptions = {}): Promise<Page> {
    return await this.asAdministrator(path, { ...JANE, ...claims }, options);
  }

  /** Not signed in. The time of the page is that of the test's clock, and goes on. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const chromium = await browser();
    const context = await chromium.newContext({
      viewport: { width: WIDTHS[0], height: HEIGHT },
      locale: 'en-GB',
      timezoneId: 'Europe/Zurich',
      reducedMotion: 'reduce',
      ...options,
    });
    onTestFinished(async () => {
      await context.close();
      this.requireNoProblems();
    });
    context.setDefaultTimeout(120_000);
    await context.clock.install({ time: this.app.clock.now() });
    await this.watch(context);
    const page = await context.newPage();
    await page.goto(this.app.url + path);
    return page;
  }

  /** In both themes and at both widths: expects no finding of axe and no sideways scrolling. */
  async check(page: Page, name: string): Promise<void> {
    await this.look(page, name, async (width, theme) => {
      // A theme changes nothing but colours, and the width nothing of them.
      if (theme === 'light') expect(await findings(page), `${name} ${width}`).toEqual([]);
      else if (width === WIDTHS[0]) expect(await findings(page, COLOUR_RULES), `${name} ${theme}`).toEqual([]);
    });
  }

  /** The same of a page that another test has checked, with other texts in it: expects no sideways scrolling. */
  async checkWidth(page: Page, name: string): Promise<void> {
    await this.look(page, name, async () => {});
  }

  /** The page keeps the width and the theme that it had before. With `CERTKEEP_SCREENS=1`, writes `.cache/screens/*.png`. */
  private async look(
    page: Page,
    name: string,
    examine: (width: number, theme: (typeof THEMES)[number]) => Promise<void>,
  ): Promise<void> {
    const before = page.viewportSize();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        if (process.env['CERTKEEP_SCREENS'] === '1') {
          const path = join(SCREENS, `${name}-${colorScheme}-${width}.png`);
          await page.screenshot({ path, fullPage: true, animations: 'disabled' });
        }
        await examine(width, colorScheme);
      }
    }
    await page.emulateMedia({ colorScheme: null });
    if (before !== null) await page.setViewportSize(before);
    this.requireNoProblems();
  }

  /** Expects that no page had a violation of the Content-Security-Policy or an uncaught error so far. */
  requireNoProblems(): void {
    expect(this.problems).toEqual([]);
  }

  async close(): Promise<void> {
    await this.app.close();
    this.requireNoProblems();
  }

  private async watch(context: BrowserContext): Promise<void> {
    await context.exposeFunction('reportViolation', (text: string) => void this.problems.push(text));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, sample }) => {
        const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
        report(`Content-Security-Policy: ${violatedDirective} ${blockedURI} ${sourceFile} ${sample}`);
      });
    });
    context.on('weberror', (error) => void this.problems.push(String(error.error().stack)));
    context.on('console', (message) => {
      // A violation in the head of the document comes before the listener above.
      if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text())) this.problems.push(message.text());
    });
  }
}

/** The rules of axe that look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** The findings of axe by all rules or by some, each with its first element. */
async function findings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const isThere = await page.evaluate(() => 'axe' in window);
  // Half a megabyte, which the page keeps until it is loaded again.
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: ';' } : {}) }).setLegacyMode();
  const { violations } = await axe
    // Describing what is right takes longer than finding what is wrong.
    .options({ resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: [...rules] }) })
    .analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}×, ${nodes[0]?.html ?? ''})`);
}
