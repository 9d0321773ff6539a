/** What the start of the extension costs its host, as VS Code itself counts it. Asserts nothing: it depends on what else the machine does. */

/** Pixels: room for the whole list of running extensions, whose slowest ones stand above; a list draws only the rows in sight. */
const tall = { width: 1500, height: 3000 };
/** Milliseconds: no run waits long for a line that only tells. */
const patience = 15_000;

/** A line such as `Activation: 14ms`. */
export async function activationTime({ page, squiggles, open, command }) {
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'driver-mmap' }).first();
  const told = row.locator('.activation-time', { hasText: /\d/ });
  const usual = page.viewportSize() ?? tall;
  try {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await page.setViewportSize(tall);
    await command('Developer: Show Running Extensions');
    return await told.innerText({ timeout: patience });
  } catch {
    return 'Activation: not told in time';
  } finally {
    await page.setViewportSize(usual);
  }
}
