/**
 * What a user does in the workbench, each move from whatever state the one before left. A key or a click is lost when the editor moves
 * its focus, shifts its lines or draws anew at that very moment, as users know; so a move looks for its effect and, when that does not come,
 * is made again. Only moves that may be made twice are. Asserts nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds to wait for the effect of a move before it is made again. */
const pause = 6000;
const mostTries = 5;

/** Acts until `sign` is there: what shows that the move was taken, not that all that follows from it is done. */
export async function actUntil(act, sign, state = 'visible', timeout = pause) {
  for (let tries = 1; tries < mostTries; tries++) {
    await act();
    try {
      return await sign.waitFor({ state, timeout });
    } catch {
      // Lost, or late: either way it may be made again.
    }
  }
  await act();
  return sign.waitFor({ state });
}

/** Something to wait for that no element shows. */
export const when = (check) => ({
  async waitFor({ timeout = 40_000 } = {}) {
    const end = Date.now() + timeout;
    while (!(await check())) {
      if (Date.now() > end) throw new Error(`Not within ${timeout} ms: ${check}`);
      await delay(50);
    }
  },
});

export function moves(page, places, lineOf) {
  const { explorerRow, tab, lenses, view, quickInput, focusedRow, cursorLine, action } = places;
  const press = (key) => () => page.keyboard.press(key);

  /**
   * Opens a list by its key and writes into it. What takes the focus at that moment closes the list again; and an open one does not learn of
   * commands that came since.
   */
  async function write(key, text) {
    if (await quickInput.isVisible()) await page.keyboard.press('Escape');
    await page.keyboard.press(key);
    await quickInput.fill(text, { timeout: pause }).catch(() => {});
  }

  /** Runs a command of the palette by its title. */
  async function command(title) {
    await actUntil(() => write('F1', `>${title}`), focusedRow(title));
    await page.keyboard.press('Enter');
  }

  /** Chooses from a list that an earlier move opened; `title` tells it from the list that closes. */
  async function choose(title, text) {
    await page.locator('.quick-input-title', { hasText: title }).waitFor();
    await quickInput.fill(text);
    await focusedRow(text).waitFor();
    await page.keyboard.press('Enter');
  }

  /** Answers a dialog that asks for a file: takes what it proposes, or writes `file` over it. The proposal comes late, in pieces. */
  async function nameFile(title, proposal, file = undefined) {
    const dialog = page.locator('.quick-input-title', { hasText: title });
    await dialog.waitFor();
    await when(async () => (await quickInput.inputValue()).endsWith(proposal)).waitFor();
    const enter = async () => {
      if (file) await quickInput.fill(file);
      await page.keyboard.press('Enter');
    };
    await actUntil(enter, dialog, 'hidden');
  }

  /** The keyboard goes to the text of the first column. */
  const focusEditor = () => actUntil(press('Control+1'), page.locator('.editor-instance .monaco-editor.focused').first());

  async function goToLine(line) {
    const go = async () => {
      await focusEditor();
      await write('Control+G', `:${line}`);
      await page.keyboard.press('Enter');
    };
    await actUntil(go, cursorLine.filter({ hasText: new RegExp(`^${line}$`) }));
  }

  /** Opens a file of the workspace by its name, in the column that is active. */
  async function open(name) {
    if (!(await explorerRow(name).isVisible())) await command('View: Show Explorer');
    await actUntil(() => explorerRow(name).dblclick(), tab(name).and(page.locator('.active')).first());
    await page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"] .view-line`).first().waitFor();
  }

  /** Hovers until something with `text` shows; the mouse comes from elsewhere, because a rest without a move shows nothing. */
  async function hover(target, text) {
    const shown = page.locator('.monaco-hover:visible', { hasText: text }).first();
    await actUntil(async () => {
      await page.mouse.move(5, 5);
      await target.hover();
    }, shown);
    return shown;
  }

  /** Chooses a quick fix at the cursor. An empty list closes by itself or stays; the editor asks again either way. */
  async function quickFix(text) {
    await actUntil(async () => {
      if (await action().first().isVisible()) await page.keyboard.press('Escape');
      await focusEditor();
      await page.keyboard.press('Control+.');
    }, action(text));
    await actUntil(
      async () => {
        if (await action(text).isVisible())
          await action(text)
            .click({ timeout: pause })
            .catch(() => {});
      },
      action(),
      'hidden',
    );
  }

  /**
   * Waits for what a page beside the text shows. On a busy machine the first frame of a fresh browser may wait for the editor's service worker
   * for ever; it is loaded again, as a user would.
   */
  async function pageShows(sign, state = 'visible') {
    const steps = [() => {}, () => command('Developer: Reload Webviews')];
    await actUntil(() => (steps.length > 1 ? steps.shift() : steps[0])(), sign, state, 25_000);
  }

  /** Opens a simulation by a lens. The page opens at once; what it shows takes its time, and a second click would begin it anew. */
  async function simulateBy(lens, shown) {
    await actUntil(() => lens.click(), tab('Simulate: ').first());
    await pageShows(view.locator('.running'), 'attached');
    await shown.waitFor({ timeout: 90_000 });
  }

  /**
   * Opens a driver at one of its handlers, with the lens of that. The editor forgets a lens that it waits for when it loses the focus, and asks
   * again when it gets it back; and it scrolls to where the file was left.
   */
  async function openHandler(file, handler) {
    await open(file);
    await actUntil(() => goToLine(lineOf(file, `${handler}(`)), lenses.filter({ hasText: 'Simulate' }).first());
  }

  /** Opens the simulation of a handler that stands alone in its driver. */
  async function simulate(file, handler) {
    await openHandler(file, handler);
    await simulateBy(lenses.filter({ hasText: 'Simulate' }).first(), view.locator('h1', { hasText: handler }));
  }

  /** No editor, panel, menu or list is open. */
  async function reset() {
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
    await actUntil(() => command('View: Close All Editors'), tab('').first(), 'detached');
    const panel = page.locator('.part.panel');
    if (await panel.isVisible()) await actUntil(() => command('View: Hide Panel'), panel, 'hidden');
  }

  return { command, choose, nameFile, focusEditor, goToLine, open, openHandler, hover, quickFix, pageShows, simulate, simulateBy, reset };
}
