/**
 * The extension in a real VS Code, as a user meets it: installed from the VSIX, a driver opened, its finding, lens, hover and
 * simulation seen. `node test/e2e/smoke.mjs FILE.vsix [--shots FOLDER]`; the editor host must be installed (npm run test:e2e).
 * Ends with the line `N passed, N failed`.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { playwright, startHost } from '../../scripts/editor-host.mjs';
import { root } from '../../scripts/project.mjs';
import { recordView } from '../../scripts/view.mjs';

const [vsix, ...options] = process.argv.slice(2);
const shots = options[0] === '--shots' ? path.resolve(options[1]) : undefined;
const chromium =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
if (!vsix || !chromium) {
  console.error(vsix ? 'There is no Chromium: install it, or name it in CHROMIUM.' : 'Name the VSIX.');
  process.exit(2);
}
if (shots) mkdirSync(shots, { recursive: true });

/** Nothing but 127.0.0.1 is reached, and nothing is stored outside the throw-away profile. */
const browserArguments = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-dev-shm-usage',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--no-sandbox',
];

const results = { passed: 0, failed: 0 };
const folder = mkdtempSync(path.join(os.tmpdir(), 'driver-mmap-e2e-'));
const workspace = path.join(folder, 'examples');
cpSync(path.join(root, 'examples'), workspace, { recursive: true });

const host = await startHost({ vsix, workspace, settings: { 'editor.hover.delay': 100, 'workbench.colorTheme': 'Default Light Modern' } });
const browser = await playwright().chromium.launchPersistentContext(path.join(folder, 'profile'), {
  executablePath: chromium,
  headless: true,
  args: browserArguments,
  viewport: { width: 1500, height: 950 },
});
const page = browser.pages()[0] ?? (await browser.newPage());
page.setDefaultTimeout(40_000);

/** Runs one test; those after a failed one run too, because each says more about what is broken. */
async function test(name, body) {
  try {
    await body();
    results.passed++;
    console.log(`ok   ${name}`);
  } catch (error) {
    results.failed++;
    console.log(`FAIL ${name}\n     ${error.message.split('\n').slice(0, 6).join('\n     ')}`);
  }
  if (shots) await page.screenshot({ path: path.join(shots, `${results.passed + results.failed}-${name.replaceAll(/\W+/g, '-')}.png`) });
}

const explorerRow = (name) => page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
const editor = page.locator('.editor-instance .monaco-editor').first();
const lenses = page.locator('.codelens-decoration a');
const problemRow = page.locator('.markers-panel .monaco-list-row', { hasText: 'mixed-pfnmap-insert-page' }).first();
const squiggles = editor.locator('.squiggly-error, .squiggly-warning');
const cursorLine = editor.locator('.line-numbers.active-line-number');
const view = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** Runs a command of the palette by its title. */
async function command(title) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

async function goToLine(line) {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input').fill(`:${line}`);
  await page.keyboard.press('Enter');
}

try {
  await test('the workbench shows the examples', async () => {
    await page.goto(host.url, { waitUntil: 'domcontentloaded' });
    await explorerRow('framebuffer-card.c').waitFor({ timeout: 90_000 });
  });
  await test('a driver with mistakes gets findings', async () => {
    await explorerRow('framebuffer-card.c').dblclick();
    await editor.locator('.view-line', { hasText: 'SPDX' }).waitFor();
    await squiggles.first().waitFor({ state: 'attached' });
  });
  await test('each handler has a lens', async () => {
    await lenses.filter({ hasText: 'Simulate' }).first().waitFor();
  });
  await test('the Problems panel names the rules', async () => {
    await page.keyboard.press('Control+Shift+M');
    await problemRow.waitFor();
  });
  await test('a hover explains a mapping call', async () => {
    await problemRow.dblclick();
    await editor
      .locator('.view-line span', { hasText: /^vm_insert_page$/ })
      .last()
      .hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'vm_insert_page' }).first();
    await hover.waitFor();
    assert.ok((await hover.innerText()).length > 80);
  });
  await test('the lens opens the simulation', async () => {
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+J');
    await lenses.first().click();
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    assert.match(await view.locator('header [role=status]').innerText(), /\w+\. \w+/);
  });
  await test('the keys walk through the steps', async () => {
    await view.locator('.timeline input').focus();
    await page.keyboard.press('Home');
    assert.match(await view.locator('.timeline output').innerText(), /^1 \//);
    await page.keyboard.press('ArrowRight');
    assert.match(await view.locator('.timeline output').innerText(), /^2 \//);
  });
  await test('a step leads to its line', async () => {
    await view.locator('header .link').first().click();
    const link = view.locator('.step .link').first();
    const [, line] = /framebuffer-card\.c:(\d+)/.exec(await link.innerText()) ?? [];
    await link.click();
    await cursorLine.filter({ hasText: new RegExp(`^${line}$`) }).waitFor();
  });
  await test('a driver without mistakes has no finding', async () => {
    await page.keyboard.press('Control+1');
    await explorerRow('ring-buffer.c').dblclick();
    await editor.locator('.view-line', { hasText: 'SPDX' }).waitFor();
    await goToLine(
      readFileSync(path.join(workspace, 'ring-buffer.c'), 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('ring_mmap(')) + 1,
    );
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
    await explorerRow('framebuffer-card.c').dblclick();
    await command('driver-mmap: Restart Language Server');
    await squiggles.first().waitFor({ state: 'attached' });
  });
} finally {
  await browser.close();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
