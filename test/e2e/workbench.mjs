/**
 * The workbench as the tests see it: the packaged extension in a real VS Code, a copy of the examples and of `drivers/` open in a headless
 * Chromium, and the places that several tests look at. Asserts nothing itself.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { playwright, startHost } from '../../scripts/editor-host.mjs';
import { root } from '../../scripts/project.mjs';
import { moves } from './moves.mjs';

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
  // Without the many scenarios of old kernels: a list that scrolls hides its rows from a test.
  const isOfToday = (file) => !file.endsWith('/history');
  for (const from of ['examples', 'test/e2e/drivers']) cpSync(path.join(root, from), workspace, { recursive: true, filter: isOfToday });
  const settings = {
    'editor.hover.delay': 100,
    'workbench.colorTheme': 'Default Light Modern',
    'files.autoSave': 'afterDelay',
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
  /** The line of the first place with `text`, from 1. */
  const lineOf = (file, text) => {
    const lines = readFileSync(path.join(workspace, file), 'utf8').split('\n');
    return lines.findIndex((line) => line.includes(text)) + 1;
  };
  /** The settings of the workspace, in place of all that were set before. They take effect at once. */
  const set = (settings) => {
    mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
    writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
  };
  const where = places(page);
  const servers = () => processesOf(path.join(host.state, 'extensions'), 'dist/server.cjs');
  return { browser, page, host, workspace, close, set, lineOf, servers, ...where, ...moves(page, where, lineOf) };
}

/** The numbers of the processes that run `program` from below `folder`. */
function processesOf(folder, program) {
  const commandOf = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      // It has ended meanwhile.
      return [];
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandOf(pid).some((word) => word.startsWith(folder) && word.endsWith(program))).map(Number);
}

function places(page) {
  const editor = page.locator('.editor-instance .monaco-editor').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');
  return {
    editor,
    explorerRow: (name) => page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first(),
    tab: (name) => page.locator('.tabs-container .tab', { hasText: name }),
    lenses: page.locator('.codelens-decoration a:visible'),
    problemRow: (rule) => page.locator('.markers-panel .monaco-list-row', { hasText: rule }).first(),
    squiggles: editor.locator('.squiggly-error, .squiggly-warning'),
    cursorLine: editor.locator('.line-numbers.active-line-number'),
    /** The page of the extension; of several the newest. */
    view: page.locator('iframe.webview.ready').last().contentFrame().locator('iframe#active-frame').contentFrame(),
    quickInput: page.locator('.quick-input-widget input').first(),
    quickRow: (text) => rows.filter({ hasText: text }).first(),
    /** The row that Enter chooses. */
    focusedRow: (text) => rows.and(page.locator('.focused')).filter({ hasText: text }).first(),
    /** A row of the menu of quick fixes. */
    action: (text = '') => page.locator('.action-widget .monaco-list-row', { hasText: text }).first(),
    notification: (text) => page.locator('.notification-list-item', { hasText: text }).first(),
  };
}
