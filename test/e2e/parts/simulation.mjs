/** The simulation page beside the code: steps, source lines, assumptions, other kernels, the adversary, a witness, a reload. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export async function simulation(workbench, test) {
  const { page, editor, lenses, view, cursorLine, workspace, tab, quickInput, problemRow, open, command, goToLine } = workbench;
  const counter = view.locator('.timeline output');
  const verdict = view.locator('header [role=status]');
  const section = (name) => view.locator(`section[aria-label="${name}"]`);
  const lineOf = (file, text) =>
    readFileSync(path.join(workspace, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1;

  await test('the lens opens the simulation, the verdict first', async () => {
    await open('framebuffer-card.c');
    await lenses.filter({ hasText: 'Simulate' }).first().click();
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    assert.match(await verdict.innerText(), /Problem\..*vm_insert_page/s);
  });
  await test('the keys walk through the steps', async () => {
    await view.locator('.timeline input').focus();
    await page.keyboard.press('Home');
    await counter.filter({ hasText: /^1 \// }).waitFor();
    await page.keyboard.press('ArrowRight');
    await counter.filter({ hasText: /^2 \// }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await counter.filter({ hasText: /^1 \// }).waitFor();
    await page.keyboard.press('f');
    await section('Step').locator('[role=alert]').waitFor();
    await page.keyboard.press('End');
    await counter.filter({ hasText: /^(\d+) \/ \1$/ }).waitFor();
  });
  await test('a step marks its line, and leads to it', async () => {
    await view.locator('header .link').first().click();
    const marked = editor.locator('.view-overlays [class*="ced-"]');
    await marked.first().waitFor({ state: 'attached' });
    const link = section('Step').locator('.link').first();
    const [, line] = /framebuffer-card\.c:(\d+)/.exec(await link.innerText()) ?? [];
    await link.click();
    await cursorLine.filter({ hasText: new RegExp(`^${line}$`) }).waitFor();
  });
  await test('another assumption gives another verdict', async () => {
    await open('meter.c');
    await goToLine(lineOf('meter.c', 'meter_mmap('));
    await command('driver-mmap: Simulate mmap Handler');
    await view.locator('h1', { hasText: 'meter_mmap' }).waitFor();
    assert.match(await verdict.innerText(), /succeeds/);
    const value = section('Assumptions').locator('input[aria-label="Value of meter->bytes"]');
    await value.fill('1p');
    await value.press('Enter');
    await verdict.filter({ hasText: /refused with EINVAL|expectation|failed/i }).waitFor();
    assert.match(await view.locator('textarea').inputValue(), /assume meter->bytes = 1p/);
  });
  await test('the scenario bar changes the mapping', async () => {
    const bar = view.locator('form[aria-label="Scenario bar"]');
    await section('Assumptions').locator('button', { hasText: 'reset' }).click();
    await section('Assumptions').locator('button', { hasText: 'reset' }).waitFor({ state: 'detached' });
    await bar.getByLabel('Length').fill('2p');
    await bar.getByLabel('Length').press('Tab');
    await bar.locator('button', { hasText: 'Run' }).first().click();
    await section('Address space')
      .locator('td', { hasText: '8 KiB (0x2000)' })
      .or(view.locator('header', { hasText: '8 KiB' }))
      .or(view.locator('.log td', { hasText: 'len 2p' }))
      .first()
      .waitFor();
    await bar.getByLabel('Next').selectOption({ label: 'Unplug the device' });
    await bar.locator('button', { hasText: 'Add and run' }).click();
    await view.locator('.log td', { hasText: 'unplug' }).first().waitFor();
  });
  await test('other kernels stand side by side', async () => {
    const part = section('Other kernels');
    await part.locator('input').fill('2.4, 6.1, 7.1');
    await part.locator('button[type=submit]').click();
    await part.locator('table.matrix').waitFor();
    assert.ok((await part.locator('thead th').count()) >= 2);
    assert.ok((await part.locator('tbody tr').count()) >= 2);
  });
  await test('the adversary finds a way, one click from its replay', async () => {
    await open('framebuffer-card.c');
    await lenses.filter({ hasText: 'Simulate' }).first().click();
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    const part = section('Adversary');
    await part.locator('button', { hasText: 'Look for ways' }).click();
    await part.locator('.attacks li').first().waitFor();
    const scenario = (await part.locator('.attacks pre').first().innerText()).trim();
    await part.locator('button', { hasText: 'Replay' }).first().click();
    await verdict.filter({ hasText: 'Problem.' }).waitFor();
    assert.equal((await view.locator('textarea').inputValue()).trim(), scenario);
  });
  await test('the simulation and its step survive a reload of the window', async () => {
    await view.locator('.timeline input').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await counter.filter({ hasText: /^2 \// }).waitFor();
    const before = await view.locator('textarea').inputValue();
    // The command, as a user does it: it lets the editor keep its state first.
    await command('Developer: Reload Window');
    await page
      .locator('.monaco-workbench')
      .waitFor({ state: 'detached' })
      .catch(() => {});
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor({ timeout: 90_000 });
    await counter.filter({ hasText: /^2 \// }).waitFor();
    assert.equal(await view.locator('textarea').inputValue(), before);
  });
  await test('a finding opens the run that shows it', async () => {
    await workbench.closeAll();
    await open('framebuffer-card.c');
    await lenses.filter({ hasText: 'finding' }).first().waitFor();
    await page.keyboard.press('Control+Shift+M');
    await problemRow('mixed-pfnmap-insert-page').dblclick();
    const line = lineOf('framebuffer-card.c', 'return vm_insert_page');
    await cursorLine.filter({ hasText: new RegExp(`^${line}$`) }).waitFor();
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row', { hasText: 'Simulate' }).first().click();
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    await section('Step').locator('[role=alert]').waitFor();
    await page.keyboard.press('Control+J');
  });
  await test('the scenario is saved as a file', async () => {
    await view.locator('button', { hasText: 'Save the scenario' }).click();
    await quickInput.waitFor();
    await page.keyboard.press('Enter');
    await tab('framebuffer-card.glint_mmap.mmapsim').waitFor();
    assert.ok(existsSync(path.join(workspace, 'framebuffer-card.glint_mmap.mmapsim')));
  });
  await test('the trace is saved, and opened again', async () => {
    await tab('Simulate: glint_mmap').click();
    await view.locator('button', { hasText: 'Save the trace' }).click();
    await quickInput.waitFor();
    await page.keyboard.press('Enter');
    const file = path.join(workspace, 'glint_mmap.trace.json');
    for (let tries = 0; tries < 50 && !existsSync(file); tries++) await page.waitForTimeout(100);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).handler.function, 'glint_mmap');
    await workbench.closeAll();
    await open('framebuffer-card.c');
    await command('driver-mmap: Open Simulation Trace');
    await quickInput.fill(file);
    await page.keyboard.press('Enter');
    await view.locator('h1', { hasText: 'glint_mmap' }).waitFor();
    assert.equal(await view.locator('form[aria-label="Scenario bar"]').count(), 0);
  });
}
