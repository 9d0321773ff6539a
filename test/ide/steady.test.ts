/** Findings while a statement is typed: those that the keys do not concern stay, and the whole text gives what it gives from the start. */
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import { SteadyFindings } from '../../server/src/ide/steady.ts';
import { openText } from '../support/check-text.ts';

const handler = (name: string, typed = ''): string => `static int ${name}_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
${typed}
	vma->vm_flags |= VM_DONTEXPAND;
	return remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
static const struct file_operations ${name}_fops = { .owner = THIS_MODULE, .mmap = ${name}_mmap };

`;
const textWith = (typed: string, between = ''): string =>
  `struct card { phys_addr_t base; unsigned long size; };\n${handler('first')}${handler('second', typed)}${between}${handler('third')}`;

/** Types into the second handler, one key after the other, and gives what is shown after each. */
async function type(keys: readonly string[]) {
  const document = await openText({ text: textWith('') });
  const steady = new SteadyFindings();
  const take = (text: string) => {
    steady.willUpdate(document, text);
    document.update(text);
    return steady.next(document, () => checkDocument(document, {}).findings).findings;
  };
  return { first: take(textWith('')), shown: keys.map((typed) => ({ typed, findings: take(textWith(typed)) })), steady, document, take };
}

const prefixes = (text: string): readonly string[] => Array.from(text, (_, index) => text.slice(0, index + 1));
const names = (findings: readonly { readonly rule: string; readonly function: string }[]): readonly string[] =>
  findings.map((finding) => `${finding.rule} in ${finding.function}`).sort();

const typed = [
  '\tif (card->size > 3) {\n\t\tprintk("size %lu", card->size);\n\t\treturn -EINVAL;\n\t}\n',
  '\tfor (i = 0; i < 4; i++) {\n\t\tcard->regs[i] = 0; /* all of them */\n\t}\n',
  '\tswitch (vma->vm_pgoff) {\n\tcase 0:\n\t\tbreak;\n\tdefault:\n\t\treturn -ENXIO;\n\t}\n',
  "\tcard->name = 'x';\n#ifdef CONFIG_CARD\n\tcard->on = true;\n#endif\n",
];

describe('SteadyFindings', () => {
  it.each(typed)('hold the findings of other functions at each key of %j', async (text) => {
    const { first, shown } = await type(prefixes(text));
    const others = names(first).filter((name) => !name.endsWith('second_mmap'));
    expect(others).toHaveLength(4);
    for (const { typed: so, findings } of shown) {
      expect(
        names(findings).filter((name) => !name.endsWith('second_mmap')),
        so,
      ).toEqual(others);
      // They move with the text: each stands in its own function.
      const lines = textWith(so).split('\n');
      for (const { rule, range } of findings.filter(({ rule }) => rule === 'vm-flags-direct-write'))
        expect(lines[range.start.line]?.slice(range.start.character), `${rule} at ${so}`).toMatch(/^vm_flags/);
    }
  });

  it.each(typed)('show for the whole text of %j what is found in it', async (text) => {
    const { shown } = await type(prefixes(text));
    const document = await openText({ text: textWith(text) });
    expect(shown.at(-1)?.findings).toEqual(checkDocument(document, {}).findings);
  });

  it('let a finding go that is mended, at the key that mends it', async () => {
    const { take } = await type([]);
    const mended = textWith('')
      .replace('second_mmap', 'second_mmap')
      .replaceAll('vma->vm_flags |= VM_DONTEXPAND', 'vm_flags_set(vma, VM_DONTEXPAND)');
    expect(names(take(mended)).join()).not.toContain('vm-flags-direct-write');
  });

  it('search nothing in a broken text while no finding is edited, and everything in the whole one', async () => {
    const document = await openText({ text: textWith('') });
    const steady = new SteadyFindings();
    let searches = 0;
    const take = (text: string) => {
      steady.willUpdate(document, text);
      document.update(text);
      return steady.next(document, () => {
        searches++;
        return checkDocument(document, {}).findings;
      });
    };
    take(textWith(''));
    for (const typed of prefixes('\n\t\tcard->size')) take(textWith(`\tif (card->size > 3) {${typed}`));
    expect(searches).toBe(1);
    take(textWith('\tif (card->size > 3) {\n\t}\n'));
    expect(searches).toBe(2);
  });

  it('let the finding go whose own text is edited while the rest is broken', async () => {
    const { take } = await type([]);
    const at = textWith('').lastIndexOf('vm_flags |=');
    const broken = `${textWith('').slice(0, at)}vm_fl${textWith('').slice(at + 'vm_flags |= VM_DONTEXPAND;'.length)}`;
    expect(names(take(broken))).not.toContain('vm-flags-direct-write in third_mmap');
    expect(names(take(broken))).toContain('vm-flags-direct-write in first_mmap');
  });

  it('offer no edit for a finding that is held: it was made for another text', async () => {
    const { shown } = await type(prefixes('\tif (card->size > 3) {'));
    const held = shown.at(-1)?.findings.filter((finding) => finding.function === 'third_mmap') ?? [];
    expect(held.map(({ fixes }) => fixes)).toEqual([[], []]);
  });

  it('show what is found once the text is settled, however broken it is', async () => {
    const { steady, document, take } = await type([]);
    const broken = textWith('\tif (card->size > 3) {');
    expect(names(take(broken))).toHaveLength(6);
    steady.settle();
    expect(names(take(broken))).toEqual(names(checkDocument(document, {}).findings));
  });
});
