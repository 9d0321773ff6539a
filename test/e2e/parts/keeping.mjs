/** What stays of a simulation: a reload of the window, a finding's own run, scenarios and traces as files. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { actUntil, when } from '../moves.mjs';

export async function keeping(workbench, test) {
  const { page, lenses, view, workspace, lineOf, tab, open, openHandler, command, goToLine, quickFix, nameFile, simulate, reset } =
    workbench;
  const slider = view.locator('.timeline input');
  const counter = (text) => view.locator('.timeline output').filter({ hasText: text });
  const glint = view.locator('h1', { hasText: 'glint_mmap' });
  const button = (text) => view.locator('button', { hasText: text });

  await test('the simulation and its step survive a reload of the window', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    await actUntil(() => slider.press('Home'), counter(/^1 \//));
    await slider.press('ArrowRight');
    await counter(/^2 \//).waitFor();
    const before = await view.locator('textarea').inputValue();
    // The command, as a user does it: it lets the editor keep its state first. On a machine with too much to do the editor's new process for
    // extensions is sometimes never told of any extension, its own included; it is loaded again, as a user would.
    const reload = () => Promise.all([page.waitForEvent('domcontentloaded'), command('Developer: Reload Window')]);
    await actUntil(reload, glint, 'visible', 90_000);
    await counter(/^2 \//).waitFor();
    assert.equal(await view.locator('textarea').inputValue(), before);
  });
  await test('a finding opens the run that shows it', async () => {
    await openHandler('framebuffer-card.c', 'glint_mmap');
    await lenses.filter({ hasText: 'finding' }).first().waitFor();
    await goToLine(lineOf('framebuffer-card.c', 'return vm_insert_page'));
    await quickFix('Simulate');
    await glint.waitFor();
    await view.locator('section[aria-label="Step"] [role=alert]').waitFor();
  });
  await test('the scenario is saved as a file', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    await button('Save the scenario').click();
    await nameFile('Save Scenario', '/framebuffer-card.glint_mmap.mmapsim');
    await tab('framebuffer-card.glint_mmap.mmapsim').waitFor();
    assert.ok(existsSync(path.join(workspace, 'framebuffer-card.glint_mmap.mmapsim')));
  });
  await test('the trace is saved, and opened again', async () => {
    const file = path.join(workspace, 'glint_mmap.trace.json');
    await simulate('framebuffer-card.c', 'glint_mmap');
    await button('Save the trace').click();
    await nameFile('Save Trace', '/glint_mmap.trace.json');
    await when(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('}\n')).waitFor();
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).handler.function, 'glint_mmap');
    await reset();
    await open('framebuffer-card.c');
    await command('driver-mmap: Open Simulation Trace');
    await nameFile('Open Trace', '/', file);
    await glint.waitFor();
    assert.equal(await view.locator('form[aria-label="Scenario bar"]').count(), 0);
  });
}
