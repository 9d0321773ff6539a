/** What a user meets first: findings, lenses, hovers, the page in a plain browser, a restart. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { recordView } from '../../../scripts/view.mjs';

export async function basics(workbench, test) {
  const { browser, page, editor, lenses, problemRow, squiggles, workspace, open, command, goToLine } = workbench;
  const mixed = problemRow('mixed-pfnmap-insert-page');
  await test('a driver with mistakes gets findings', async () => {
    await open('framebuffer-card.c');
    await editor.locator('.view-line', { hasText: 'SPDX' }).waitFor();
    await squiggles.first().waitFor({ state: 'attached' });
  });
  await test('each handler has a lens', async () => {
    await lenses.filter({ hasText: 'Simulate' }).first().waitFor();
  });
  await test('the Problems panel names the rules', async () => {
    await page.keyboard.press('Control+Shift+M');
    await mixed.waitFor();
  });
  await test('a hover explains a mapping call', async () => {
    await mixed.dblclick();
    await editor
      .locator('.view-line span', { hasText: /^vm_insert_page$/ })
      .last()
      .hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'vm_insert_page' }).first();
    await hover.waitFor();
    assert.ok((await hover.innerText()).length > 80);
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+J');
  });
  await test('a driver without mistakes has no finding', async () => {
    await open('ring-buffer.c');
    await editor.locator('.view-line', { hasText: 'SPDX' }).waitFor();
    const lines = readFileSync(path.join(workspace, 'ring-buffer.c'), 'utf8').split('\n');
    await goToLine(lines.findIndex((line) => line.includes('ring_mmap(')) + 1);
    await editor.locator('.codelens-decoration a:visible').first().waitFor();
    assert.equal(await squiggles.count(), 0);
  });
  await test('the page shows a recorded trace without an editor', async () => {
    const plain = await browser.newPage();
    await plain.goto(recordView());
    await plain.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    await plain.keyboard.press('End');
    assert.match(await plain.locator('.timeline output').innerText(), /^(\d+) \/ \1$/);
    await plain.close();
  });
  await test('a restart brings the findings back', async () => {
    await open('framebuffer-card.c');
    await command('driver-mmap: Restart Language Server');
    await squiggles.first().waitFor({ state: 'attached' });
  });
}
