/**
 * Another editor with the packaged language server, set up as docs/editors.md says: `node test/editors/run.mjs neovim|emacs`. The
 * configuration is cut out of that page, so what users copy is what is tested. Ends with the line `N passed` or `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const editors = {
  neovim: {
    program: 'nvim',
    code: 'lua',
    configuration: 'init.lua',
    args: (init) => ['--headless', '-n', '-i', 'NONE', '-u', init, '-c', `luafile ${path.join(here, 'neovim.lua')}`, 'framebuffer-card.c'],
  },
  emacs: {
    program: 'emacs',
    code: 'elisp',
    configuration: 'init.el',
    args: (init) => ['--batch', '--funcall', 'package-initialize', '--load', init, '--load', path.join(here, 'emacs.el')],
  },
};
/** Milliseconds for everything; the tests wait for conditions, and this ends an editor that hangs. */
const limit = 300_000;

const name = process.argv[2];
const editor = editors[name];
if (!editor) {
  console.error(`Name an editor: ${Object.keys(editors).join(' or ')}.`);
  process.exit(2);
}
if (spawnSync(editor.program, ['--version']).error) {
  console.error(`There is no ${editor.program}: install ${name}.`);
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), `driver-mmap-${name}-`));
try {
  process.exitCode = await drive(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the tests inside the editor, over a copy of the example driver; gives the exit code. */
async function drive(folder) {
  const bin = path.join(folder, 'bin');
  const work = path.join(folder, 'work');
  for (const each of [bin, work]) mkdirSync(each);
  copyFileSync(path.join(root, 'examples/framebuffer-card.c'), path.join(work, 'framebuffer-card.c'));
  const command = path.join(bin, 'driver-mmap');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, 'server/dist/cli.cjs')}' "$@"\n`);
  chmodSync(command, 0o755);
  const init = path.join(folder, editor.configuration);
  writeFileSync(init, configuration(editor.code));
  const child = spawn(editor.program, editor.args(init), {
    cwd: work,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_STATE_HOME: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  // The tests speak on standard output; what the editor itself has to say is shown when something went wrong.
  let [written, messages] = ['', ''];
  child.stdout.on('data', (chunk) => {
    written += chunk;
    process.stdout.write(chunk);
  });
  child.stderr.on('data', (chunk) => {
    messages += chunk;
  });
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  const count = (word) => written.match(new RegExp(`^${word}\\b`, 'gm'))?.length ?? 0;
  const [passed, failed] = [count('ok'), count('FAIL')];
  const complete = /^done\b/m.test(written);
  if (!complete) console.log(`FAIL ${name} ended before its tests did: ${signal ?? `exit code ${code}`}.`);
  const bad = failed + (complete ? 0 : 1);
  if (bad > 0) console.log(messages);
  console.log(bad === 0 ? `${name}: ${passed} passed` : `${name}: ${passed} passed, ${bad} failed`);
  return bad === 0 && passed > 0 ? 0 : 1;
}

/** The blocks of docs/editors.md in one language. */
function configuration(code) {
  const page = readFileSync(path.join(root, 'docs/editors.md'), 'utf8');
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${code}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text);
  if (blocks.length === 0) throw new Error(`docs/editors.md has no block of ${code}.`);
  return blocks.join('\n');
}
