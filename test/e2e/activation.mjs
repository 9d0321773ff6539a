/** What the start of the extension costs its host, as VS Code itself counts it. Asserts nothing: it depends on what else the machine does. */

/** A line such as `Activation: 14ms`, of the list of running extensions. */
export async function activationTime({ page, squiggles, open, command }) {
  await open('framebuffer-card.c');
  await squiggles.first().waitFor({ state: 'attached' });
  await command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'driver-mmap' }).first();
  return row.locator('.activation-time').innerText();
}
