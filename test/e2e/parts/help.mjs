/** Status and help: the language status, the kernel that is written for, settings that hold, the report, rule pages, walkthrough. */
import assert from 'node:assert/strict';

export async function help(workbench, test) {
  const { page, editor, squiggles, quickInput, quickRow, notification, open, command, tab } = workbench;
  const status = page.locator('.hover-language-status');
  await test('the status tells the Linux version and where it came from', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await page.locator('#status\\.languageStatus').hover();
    await status.filter({ hasText: /Linux 7\.1/ }).waitFor();
    await status.filter({ hasText: 'the newest version that is modelled' }).waitFor();
    await page.mouse.move(5, 5);
  });
  await test('another kernel takes effect at once', async () => {
    await command('driver-mmap: Pick Linux Version');
    await quickInput.fill('5.4');
    await quickRow('5.4').click();
    await command('driver-mmap: Show Active Configuration');
    await editor.locator('.view-line', { hasText: 'the setting driverMmap.kernelVersion' }).waitFor();
    await open('framebuffer-card.c');
    await command('driver-mmap: Pick Linux Version');
    await quickRow('auto').click();
  });
  await test('the troubleshooting report is copied', async () => {
    await command('driver-mmap: Copy Troubleshooting Report');
    await notification('The report is in the clipboard').waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(report, /language server is running/);
    assert.match(report, /driverMmap\.kernelVersion/);
  });
  await test('a stopped server is said, and started again', async () => {
    await command('driver-mmap: Stop Language Server');
    await command('driver-mmap: Simulate mmap Handler');
    await notification('is not running').locator('a', { hasText: 'Restart Server' }).click();
    await squiggles.first().waitFor({ state: 'attached' });
  });
  await test('a rule is explained', async () => {
    await command('driver-mmap: Explain Rule');
    await quickInput.fill('mixed-pfnmap-insert-page');
    await quickRow('mixed-pfnmap-insert-page').click();
    await tab('mixed-pfnmap-insert-page').waitFor();
  });
  await test('the walkthrough begins with an example driver', async () => {
    await command('driver-mmap: Open Walkthrough');
    await page.locator('.gettingStartedContainer', { hasText: 'Get started with driver-mmap' }).first().waitFor();
    await page
      .locator('.gettingStartedContainer .button-container a, .gettingStartedContainer .button-container button', {
        hasText: 'Open Example Driver',
      })
      .first()
      .click();
    await editor.locator('.view-line', { hasText: 'SPDX' }).waitFor();
    await workbench.lenses.filter({ hasText: 'Simulate' }).first().waitFor();
  });
}
