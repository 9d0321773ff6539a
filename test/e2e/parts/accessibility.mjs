/** The simulation page for people who cannot see it well or use no mouse: axe in four themes, and a run by keyboard alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tool } from '../../../scripts/project.mjs';

const themes = ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast', 'Default High Contrast Light'];
const axe = readFileSync(tool('axe-core/axe.min.js'), 'utf8');

export async function accessibility(workbench, test) {
  const { page, lenses, view, quickInput, open, command } = workbench;
  await test('the page opens for axe', async () => {
    await open('framebuffer-card.c');
    await lenses.filter({ hasText: 'Simulate' }).first().click();
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    await view.locator('section[aria-label="Other kernels"] button[type=submit]').click();
    await view.locator('table.matrix').waitFor();
    await view.locator('.timeline input').focus();
    await page.keyboard.press('f');
  });
  for (const theme of themes) {
    await test(`axe has no serious finding in ${theme}`, async () => {
      await command('Preferences: Color Theme');
      await quickInput.fill(theme.replace('Default ', ''));
      await page.keyboard.press('Enter');
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await page.waitForTimeout(300);
      const serious = await seriousFindings(view);
      assert.deepEqual(serious, []);
    });
  }
  await test('the keyboard alone reaches every control', async () => {
    const wanted = await view.locator('button:not([disabled]), input, select, textarea, summary').count();
    await view.locator('.timeline input').focus();
    const reached = await view.locator('body').evaluate((body) => {
      const all = [...body.querySelectorAll('button:not([disabled]), input, select, textarea, summary')];
      return all.filter((element) => element.tabIndex >= 0 && element.getClientRects().length > 0).length;
    });
    assert.equal(reached, wanted);
    await page.keyboard.press('?');
    await view.locator('details.keys[open]').waitFor();
    await page.keyboard.press('?');
    await view.locator('details.keys:not([open])').waitFor();
  });
}

/** What axe calls serious or critical, with the elements, one line each. */
async function seriousFindings(view) {
  const body = view.locator('body');
  // Sent by the debugger, because the policy of the page allows no other script.
  const handle = await body.elementHandle();
  const frame = await handle.ownerFrame();
  await frame.evaluate(axe);
  return body.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any.map((each) => each.message).join(' ')}`));
  });
}
