/** What changes a finding while its file is open: a quick fix, and a setting. */
import assert from 'node:assert/strict';
import { when } from '../moves.mjs';

export async function changing(workbench, test) {
  const { editor, squiggles, lenses, lineOf, open, openHandler, command, choose, goToLine, quickFix } = workbench;
  const assignment = 'vma->vm_flags |= VM_DONTCOPY';
  const wrong = editor.locator('.squiggly-error');

  await test('another Linux version takes effect at once', async () => {
    await open('latch.c');
    await wrong.first().waitFor({ state: 'attached' });
    await command('driver-mmap: Pick Linux Version');
    await choose('Linux Version of the Driver', '5.4');
    await squiggles.first().waitFor({ state: 'detached' });
    await command('driver-mmap: Pick Linux Version');
    await choose('Linux Version of the Driver', 'auto');
    await wrong.first().waitFor({ state: 'attached' });
  });
  await test('a quick fix ends its finding', async () => {
    await openHandler('latch.c', 'latch_mmap');
    await lenses.filter({ hasText: '2 findings' }).waitFor();
    await goToLine(lineOf('latch.c', assignment));
    await quickFix('Use vm_flags_set()');
    await lenses.filter({ hasText: '1 finding' }).waitFor();
    assert.equal(await wrong.count(), 0);
    // The editor saves by itself.
    await editor.locator('.view-line', { hasText: 'vm_flags_set' }).waitFor();
    await when(() => lineOf('latch.c', 'vm_flags_set(vma, VM_DONTCOPY);') > 0).waitFor();
    assert.equal(lineOf('latch.c', assignment), 0);
  });
}
