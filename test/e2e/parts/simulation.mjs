/** The simulation page beside the code: steps, source lines, assumptions, other kernels, the adversary. */
import assert from 'node:assert/strict';
import { actUntil } from '../moves.mjs';

export async function simulation(workbench, test) {
  const { editor, view, cursorLine, lineOf, openHandler, command, simulate } = workbench;
  const slider = view.locator('.timeline input');
  const counter = (text) => view.locator('.timeline output').filter({ hasText: text });
  const verdict = view.locator('header [role=status]');
  const section = (name) => view.locator(`section[aria-label="${name}"]`);
  const last = /^(\d+) \/ \1$/;

  await test('the lens opens the simulation, the verdict first', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    assert.match(await verdict.innerText(), /Problem\..*vm_insert_page/s);
  });
  await test('the keys walk through the steps', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    await actUntil(() => slider.press('Home'), counter(/^1 \//));
    await slider.press('ArrowRight');
    await counter(/^2 \//).waitFor();
    await slider.press('ArrowLeft');
    await counter(/^1 \//).waitFor();
    await actUntil(() => slider.press('f'), section('Step').locator('[role=alert]'));
    await actUntil(() => slider.press('End'), counter(last));
  });
  await test('a step marks its line, and leads to it', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    await editor.locator('.view-overlays [class*="ced-"]').first().waitFor({ state: 'attached' });
    const link = section('Step').locator('.link').first();
    const [, line] = /framebuffer-card\.c:(\d+)/.exec(await link.innerText()) ?? [];
    await actUntil(() => link.click(), cursorLine.filter({ hasText: new RegExp(`^${line}$`) }));
  });
  await test('a click on a line leads to its step', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    await actUntil(() => slider.press('Home'), counter(/^1 \//));
    const line = lineOf('framebuffer-card.c', 'err = io_remap_pfn_range(');
    const there = section('Step').locator('.link', { hasText: `framebuffer-card.c:${line}` });
    await actUntil(() => editor.locator('.view-line', { hasText: 'io_remap_pfn_range(' }).first().click(), there.first());
  });
  await test('another assumption gives another verdict', async () => {
    await simulate('meter.c', 'meter_mmap');
    await verdict.filter({ hasText: 'succeeds' }).waitFor();
    const assumptions = section('Assumptions');
    const value = assumptions.locator('input[aria-label="Value of meter->bytes"]');
    await value.fill('1p');
    await value.press('Enter');
    await verdict.filter({ hasText: /refused with EINVAL|expectation|failed/i }).waitFor();
    assert.match(await view.locator('textarea').inputValue(), /assume meter->bytes = 1p/);
    await assumptions.locator('button', { hasText: 'reset' }).click();
    await verdict.filter({ hasText: 'No problem.' }).waitFor();
  });
  await test('the command simulates the handler at the cursor', async () => {
    await openHandler('meter.c', 'meter_mmap');
    await command('driver-mmap: Simulate mmap Handler');
    await view.locator('h1', { hasText: 'meter_mmap' }).waitFor();
  });
  await test('the scenario bar changes the mapping', async () => {
    await simulate('meter.c', 'meter_mmap');
    const bar = view.locator('form[aria-label="Scenario bar"]');
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
    await simulate('meter.c', 'meter_mmap');
    const part = section('Other kernels');
    await part.locator('input').fill('2.4, 6.1, 7.1');
    await part.locator('button[type=submit]').click();
    await part.locator('table.matrix').waitFor();
    assert.ok((await part.locator('thead th').count()) >= 2);
    assert.ok((await part.locator('tbody tr').count()) >= 2);
  });
  await test('the adversary finds a way, one click from its replay', async () => {
    await simulate('framebuffer-card.c', 'glint_mmap');
    const part = section('Adversary');
    await part.locator('button', { hasText: 'Look for ways' }).click();
    await part.locator('.attacks li').first().waitFor();
    const scenario = (await part.locator('.attacks pre').first().innerText()).trim();
    await part.locator('button', { hasText: 'Replay' }).first().click();
    await verdict.filter({ hasText: 'Problem.' }).waitFor();
    assert.equal((await view.locator('textarea').inputValue()).trim(), scenario);
  });
}
