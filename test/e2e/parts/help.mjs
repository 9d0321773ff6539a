/** Status and help: the language status, the settings that hold, and the pages of rules. */
import assert from 'node:assert/strict';
import { actUntil, when } from '../moves.mjs';

export async function help(workbench, test) {
  const { page, squiggles, view, open, command, choose, tab, problemRow, pageShows } = workbench;
  const status = page.locator('.hover-language-status');
  await test('the status tells the Linux version and where it came from', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await actUntil(
      async () => {
        await page.mouse.move(5, 5);
        await page.locator('#status\\.languageStatus').hover();
      },
      status.filter({ hasText: /Linux 7\.1/ }),
    );
    await status.filter({ hasText: 'the newest version that is modelled' }).waitFor();
  });
  await test('the settings that hold are a page, which nobody is asked to save', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await command('driver-mmap: Show Active Configuration');
    await pageShows(view.locator('td', { hasText: 'driverMmap.kernelVersion' }));
    assert.equal(await page.locator('.tab.dirty').count(), 0);
  });
  await test('a rule is explained', async () => {
    await command('driver-mmap: Explain Rule');
    await choose('Explain Rule', 'mixed-pfnmap-insert-page');
    await tab('mixed-pfnmap-insert-page').waitFor();
  });
  await test('the rule of a row in the list of problems leads to its page', async () => {
    await open('framebuffer-card.c');
    await command('Problems: Focus on Problems View');
    const link = problemRow('mixed-pfnmap-insert-page').locator('a', { hasText: 'mixed-pfnmap-insert-page' });
    await actUntil(() => link.click(), tab('mixed-pfnmap-insert-page.md').first());
    await pageShows(view.locator('h1', { hasText: 'mixed-pfnmap-insert-page' }));
  });
  await test('the manual is a page that leads to its other pages', async () => {
    await command('driver-mmap: Open Manual');
    await pageShows(view.locator('h1', { hasText: 'driver-mmap' }));
    await when(() =>
      view
        .locator('img')
        .first()
        .evaluate((picture) => picture.naturalWidth > 100),
    ).waitFor();
    await actUntil(() => view.locator('a', { hasText: 'settings' }).first().click(), tab('configuration.md').first());
    await pageShows(view.locator('td', { hasText: 'driverMmap.kernelVersion' }));
  });
  await test('the page of the extension has no link that leads nowhere, and no picture that cannot be shown', async () => {
    await command('Extensions: Show Installed Extensions');
    const row = page.locator('.extensions-list .monaco-list-row', { hasText: 'driver-mmap' }).first();
    await actUntil(() => row.click(), page.locator('.extension-editor').first());
    await pageShows(view.locator('h2', { hasText: 'In VS Code' }));
    assert.equal(await view.locator('img, p a, li a').count(), 0);
  });
}
