// Opens the operator's page in a real browser and does what an operator does. The last line is what it saw, as JSON.
// node operator.mjs URL: "ready" is printed once the page is up; each line of input lets it go on.

import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const url = process.argv[2];
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async word => { console.log(word); await lines.next(); };
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const seen = { errors: [], axe: [], link: '', sessions: '', lost: false, back: false, focus: '' };
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: false });
  const page = await context.newPage();
  let isLossMeant = false;
  page.on('console', message => { if (['error', 'warning'].includes(message.type()) && !isLossMeant) seen.errors.push(message.text()); });
  page.on('pageerror', error => seen.errors.push(error.message));
  await page.goto(url);
  await page.getByText('All is well.').waitFor();

  await next('ready');
  await page.waitForFunction(() => document.querySelector('#tiles .value').textContent === '1');
  seen.sessions = await page.locator('#tiles .value').first().textContent();

  // By keyboard alone: to the users, the button, the form.
  await page.locator('nav a[href="#users"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('#add:enabled').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('from the page');
  await page.keyboard.press('Enter');
  await page.locator('#dialog .qr svg').waitFor();
  seen.link = await page.locator('#dialog .mono').textContent();
  seen.focus = await page.evaluate(() => document.querySelector('#dialog').contains(document.activeElement) ? 'in the dialog' : 'elsewhere');

  // A page with its own rules lets no tool in: the judge comes by the debugger, in every section and both colour schemes.
  const judge = async place => {
    await page.evaluate(axe);
    const result = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
    seen.axe.push(...result.violations.map(found => `${place}: ${found.id}: ${found.nodes.map(node => node.target).join(' | ')}`));
  };
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await judge(`${colorScheme} user`);
  }
  await page.keyboard.press('Escape');
  for (const section of ['overview', 'users', 'routes', 'clients', 'events']) {
    await page.goto(`${url}#${section}`);
    await page.locator(`#view-${section}`).waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await judge(`${colorScheme} ${section}`);
    }
  }

  isLossMeant = true;
  await next('lose');
  await page.locator('#lost:not([hidden])').waitFor();
  seen.lost = true;
  await next('back');
  await page.locator('#lost').waitFor({ state: 'hidden' });
  seen.back = true;
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
process.exit(0);
