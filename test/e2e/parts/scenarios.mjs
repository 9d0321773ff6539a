/** Scenario files as documents: hover, lenses, results at the lines, kernels to compare, the Test Explorer. */
import assert from 'node:assert/strict';
import { actUntil, when } from '../moves.mjs';

export async function scenarios(workbench, test) {
  const { page, editor, lenses, view, open, hover, quickRow, command, simulateBy } = workbench;
  const run = lenses.filter({ hasText: /^▶ Run$/ });
  await test('a scenario has lenses, and a hover on its words', async () => {
    await open('meter.mmapsim');
    await lenses.filter({ hasText: 'Run on kernels' }).waitFor();
    await hover(editor.locator('.view-line span', { hasText: 'assume' }).last(), 'assume PATH');
  });
  await test('a run shows what came of each expectation', async () => {
    await open('meter.mmapsim');
    await simulateBy(run, view.locator('header', { hasText: 'Expectation failed' }));
    const results = () =>
      editor.evaluate((element) =>
        [...element.querySelectorAll('[class*="ced-"]')]
          .map((each) => getComputedStyle(each, '::after').content)
          .filter((text) => /[✓✗–]/.test(text)),
      );
    await when(async () => (await results()).length >= 2).waitFor();
    const texts = await results();
    assert.equal(texts.filter((text) => text.includes('✓ as expected')).length, 1, texts.join(' | '));
    assert.equal(texts.filter((text) => text.includes('✗ expected')).length, 1, texts.join(' | '));
  });
  await test('a scenario runs on several kernels', async () => {
    await open('meter.mmapsim');
    await actUntil(() => lenses.filter({ hasText: 'Run on kernels' }).click(), quickRow('2.6.32'));
    await page.keyboard.press('Enter');
    await view.locator('table.matrix').waitFor();
  });
  await test('the Test Explorer runs the scenarios of the workspace', async () => {
    await command('Testing: Focus on Test Explorer View');
    const row = (name) => page.locator('.test-explorer .monaco-list-row', { hasText: name }).first();
    await row('meter.mmapsim').waitFor();
    await row('ring-buffer.mmapsim').waitFor();
    await actUntil(() => command('Test: Run All Tests'), row('meter.mmapsim').locator('.codicon-testing-unset-icon'), 'hidden');
    await row('meter.mmapsim').locator('.codicon-testing-failed-icon').waitFor();
    await row('ring-buffer.mmapsim').locator('.codicon-testing-passed-icon').waitFor();
  });
}
