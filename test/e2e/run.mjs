/**
 * The extension in a real VS Code, as a user meets it: `node test/e2e/run.mjs FILE.vsix [--shots FOLDER] [--only PART,…] [--times N]`.
 * The editor host must be installed (`npm run test:e2e`). The parts share one workbench and run in this order; each test begins with closed
 * editors, so that none needs another to have passed. Ends with the line `N passed, N failed`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { activationTime } from './activation.mjs';
import { accessibility } from './parts/accessibility.mjs';
import { basics } from './parts/basics.mjs';
import { changing } from './parts/changing.mjs';
import { help } from './parts/help.mjs';
import { keeping } from './parts/keeping.mjs';
import { reading } from './parts/reading.mjs';
import { scenarios } from './parts/scenarios.mjs';
import { simulation } from './parts/simulation.mjs';
import { workspaceCheck } from './parts/workspace.mjs';
import { chromium, openWorkbench } from './workbench.mjs';

const parts = { basics, reading, simulation, keeping, scenarios, changing, workspace: workspaceCheck, help, accessibility };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shots: { type: 'string' }, only: { type: 'string' }, times: { type: 'string', default: '1' } },
});
const [vsix] = positionals;
const chosen = values.only?.split(',') ?? Object.keys(parts);
const unknown = chosen.find((name) => !parts[name]);
if (!vsix || !chromium || unknown) {
  const wrong = !vsix ? 'Name the VSIX.' : unknown ? `There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.` : undefined;
  console.error(wrong ?? 'There is no Chromium: install it, or name it in CHROMIUM.');
  process.exit(2);
}
const shots = values.shots && path.resolve(values.shots);
if (shots) mkdirSync(shots, { recursive: true });

const results = { passed: 0, failed: 0 };
for (let time = 1; time <= Number(values.times); time++) {
  const workbench = await openWorkbench(vsix);
  const { page } = workbench;
  let isFresh = true;
  const load = async () => {
    await page.goto(workbench.host.url, { waitUntil: 'domcontentloaded' });
    await page.locator('.part.statusbar').waitFor({ timeout: 90_000 });
    await workbench.reset();
  };
  /** Runs one test; those after a failed one run too, because each says more about what is broken. */
  const test = async (name, body) => {
    try {
      // A test that failed may have left a workbench that takes no command; a fresh page does.
      workbench.set({});
      await (isFresh ? workbench.reset().catch(load) : load());
      isFresh = true;
      await body();
      results.passed++;
      console.log(`ok   ${name}`);
    } catch (error) {
      results.failed++;
      console.log(`FAIL ${name}\n     ${error.message.split('\n').slice(0, 8).join('\n     ')}`);
      isFresh = false;
    }
    const number = String(results.passed + results.failed).padStart(2, '0');
    if (shots) await page.screenshot({ path: path.join(shots, `${number}-${name.replaceAll(/\W+/g, '-')}.png`) });
  };
  try {
    await load();
    console.log(await activationTime(workbench));
    for (const name of chosen) await parts[name](workbench, test);
  } finally {
    await workbench.close();
  }
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
