/** Status and help: the language status, and the pages of rules. */

export async function help(workbench, test) {
  const { page, squiggles, quickInput, quickRow, open, command, tab } = workbench;
  const status = page.locator('.hover-language-status');
  await test('the status tells the Linux version and where it came from', async () => {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await page.locator('#status\\.languageStatus').hover();
    await status.filter({ hasText: /Linux 7\.1/ }).waitFor();
    await status.filter({ hasText: 'the newest version that is modelled' }).waitFor();
    await page.mouse.move(5, 5);
  });
  await test('a rule is explained', async () => {
    await command('driver-mmap: Explain Rule');
    await quickInput.fill('mixed-pfnmap-insert-page');
    await quickRow('mixed-pfnmap-insert-page').click();
    await tab('mixed-pfnmap-insert-page').waitFor();
  });
}
