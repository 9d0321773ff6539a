/** Edits: a file that was edited reads as one that is opened anew. */
import { describe, expect, it, vi } from 'vitest';
import { Node, Parser, Tree, TreeCursor } from 'web-tree-sitter';
import type { SyntaxFile } from '../../server/src/syntax/syntax-file.ts';
import { syntaxFile } from '../support/grammar.ts';
import { seeded } from '../support/seeded.ts';

const driver = `#include <linux/mm.h>
#include "board.h"
#define PAGES(n) ((n) >> 12)
#ifdef CONFIG_BOARD
#define LIMIT 16
#else
#define LIMIT 8
#endif
typedef unsigned long offset_t;
struct board { struct list_head list; void __iomem *regs; DECLARE_BITMAP(map, 32); };
static DEFINE_MUTEX(lock);

/* 😀 maps the registers */
static int __init board_find(struct board *b)
{
	list_for_each_entry(b, &boards, list)
		if (b->regs)
			return PAGES((offset_t)(b->size));
	return -1;
}

static int board_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct board *b = container_of(filp->private_data, struct board, list);
	unsigned long size = vma->vm_end - vma->vm_start;

	guard(mutex)(&lock);
	switch (size) {
	case 1 ... 4096:
		break;
	default:
		return -EINVAL;
	}
	return remap_pfn_range(vma, vma->vm_start, PAGES(b->base), size, vma->vm_page_prot);
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.mmap = board_mmap,
};
MODULE_LICENSE("GPL");
`;

const insertions = [
  'x',
  ';',
  '{',
  '}',
  '(',
  ')',
  '/*',
  '*/',
  '"',
  '#if 0\n',
  '#endif\n',
  '\n',
  ' ',
  'int a;',
  '😀',
  '__init ',
  'typedef int offset_t;',
  '#define lock\n',
  '\\\n',
];

/** Everything that can be asked of a file. */
function everything(file: SyntaxFile) {
  const { items } = file;
  return {
    items,
    functions: items.functions.map((header) => file.lowerFunction(header)),
    macros: items.macros.map((macro) => file.lowerMacro(macro)),
    inactive: file.inactive,
    masked: file.maskedText,
  };
}

function edited(text: string, random: (limit: number) => number): string {
  const at = random(text.length + 1);
  const removed = random(3) === 0 ? random(12) : 0;
  const inserted = random(4) === 0 ? '' : (insertions[random(insertions.length)] ?? '');
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

describe('a file over its life', () => {
  it.each([1, 2, 3, 4])('is after random edits what it is from scratch (seed %i)', async (seed) => {
    const random = seeded(seed);
    const file = await syntaxFile(driver);
    let text = driver;
    for (let round = 0; round < 40; round++) {
      text = round % 10 === 9 ? driver : edited(text, random);
      file.update(text);
      const fresh = await syntaxFile(text);
      expect(everything(file)).toEqual(everything(fresh));
    }
  });

  it('keeps a lowered function as it is while its text and place stay', async () => {
    const file = await syntaxFile(driver);
    const lower = (name: string) => {
      const header = file.items.functions.find((candidate) => candidate.name === name);
      return header && file.lowerFunction(header);
    };
    const before = lower('board_find');
    expect(before).toBeDefined();
    file.update(driver.replace('case 1 ...', 'case 2 ...'));
    expect(lower('board_find')).toBe(before);
  });

  it('moves the spans of a function that an edit above pushes down', async () => {
    const file = await syntaxFile(driver);
    const header = () => file.items.functions.find(({ name }) => name === 'board_mmap');
    const first = header();
    const before = first && file.lowerFunction(first);
    file.update(`int pushed;\n${driver}`);
    const second = header();
    const after = second && file.lowerFunction(second);
    expect((after?.body.span.start ?? 0) - (before?.body.span.start ?? 0)).toBe('int pushed;\n'.length);
    expect(file.text.slice(after?.nameSpan.start, after?.nameSpan.end)).toBe('board_mmap');
  });

  it('reads casts anew when a typedef appears', async () => {
    const body = 'int f(int n)\n{\n\treturn (size)(n);\n}\n';
    const kindOf = (file: SyntaxFile) => {
      const [header] = file.items.functions;
      const [statement] = (header && file.lowerFunction(header))?.body.statements ?? [];
      return statement?.kind === 'return' ? statement.value?.kind : undefined;
    };
    const file = await syntaxFile(`int a;\n${body}`);
    expect(kindOf(file)).toBe('call');
    file.update(`typedef int size;\n${body}`);
    expect(kindOf(file)).toBe('cast');
  });

  it('refuses a header of another version of the text', async () => {
    const file = await syntaxFile('void f(void) { }\n');
    const [header] = file.items.functions;
    file.update('int a; void f(void) { }\n');
    expect(header && file.lowerFunction(header)).toBeUndefined();
  });

  it('gives every tree and every cursor back', async () => {
    const parsed = vi.spyOn(Parser.prototype, 'parse');
    const freed = vi.spyOn(Tree.prototype, 'delete');
    const walked = vi.spyOn(Node.prototype, 'walk');
    const left = vi.spyOn(TreeCursor.prototype, 'delete');
    const random = seeded(5);
    // A linkage block is not plain C: the grammar reads the file.
    const linked = `extern "C" {\n${driver}}\n`;
    const file = await syntaxFile(linked);
    let text = linked;
    for (let round = 0; round < 60; round++) {
      everything(file);
      text = round % 5 === 4 ? '}'.repeat(2000) : edited(linked, random);
      file.update(text);
    }
    expect(parsed.mock.results.length).toBeGreaterThan(40);
    expect(freed.mock.calls.length).toBe(parsed.mock.results.filter(({ value }) => value !== null).length);
    expect(left.mock.calls.length).toBe(walked.mock.calls.length);
    vi.restoreAllMocks();
  });
});
