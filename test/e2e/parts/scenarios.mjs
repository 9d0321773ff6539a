/** Scenario files as documents: hover, lenses, results at the lines, kernels to compare, the Test Explorer. */
import assert from 'node:assert/strict';

export async function scenarios(workbench, test) {
  const { page, editor, lenses, view, open, quickRow, command } = workbench;
  await test('a scenario has lenses, and a hover on its words', async () => {
    await open('meter.mmapsim');
    await lenses.filter({ hasText: 'Run on kernels' }).waitFor();
    await editor.locator('.view-line span', { hasText: 'assume' }).last().hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'assume PATH' }).first();
    await hover.waitFor();
    await page.mouse.move(5, 5);
  });
  await test('a run shows what came of each expectation', async () => {
    await lenses.filter({ hasText: /^▶ Run$/ }).click();
    await view.locator('header', { hasText: 'Expectation failed' }).waitFor();
    const results = () =>
      editor.evaluate((element) =>
        [...element.querySelectorAll('[class*="ced-"]')]
          .map((each) => getComputedStyle(each, '::after').content)
          .filter((text) => /[✓✗–]/.test(text)),
      );
    for (let tries = 0; tries < 50 && (await results()).length < 2; tries++) await page.waitForTimeout(100);
    const texts = await results();
    assert.equal(texts.filter((text) => text.includes('✓ as expected')).length, 1, texts.join(' | '));
    assert.equal(texts.filter((text) => text.includes('✗ expected')).length, 1, texts.join(' | '));
  });
  await test('a scenario runs on several kernels', async () => {
    await lenses.filter({ hasText: 'Run on kernels' }).click();
    await quickRow('2.6.32').waitFor();
    await page.keyboard.press('Enter');
    await view.locator('table.matrix').waitFor();
  });
  await test('the Test Explorer runs the scenarios of the workspace', async () => {
    await command('Testing: Focus on Test Explorer View');
    const rows = page.locator('.test-explorer .monaco-list-row');
    await rows.filter({ hasText: 'meter.mmapsim' }).waitFor();
    await command('Test: Run All Tests');
    await rows.filter({ hasText: 'meter.mmapsim' }).locator('.codicon-testing-failed-icon').waitFor();
    await rows.filter({ hasText: 'ring-buffer.mmapsim' }).first().locator('.codicon-testing-passed-icon').waitFor();
    await command('View: Show Explorer');
  });
}
