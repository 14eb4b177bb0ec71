// node script.mjs ADDRESS CHROMIUM: looks at the page as a person does, adds a user, and prints one line of JSON with what it saw.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [address, executablePath] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const seen = { problems: [], violations: [], sections: [], sessions: '', link: '', focus: [], overflow: [] };
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(options) {
  // The page's own policy forbids foreign scripts, axe among them.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  const page = await context.newPage();
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) seen.problems.push(message.text()); });
  page.on('pageerror', error => seen.problems.push(error.message));
  await page.goto(address);
  await page.locator('#health-chip', { hasText: 'healthy' }).waitFor();
  return page;
}

for (const [colorScheme, width, height] of [['light', 1280, 900], ['dark', 1280, 900], ['light', 390, 844], ['dark', 390, 844]]) {
  const page = await open({ colorScheme, viewport: { width, height } });
  for (const section of ['overview', 'users', 'routes', 'clients', 'events']) {
    await page.locator(`nav a[href="#${section}"]`).click();
    await page.locator(`#view-${section}`).waitFor({ state: 'visible' });
    seen.sections.push(section);
    // What comes by the API is judged too.
    if (section === 'routes') await page.locator('#routes table').waitFor();
    if (section === 'clients') await page.locator('#clients table').first().waitFor();
    if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) seen.overflow.push(`${section} at ${width}`);
    // For whoever wants to look: TELEMT_SHOTS names a folder.
    if (process.env.TELEMT_SHOTS) await page.screenshot({ path: `${process.env.TELEMT_SHOTS}/${section}-${colorScheme}-${width}.png`, fullPage: true });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
    for (const found of violations) seen.violations.push(`${section}, ${colorScheme}, ${width}: ${found.id}: ${found.nodes.map(node => node.target).join(' ')}`);
  }
  await page.context().close();
}

// By the keyboard alone: every control of the overview takes the focus, and can be seen to.
const page = await open({ viewport: { width: 1280, height: 900 } });
for (let i = 0; i < 7; i++) {
  await page.keyboard.press('Tab');
  seen.focus.push(await page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return `${element.tagName} ${outlineStyle !== 'none' && parseFloat(outlineWidth) > 0}`;
  }));
}
await page.locator('nav a[href="#routes"]').click();
await page.locator('#routes table').waitFor();
seen.routes = await page.locator('#routes').innerText();
await page.locator('nav a[href="#clients"]').click();
await page.locator('#clients table').first().waitFor();
seen.clients = await page.locator('#clients').innerText();
seen.strangers = await page.locator('#clients [data-table="Hellos by fingerprint"]').innerText();
await page.locator('nav a[href="#overview"]').click();
await page.locator('#tiles').getByText('Sessions', { exact: true }).waitFor();
seen.sessions = await page.locator('#tiles').innerText();

await page.locator('nav a[href="#users"]').click();
await page.locator('#add').click();
await page.locator('#dialog input').first().fill('browser');
await page.locator('#dialog button[type=submit]').click();
await page.locator('#dialog').getByText('tg://', { exact: false }).first().waitFor();
seen.link = (await page.locator('#dialog').innerHTML()).match(/tg:\/\/proxy[^"<\s]*/)[0].replaceAll('&amp;', '&');
seen.qr = await page.locator('#dialog svg path').count();
console.log(JSON.stringify(seen));
await browser.close();
