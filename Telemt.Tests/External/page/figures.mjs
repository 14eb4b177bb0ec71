// node figures.mjs ADDRESS CHROMIUM: how long the page takes with many users. The last line is JSON, milliseconds.
import { chromium } from 'playwright-core';

const [address, executablePath] = process.argv.slice(2);
const updates = 15;
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
const devtools = await page.context().newCDPSession(page);
await devtools.send('Performance.enable');
// All tasks of the page's thread, layout and paint included: what of it is script, the browser tells only in part.
const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(each => each.name === 'TaskDuration').value * 1000;

/** The page's time for everything that one sample of the stream causes, the list of users included. */
async function live() {
  const from = await busy();
  await page.evaluate(count => new Promise(resolve => {
    let left = count;
    new PerformanceObserver(list => { left -= list.getEntriesByName('telemt-update').length; if (left <= 0) resolve(); }).observe({ entryTypes: ['measure'] });
  }), updates);
  return (await busy() - from) / updates;
}

const began = Date.now();
await page.goto(`${address}/#users`);
await page.locator('#users tr').first().waitFor();
const rows = Date.now() - began;
const firstPaint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
const ofUsers = await live();
while (await page.locator('#more').isVisible() && await page.locator('#users tr').count() < 1000) {
  const before = await page.locator('#users tr').count();
  await page.locator('#more').click();
  await page.waitForFunction(count => document.querySelectorAll('#users tr').length > count, before);
}
const shown = await page.locator('#users tr').count();
const ofThousand = await live();
await page.goto(`${address}/#overview`);
const ofOverview = await live();
console.log(JSON.stringify({ firstPaint, rows, ofUsers, ofThousand, shown, ofOverview }));
await browser.close();
