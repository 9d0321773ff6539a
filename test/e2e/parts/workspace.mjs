/** All files of the workspace at once: the check with its progress, and the findings of files that are not open. */
import assert from 'node:assert/strict';

export async function workspaceCheck(workbench, test) {
  const { page, problemRow, notification, command } = workbench;
  await test('the workspace is checked with progress, and findings of closed files are listed', async () => {
    // It may last no longer than a blink.
    await page.evaluate(() => {
      const observer = new MutationObserver(() => {
        const told = [...document.querySelectorAll('.notification-list-item')];
        window.sawProgress = told.some(({ textContent }) => textContent.includes('Checking mapping handlers'));
        if (window.sawProgress) observer.disconnect();
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await command('driver-mmap: Check Workspace');
    await notification(/\d+ findings in \d+ files; \d+ files checked/).waitFor();
    assert.ok(await page.evaluate(() => window.sawProgress));
    await command('Problems: Focus on Problems View');
    for (const rule of ['mixed-pfnmap-insert-page', 'insert-pfn-cow']) await problemRow(rule).waitFor();
  });
}
