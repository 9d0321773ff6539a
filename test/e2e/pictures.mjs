/**
 * Pictures of every surface for the documentation: `node test/e2e/pictures.mjs FILE.vsix [FOLDER]` drives the editor as the tests do and
 * writes to `docs/images`. Run by `npm run images`. Asserts nothing but the size of what it writes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/project.mjs';
import { actUntil } from './moves.mjs';
import { openWorkbench } from './workbench.mjs';

const [vsix, folder = path.join(root, 'docs/images')] = process.argv.slice(2);
const largest = 150_000;
const largestOfAll = 1_500_000;
const size = { width: 1200, height: 760 };
mkdirSync(folder, { recursive: true });
const workbench = await openWorkbench(vsix);
const { page, view, editor, lenses, problemRow, quickInput, quickRow, notification, lineOf, set } = workbench;
const { command, choose, focusEditor, goToLine, open, openHandler, hover, simulate, simulateBy, reset } = workbench;
const section = (name) => view.locator(`section[aria-label="${name}"]`);
const glint = () => shown('framebuffer-card.c', 'glint_mmap');

/** A simulation with the room of the side bar. */
async function shown(file, handler) {
  await simulate(file, handler);
  await command('View: Toggle Primary Side Bar Visibility');
  await page.locator('.part.sidebar').waitFor({ state: 'hidden' });
}

/** Each picture begins with closed editors; it may give the part of the window that is worth showing. */
const pictures = {
  async finding() {
    await open('framebuffer-card.c');
    await command('Problems: Focus on Problems View');
    await problemRow('mixed-pfnmap-insert-page').waitFor();
    await goToLine(lineOf('framebuffer-card.c', 'return vm_insert_page'));
  },
  async hover() {
    await open('framebuffer-card.c');
    await goToLine(lineOf('framebuffer-card.c', 'err = io_remap_pfn_range'));
    await hover(editor.locator('.view-line span', { hasText: /^io_remap_pfn_range$/ }).first(), 'io_remap_pfn_range');
  },
  async 'quick-fix'() {
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await lenses.filter({ hasText: 'finding' }).first().waitFor();
    await goToLine(lineOf('framebuffer-card.c', 'return vm_insert_page'));
    await focusEditor();
    await actUntil(() => page.keyboard.press('Control+.'), workbench.action('Simulate'));
  },
  simulation: glint,
  async 'simulation-dark'() {
    set({ 'workbench.colorTheme': 'Default Dark Modern' });
    await glint();
    await view.locator('body[data-vscode-theme-kind="vscode-dark"]').waitFor();
  },
  async 'simulation-high-contrast'() {
    set({ 'workbench.colorTheme': 'Default High Contrast' });
    await glint();
    await view.locator('body[data-vscode-theme-kind="vscode-high-contrast"]').waitFor();
  },
  async 'simulation-high-contrast-light'() {
    set({ 'workbench.colorTheme': 'Default High Contrast Light' });
    await glint();
    await view.locator('body[data-vscode-theme-kind="vscode-high-contrast-light"]').waitFor();
  },
  async memory() {
    await shown('meter.c', 'meter_mmap');
    await view.locator('.log button', { hasText: 'mmap(2) returns' }).first().click();
    await view.locator('.lanes').evaluate((lanes) => lanes.scrollIntoView());
  },
  async assumptions() {
    await shown('meter.c', 'meter_mmap');
    await section('Assumptions').evaluate((part) => part.scrollIntoView());
  },
  async matrix() {
    await glint();
    await section('Other kernels').locator('input').fill('2.4, 2.6.32, 5.4, 6.12, 7.1');
    await section('Other kernels').locator('button[type=submit]').click();
    await view.locator('table.matrix').waitFor();
    await section('Other kernels').evaluate((part) => part.scrollIntoView());
  },
  async adversary() {
    await glint();
    await section('Adversary').locator('button').first().click();
    await view.locator('.attacks li').first().waitFor();
    await section('Adversary').evaluate((part) => part.scrollIntoView());
  },
  async scenario() {
    await open('meter.mmapsim');
    await simulateBy(lenses.filter({ hasText: /^▶ Run$/ }), view.locator('header', { hasText: 'Expectation failed' }));
  },
  async 'test-explorer'() {
    await open('meter.mmapsim');
    await command('Testing: Focus on Test Explorer View');
    const row = page.locator('.test-explorer .monaco-list-row', { hasText: 'meter.mmapsim' }).first();
    await row.waitFor();
    await actUntil(() => command('Test: Run All Tests'), row.locator('.codicon-testing-unset-icon'), 'hidden');
    await row.locator('.codicon-testing-failed-icon').waitFor();
  },
  async 'workspace-check'() {
    await command('driver-mmap: Check Workspace');
    await notification('files checked').waitFor();
    await command('Problems: Focus on Problems View');
  },
  async status() {
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await lenses.filter({ hasText: 'finding' }).first().waitFor();
    await actUntil(async () => {
      await page.mouse.move(5, 5);
      await page.locator('#status\\.languageStatus').hover();
    }, page.locator('.hover-language-status').filter({ hasText: 'Linux' }).first());
  },
  async 'kernel-choice'() {
    await open('framebuffer-card.c');
    await command('driver-mmap: Pick Linux Version');
    await quickRow('auto').waitFor();
  },
  async rule() {
    await command('driver-mmap: Explain Rule');
    await choose('Explain Rule', 'mixed-pfnmap-insert-page');
    await view.locator('h1').first().waitFor();
  },
  async name() {
    await open('framebuffer-card.c');
    await command('driver-mmap: Explain Call, Flag or Slot');
    await page.locator('.quick-input-title', { hasText: 'Explain a Call' }).waitFor();
    await quickInput.fill('remap_pfn_range');
    await page.keyboard.press('Enter');
    await view.locator('h1').first().waitFor();
  },
  async walkthrough() {
    await command('driver-mmap: Open Walkthrough');
    await page.locator('.gettingStartedContainer', { hasText: 'Get started with driver-mmap' }).first().waitFor();
  },
  /** The last, because it takes the room of the files. */
  async handlers() {
    await open('framebuffer-card.c');
    await open('gauge.c');
    const pane = (name) => page.locator('.pane', { has: page.locator('.pane-header', { hasText: name }) }).first();
    await pane('Mapping Handlers').locator('.pane-header').click();
    await pane('examples').locator('.pane-header').click();
    const row = pane('Mapping Handlers').locator('.monaco-list-row', { hasText: 'glint_mmap' }).first();
    await row.filter({ hasText: 'finding' }).waitFor();
    await row.locator('.monaco-tl-twistie').click();
    await pane('Mapping Handlers').locator('.monaco-list-row', { hasText: 'gauge_mmap' }).first().click();
  },
};

/** Writes what the page shows, or a part of it. */
async function keep(sheet, name, part = { x: 0, y: 0, ...size }) {
  const session = await workbench.browser.newCDPSession(sheet);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 85, clip: { ...part, scale: 1 } });
  writeFileSync(path.join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
  await session.detach();
}

/** The command line as a terminal shows it. */
async function terminal(name, words) {
  const run = spawnSync(process.execPath, [path.join(root, 'server/dist/cli.cjs'), ...words], { cwd: root, encoding: 'utf8' });
  const sheet = await workbench.browser.newPage();
  await sheet.setViewportSize(size);
  await sheet.setContent(
    '<body style="margin:0"><pre style="box-sizing:border-box;width:1100px;margin:0;padding:16px;white-space:pre-wrap;background:#1f1f1f;color:#cccccc;font:13px/1.45 monospace"></pre>',
  );
  const text = `$ driver-mmap ${words.join(' ')}\n${run.stdout}`.split('\n').slice(0, 40).join('\n');
  await sheet.locator('pre').evaluate((pre, text) => {
    pre.textContent = text;
  }, text);
  await keep(sheet, name, (await sheet.locator('pre').boundingBox()) ?? undefined);
  await sheet.close();
}

try {
  await page.setViewportSize(size);
  await page.goto(workbench.host.url, { waitUntil: 'domcontentloaded' });
  await page.locator('.part.statusbar').waitFor({ timeout: 90_000 });
  const chosen = process.env.PICTURES?.split(',') ?? Object.keys(pictures);
  for (const name of chosen) {
    set({ 'workbench.colorTheme': 'Default Light Modern' });
    await reset();
    await command('View: Show Explorer');
    await pictures[name]();
    // What the editor still shifts or fades in is not worth a condition each.
    await page.waitForTimeout(1500);
    await keep(page, name);
    console.log(name);
  }
  await terminal('command-line', ['check', 'examples/framebuffer-card.c']);
} finally {
  await workbench.close();
}
const sizes = readdirSync(folder).map((file) => [file, statSync(path.join(folder, file)).size]);
const tooLarge = sizes.filter(([, bytes]) => bytes > largest);
const sum = sizes.reduce((total, [, bytes]) => total + bytes, 0);
console.log(`${sizes.length} pictures, ${sum} bytes`);
for (const [file, bytes] of tooLarge) console.error(`${file} has ${bytes} bytes; the limit is ${largest}.`);
process.exit(tooLarge.length > 0 || sum > largestOfAll ? 1 : 0);
