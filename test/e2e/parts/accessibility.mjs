/** The simulation page for people who cannot see it well or use no mouse: axe in four themes, and a run by the keyboard alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tool } from '../../../scripts/project.mjs';
import { actUntil, when } from '../moves.mjs';

const themes = [
  ['Default Light Modern', 'vscode-light'],
  ['Default Dark Modern', 'vscode-dark'],
  ['Default High Contrast', 'vscode-high-contrast'],
  ['Default High Contrast Light', 'vscode-high-contrast-light'],
];
const axe = readFileSync(tool('axe-core/axe.min.js'), 'utf8');
const controls = 'button:not([disabled]), input, select, textarea, summary, [tabindex="0"]';

export async function accessibility(workbench, test) {
  const { page, view, set, openHandler, command, simulate } = workbench;
  const counter = (text) => view.locator('.timeline output').filter({ hasText: text });
  for (const [theme, kind] of themes) {
    await test(`axe has no serious finding in ${theme}`, async () => {
      set({ 'workbench.colorTheme': theme });
      await simulate('framebuffer-card.c', 'glint_mmap');
      await view.locator('section[aria-label="Other kernels"] button[type=submit]').click();
      await view.locator('table.matrix').waitFor();
      await view.locator('section[aria-label="Adversary"] button').first().click();
      await view.locator('.attacks li').first().waitFor();
      await actUntil(() => view.locator('.timeline input').press('f'), view.locator('.step [role=alert]'));
      await view.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
      assert.deepEqual(await seriousFindings(view), []);
    });
  }
  await test('the keyboard alone opens the page, steps, and reaches every control', async () => {
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await command('driver-mmap: Simulate mmap Handler');
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    const hasFocus = when(() => view.locator('body').evaluate(() => document.hasFocus()));
    await actUntil(() => page.keyboard.press('Control+2'), hasFocus);
    await actUntil(() => page.keyboard.press('Home'), counter(/^1 \//));
    await page.keyboard.press('ArrowRight');
    await counter(/^2 \//).waitFor();
    await page.keyboard.press('f');
    await view.locator('.step [role=alert]').waitFor();
    await page.keyboard.press('?');
    await view.locator('details.keys[open]').waitFor();
    await page.keyboard.press('?');
    await view.locator('details.keys:not([open])').waitFor();
    const body = view.locator('body');
    const wanted = await body.evaluate((_, controls) => {
      window.reached = new Set();
      document.addEventListener('focusin', ({ target }) => window.reached.add(target));
      return [...document.querySelectorAll(controls)].filter((each) => each.getClientRects().length > 0).length;
    }, controls);
    for (let presses = 0; presses < wanted + 2; presses++) await page.keyboard.press('Tab');
    const missed = await body.evaluate(
      (_, controls) =>
        [...document.querySelectorAll(controls)]
          .filter((each) => each.getClientRects().length > 0 && !window.reached.has(each))
          .map((each) => each.outerHTML.slice(0, 120)),
      controls,
    );
    assert.deepEqual(missed, []);
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
