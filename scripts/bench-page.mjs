/** The simulation page's own times, as the browser counts them: its first paint, and what a step costs. Part of `npm run bench`. */
import { chromium } from '../test/e2e/workbench.mjs';
import { hostIsInstalled, playwright } from './editor-host.mjs';
import { recordView } from './view.mjs';

/** Prints one line; why not, where there is no browser. */
export async function measurePage(operand) {
  if (!chromium || !hostIsInstalled()) {
    console.log('page: not measured, because `npm run test:e2e` has not installed its editor host here, or there is no Chromium');
    return;
  }
  const browser = await playwright().chromium.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await page.goto(recordView(operand));
    await page.locator('.timeline output').waitFor();
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    };
    const steps = Number((await page.locator('.timeline output').innerText()).split('/')[1]);
    await page.keyboard.press('Home');
    const before = await busy();
    for (let step = 1; step < steps; step++) {
      await page.keyboard.press('ArrowRight');
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    const each = ((await busy()) - before) / (steps - 1);
    console.log(`page of ${operand}: first paint ${paint.toFixed(0)} ms, a step ${each.toFixed(1)} ms of processor time (${steps} steps)`);
  } finally {
    await browser.close();
  }
}
