/**
 * What a user does in the workbench, each move from whatever state the one before left. A key or a click is lost when the editor moves
 * its focus, shifts its lines or draws anew at that very moment, as users know; so a move looks for its effect and, when that does not come,
 * is made again. Only moves that may be made twice are. Asserts nothing.
 */

/** Milliseconds to wait for the effect of a move before it is made again. */
const pause = 6000;
const mostTries = 6;

/** Acts until `sign` is there. */
export async function actUntil(act, sign, state = 'visible') {
  for (let tries = 1; ; tries++) {
    await act();
    try {
      return await sign.waitFor({ state, timeout: pause });
    } catch (error) {
      if (tries === mostTries) throw error;
    }
  }
}

export function moves(page, places) {
  const { explorerRow, tab, lenses, view, quickInput, focusedRow, cursorLine, action } = places;
  const press = (key) => () => page.keyboard.press(key);

  /** Runs a command of the palette by its title. */
  async function command(title) {
    await actUntil(press('F1'), quickInput);
    await quickInput.fill(`>${title}`);
    await focusedRow(title).waitFor();
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
    for (let tries = 0; tries < 200 && !(await quickInput.inputValue()).endsWith(proposal); tries++) await page.waitForTimeout(100);
    const enter = async () => {
      if (file) await quickInput.fill(file);
      await page.keyboard.press('Enter');
    };
    await actUntil(enter, dialog, 'hidden');
  }

  /** The keyboard goes to the text of the first column. */
  const focusEditor = () => actUntil(press('Control+1'), page.locator('.editor-instance .monaco-editor.focused').first());

  async function goToLine(line) {
    await focusEditor();
    await actUntil(press('Control+G'), quickInput);
    await quickInput.fill(`:${line}`);
    await page.keyboard.press('Enter');
    await cursorLine.filter({ hasText: new RegExp(`^${line}$`) }).waitFor();
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

  /** Opens the simulation of the first handler of a driver by its lens. */
  async function simulate(file, handler) {
    await open(file);
    await actUntil(() => lenses.filter({ hasText: 'Simulate' }).first().click(), view.locator('h1', { hasText: handler }));
  }

  /** No editor, panel, menu or list is open. */
  async function reset() {
    await page.mouse.move(5, 5);
    await command('View: Close All Editors');
    await tab('').first().waitFor({ state: 'detached' });
    const panel = page.locator('.part.panel');
    if (await panel.isVisible()) {
      await command('View: Hide Panel');
      await panel.waitFor({ state: 'hidden' });
    }
  }

  return { command, choose, nameFile, focusEditor, goToLine, open, hover, quickFix, simulate, reset };
}
