/** Comments that switch a rule off, offered at its finding: what they insert is understood, and switches off that rule alone. */
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import { ignoresAt } from '../../server/src/ide/code-actions.ts';
import { checkText, openText } from '../support/check-text.ts';

const text = `/* A card. */
#include <linux/mm.h>
#define SET(vma) do { \\
	(vma)->vm_flags |= VM_IO; \\
} while (0)

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff)
		vma->vm_flags |= VM_DONTEXPAND;
	return 0;
}
static const struct file_operations card_fops = { .owner = THIS_MODULE, .mmap = card_mmap };
`;
const file = '/driver/driver.c';
const rule = 'vm-flags-direct-write';

async function actions(source = text) {
  const document = await openText({ text: source });
  const { findings } = checkDocument(document, { select: [rule] });
  const range = { start: { line: 0, character: 0 }, end: { line: 40, character: 0 } };
  return ignoresAt(findings, file, range, source);
}

function applied(source: string, { line, newText }: { readonly line: number; readonly newText: string }): string {
  const lines = source.split('\n');
  return [...lines.slice(0, line), `${newText}${lines[line]}`, ...lines.slice(line + 1)].join('\n');
}

describe('ignoresAt', () => {
  it('switches the rule off here, or in the file, with a reason to be written', async () => {
    const offered = await actions();
    expect(offered.map(({ title }) => title)).toEqual([`Ignore ${rule} here`, `Ignore ${rule} in this file`]);
    for (const action of offered) {
      const mended = applied(text, action);
      const { findings } = await checkText({ text: mended }, { select: [rule, 'useless-ignore'] });
      expect(findings, mended).toEqual([]);
    }
    expect(applied(text, offered[0] ?? { line: 0, newText: '' })).toContain(
      `\t\t/* driver-mmap: ignore ${rule} say here why the code is right */\n\t\tvma->vm_flags |= VM_DONTEXPAND;`,
    );
  });

  it('offers the file only where the file begins with a directive, and nothing in the middle of a macro', async () => {
    const without = text.slice(text.indexOf('static int'));
    expect((await actions(without)).map(({ title }) => title)).toEqual([`Ignore ${rule} here`]);
    const [finding] = (await actions()).map((action) => action.finding);
    const inMacro = finding && { ...finding, range: { start: { line: 3, character: 10 }, end: { line: 3, character: 18 } } };
    const range = { start: { line: 3, character: 12 }, end: { line: 3, character: 12 } };
    expect(inMacro && ignoresAt([inMacro], file, range, text).map(({ title }) => title)).toEqual([`Ignore ${rule} in this file`]);
  });

  it('offers nothing beside the selection, or for another file', async () => {
    const [first] = await actions();
    const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    expect(first && ignoresAt([first.finding], file, elsewhere, text)).toEqual([]);
    expect(first && ignoresAt([first.finding], '/driver/card.h', first.finding.range, text)).toEqual([]);
  });
});
