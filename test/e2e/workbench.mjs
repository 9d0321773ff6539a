/**
 * The workbench as the tests see it: the packaged extension in a real VS Code, a copy of the examples and of `drivers/` open in a headless
 * Chromium, and the places and moves that several tests need. Asserts nothing itself.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { playwright, startHost } from '../../scripts/editor-host.mjs';
import { root } from '../../scripts/project.mjs';

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

/** The Chromium of the system; `undefined` when there is none. */
export const chromium =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));

/** Opens the workbench with the VSIX installed; `close` ends all of it and removes what it wrote. */
export async function openWorkbench(vsix) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'driver-mmap-e2e-'));
  const workspace = path.join(folder, 'examples');
  for (const from of ['examples', 'test/e2e/drivers']) cpSync(path.join(root, from), workspace, { recursive: true });
  const settings = {
    'editor.hover.delay': 100,
    'workbench.colorTheme': 'Default Light Modern',
    'files.simpleDialog.enable': true,
    'testing.automaticallyOpenTestResults': 'neverOpen',
  };
  const host = await startHost({ vsix, workspace, settings });
  const browser = await playwright().chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath: chromium,
    headless: true,
    args: browserArguments,
    viewport: { width: 1500, height: 950 },
  });
  await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.address });
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(Number(process.env.E2E_TIMEOUT ?? 40_000));
  const close = async () => {
    await browser.close();
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { browser, page, host, workspace, close, ...places(page), ...moves(page) };
}

function places(page) {
  const editor = page.locator('.editor-instance .monaco-editor').first();
  return {
    editor,
    explorerRow: (name) => page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }),
    tab: (name) => page.locator('.tabs-container .tab', { hasText: name }),
    lenses: page.locator('.codelens-decoration a'),
    problemRow: (rule) => page.locator('.markers-panel .monaco-list-row', { hasText: rule }).first(),
    squiggles: editor.locator('.squiggly-error, .squiggly-warning'),
    cursorLine: editor.locator('.line-numbers.active-line-number'),
    view: page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
    quickInput: page.locator('.quick-input-widget input').first(),
    quickRow: (text) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first(),
    notification: (text) => page.locator('.notification-list-item', { hasText: text }).first(),
  };
}

function moves(page) {
  const input = page.locator('.quick-input-widget input').first();
  return {
    /** Runs a command of the palette by its title. */
    async command(title) {
      await page.keyboard.press('F1');
      await input.fill(`>${title}`);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
    },
    async goToLine(line) {
      await page.keyboard.press('Control+G');
      await input.fill(`:${line}`);
      await page.keyboard.press('Enter');
    },
    /** Opens a file of the workspace by its name, in the first column. */
    async open(name) {
      await page.keyboard.press('Control+1');
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
      await page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
    },
    async closeAll() {
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+W');
      await page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
    },
  };
}
