/** What an editor asks of a document besides hovers: findings, lenses, fixes, the simulation of a handler. */
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../server/src/ide/check.ts';
import { actionsAt } from '../../server/src/ide/code-actions.ts';
import type { SourceDocument } from '../../server/src/ide/document.ts';
import { lensesOf } from '../../server/src/ide/lenses.ts';
import { simulateDocument } from '../../server/src/ide/simulate.ts';
import { openText } from '../support/check-text.ts';

const text = `#include "card.h"

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return map_card(file->private_data, vma);
}

static int quiet_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}

static const struct file_operations card_fops = { .mmap = card_mmap };
static const struct file_operations quiet_fops = { .mmap = quiet_mmap };
`;

const header = `struct card { unsigned long pfn; };

static inline int map_card(struct card *card, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, card->pfn, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
`;

async function withDocument<T>(use: (document: SourceDocument) => T): Promise<T> {
  const document = await openText({ text, files: { '/driver/card.h': header } });
  return use(document);
}

describe('checkDocument', () => {
  it('places a finding in the local header where it stands', () =>
    withDocument((document) => {
      const { findings, problems } = checkDocument(document, {});
      expect(problems).toEqual([]);
      const inHeader = findings.filter((finding) => finding.file === '/driver/card.h');
      expect(inHeader.map((finding) => [finding.rule, finding.function, finding.range.start.line])).toEqual([
        ['mmap-no-size-check', 'map_card', 4],
      ]);
    }));

  it('selects and ignores rules', () =>
    withDocument((document) => {
      const rulesOf = (options: Parameters<typeof checkDocument>[1]) =>
        checkDocument(document, options).findings.map((finding) => finding.rule);
      expect(rulesOf({ select: ['vm-flags-direct-write'] })).toEqual(['vm-flags-direct-write']);
      expect(rulesOf({ ignore: ['vm-flags-direct-write'] })).toEqual(['mmap-no-size-check']);
    }));

  it('proves by replay what the simulator can show, and keeps the scenario', () =>
    withDocument((document) => {
      const [finding] = checkDocument(document, { select: ['mmap-no-size-check'], prove: true }).findings;
      expect(finding).toMatchObject({ confidence: 'proved', witness: expect.stringContaining('mmap len') });
      const [plain] = checkDocument(document, { select: ['mmap-no-size-check'] }).findings;
      expect(plain).toMatchObject({ confidence: 'likely', witness: undefined });
    }));

  it('gives the same after an edit as from the start', () =>
    withDocument((document) => {
      const before = checkDocument(document, {}).findings;
      document.update(text.replace('return -ENODEV', 'vma->vm_flags = 0;\n\treturn -ENODEV'));
      expect(checkDocument(document, {}).findings.map((finding) => finding.rule)).toContain('vm-flags-direct-write');
      document.update(text);
      expect(checkDocument(document, {}).findings).toEqual(before);
    }));
});

describe('lensesOf', () => {
  it('stands above each handler, with the count of its findings', () =>
    withDocument((document) => {
      const lenses = lensesOf(document, checkDocument(document, {}).findings);
      expect(lenses.map((lens) => [lens.handler, lens.title])).toEqual([
        ['card_mmap', '▶ Simulate · 1 finding'],
        ['quiet_mmap', '▶ Simulate'],
      ]);
    }));
});

describe('actionsAt', () => {
  it('offers the fixes of the findings under the selection, safe ones preferred', () =>
    withDocument((document) => {
      const { findings } = checkDocument(document, {});
      const at = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });
      expect(actionsAt(findings, at(4, 8)).map((action) => [action.fix.title, action.preferred])).toEqual([['Use vm_flags_set()', true]]);
      expect(actionsAt(findings, at(10, 2))).toEqual([]);
    }));
});

describe('simulateDocument', () => {
  it('runs the handler that is named, the one around an offset, or the first', () =>
    withDocument((document) => {
      const ran = (wish: Parameters<typeof simulateDocument>[1]) => {
        const result = simulateDocument(document, wish);
        return result.kind === 'trace' ? result.trace.handler.function : result.message;
      };
      expect(ran({})).toBe('card_mmap');
      expect(ran({ handler: 'quiet_mmap' })).toBe('quiet_mmap');
      expect(ran({ offset: text.indexOf('-ENODEV') })).toBe('quiet_mmap');
      expect(ran({ handler: 'none' })).toBe('none is no mapping handler of this file; there are: card_mmap, quiet_mmap.');
    }));
});
