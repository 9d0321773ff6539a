/** What helps to read drivers: the tree of mapping handlers, and the branches that are not compiled. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { actUntil, when } from '../moves.mjs';

/** A driver that nobody opens, with a handler for old kernels. */
const chime = `#include <linux/fs.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static int chime_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}
static const struct file_operations chime_fops = { .mmap = chime_mmap };
#endif
`;

export async function reading(workbench, test) {
  const {
    page,
    workspace,
    editor,
    view,
    cursorLine,
    lineOf,
    set,
    open,
    openHandler,
    goToLine,
    hover,
    quickFix,
    tab,
    command,
    choose,
    pageShows,
  } = workbench;

  await test('branches that the Linux version does not compile are pale, and follow it', async () => {
    const opacityOf = (text) =>
      editor.locator('.view-line', { hasText: text }).evaluate((line) => {
        const [span] = [...line.querySelectorAll('span')].filter((each) => each.childElementCount === 0 && each.textContent.trim() !== '');
        return span && getComputedStyle(span).opacity;
      });
    const isPale = (pale, plain) => when(async () => Number(await opacityOf(pale)) < 1 && Number(await opacityOf(plain)) === 1).waitFor();
    await open('gauge.c');
    await isPale('vm_flags |=', 'vm_flags_set');
    await command('driver-mmap: Pick Linux Version');
    await choose('Linux Version of the Driver', '6.1');
    await isPale('vm_flags_set', 'vm_flags |=');
    await command('driver-mmap: Pick Linux Version');
    await choose('Linux Version of the Driver', 'auto');
    await isPale('vm_flags |=', 'vm_flags_set');
  });

  await test('a hover leads to all that is known of a call', async () => {
    await open('gauge.c');
    await goToLine(lineOf('gauge.c', 'return io_remap'));
    const name = editor.locator('.view-line span', { hasText: /^io_remap_pfn_range$/ }).last();
    const shown = await hover(name, 'io_remap_pfn_range');
    await actUntil(
      () =>
        shown
          .locator('a', { hasText: 'More' })
          .click({ timeout: 3000 })
          .catch(() => hover(name, 'io_remap_pfn_range')),
      tab('io_remap_pfn_range.md').first(),
    );
    await pageShows(view.locator('h1', { hasText: 'io_remap_pfn_range' }));
  });

  const goToFinding = async () => {
    await open('framebuffer-card.c');
    await goToLine(lineOf('framebuffer-card.c', 'return vm_insert_page'));
    await page.keyboard.press('Home');
    for (let word = 0; word < 2; word++) await page.keyboard.press('Control+ArrowRight');
  };
  await test('the places of a finding are listed in the text', async () => {
    await goToFinding();
    await quickFix('Show the places of mixed-pfnmap-insert-page');
    const peek = page.locator('.peekview-widget');
    await peek.locator('.monaco-list-row', { hasText: 'io_remap_pfn_range' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  await test('a report about a finding that seems wrong is in the clipboard', async () => {
    await goToFinding();
    await quickFix('Copy a report: mixed-pfnmap-insert-page is wrong here');
    await page.locator('.notification-list-item', { hasText: 'The report is in the clipboard.' }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\treturn vm_insert_page\(/);
    await page.locator('.notification-list-item a', { hasText: 'Look at It' }).click();
    await pageShows(view.locator('code', { hasText: 'return vm_insert_page(' }));
    assert.equal(await page.locator('.tab.dirty').count(), 0);
  });

  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Mapping Handlers' }) });
  const header = pane.locator('.pane-header');
  const row = (text) => pane.locator('.monaco-list-row', { hasText: text }).first();
  const toggle = (state) =>
    actUntil(() => header.click(), page.locator(`.pane-header[aria-expanded="${state}"]`, { hasText: 'Mapping Handlers' }));
  await test('the tree of handlers follows the open files, leads to the code, and simulates', async () => {
    await open('gauge.c');
    await toggle(true);
    await row('gauge_mmap').waitFor();
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await row('glint_mmap')
      .filter({ hasText: /\d findings?/ })
      .waitFor();
    await open('gauge.c');
    await goToLine(1);
    const line = lineOf('gauge.c', 'gauge_mmap(');
    await actUntil(() => row('gauge_mmap').click(), cursorLine.filter({ hasText: new RegExp(`^${line}$`) }));
    // It follows what is typed.
    await goToLine(lineOf('gauge.c', 'const struct file_operations'));
    await page.keyboard.insertText('const struct vm_operations_struct gauge_vm_ops = { .fault = gauge_fault };\n');
    await row('gauge_fault').waitFor();
    await command('driver-mmap: Find Mapping Handlers in Workspace');
    // A file that nobody has opened; of a list that is longer than its room only the first rows can be seen.
    await row('bell_mmap').waitFor();
    await actUntil(
      async () => {
        await row('bell_mmap').hover();
        await row('bell_mmap')
          .locator('.action-label[aria-label^="Simulate"]')
          .click({ timeout: 2000 })
          .catch(() => {});
      },
      view.locator('h1', { hasText: 'bell_mmap' }),
      'visible',
      25_000,
    );
    await toggle(false);
  });

  await test('what a search has found follows the Linux version', async () => {
    const file = path.join(workspace, 'chime.c');
    writeFileSync(file, chime);
    await open('gauge.c');
    await toggle(true);
    await command('driver-mmap: Find Mapping Handlers in Workspace');
    await row('bell_mmap').waitFor();
    assert.equal(await row('chime_mmap').count(), 0);
    set({ 'driverMmap.kernelVersion': '6.1' });
    await row('chime_mmap').waitFor();
    rmSync(file);
    await toggle(false);
  });
}
