/** What a user meets first: findings, lenses, hovers, the page in a plain browser, a restart. */
import assert from 'node:assert/strict';
import { recordView } from '../../../scripts/view.mjs';
import { actUntil, when } from '../moves.mjs';

export async function basics(workbench, test) {
  const { browser, page, editor, problemRow, squiggles, cursorLine, lineOf, servers, open, openHandler, command, goToLine, hover } =
    workbench;
  await test('a driver with mistakes gets findings, and its handler a lens', async () => {
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await squiggles.first().waitFor({ state: 'attached' });
  });
  await test('the Problems panel names the rules, and leads to the place', async () => {
    await open('framebuffer-card.c');
    await command('Problems: Focus on Problems View');
    const line = lineOf('framebuffer-card.c', 'return vm_insert_page');
    const there = cursorLine.filter({ hasText: new RegExp(`^${line}$`) });
    await actUntil(() => problemRow('mixed-pfnmap-insert-page').dblclick(), there);
  });
  await test('a hover explains a mapping call', async () => {
    await open('framebuffer-card.c');
    await goToLine(lineOf('framebuffer-card.c', 'return vm_insert_page'));
    const name = editor.locator('.view-line span', { hasText: /^vm_insert_page$/ }).last();
    assert.ok((await (await hover(name, 'vm_insert_page')).innerText()).length > 80);
  });
  await test('a driver without mistakes has no finding', async () => {
    await openHandler('ring-buffer.c', 'ring_mmap');
    assert.equal(await squiggles.count(), 0);
  });
  await test('the page shows a recorded trace without an editor', async () => {
    const plain = await browser.newPage();
    await plain.goto(recordView());
    await plain.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    await plain.keyboard.press('End');
    await plain
      .locator('.timeline output')
      .filter({ hasText: /^(\d+) \/ \1$/ })
      .waitFor();
    await plain.close();
  });
  await test('a stopped server takes its findings along, and a restart brings them back', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await command('driver-mmap: Stop Language Server');
    await squiggles.first().waitFor({ state: 'detached' });
    await command('driver-mmap: Restart Language Server');
    await squiggles.first().waitFor({ state: 'attached' });
  });
  await test('a server that is killed comes back by itself, and nobody is asked', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    const [killed, ...others] = servers();
    assert.deepEqual(others, []);
    process.kill(killed, 'SIGKILL');
    await when(() => servers().some((pid) => pid !== killed)).waitFor();
    await squiggles.first().waitFor({ state: 'attached' });
    await openHandler('latch.c', 'latch_mmap');
    await squiggles.first().waitFor({ state: 'attached' });
    assert.equal(servers().length, 1);
    assert.equal(await page.locator('.notification-list-item').count(), 0);
  });
}
