/** What the start of the extension costs its host, as VS Code itself counts it. Asserts nothing: it depends on what else the machine does. */
import { actUntil } from './moves.mjs';

/** A line such as `Activation: 14ms`, of the list of running extensions. */
export async function activationTime({ page, squiggles, open, command }) {
  const told = page
    .locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'driver-mmap' })
    .first()
    .locator('.activation-time', { hasText: /\d/ });
  try {
    await open('framebuffer-card.c');
    await squiggles.first().waitFor({ state: 'attached' });
    await actUntil(() => command('Developer: Show Running Extensions'), told);
    return await told.innerText();
  } catch {
    return 'Activation: not told in time';
  }
}
