/** The outline of a driver: handlers and tables, each around its name. */
import { describe, expect, it } from 'vitest';
import { type DriverSymbol, symbolsMatching, symbolsOf } from '../../server/src/ide/symbols.ts';
import { openText } from '../support/check-text.ts';

const text = `static vm_fault_t card_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}
static const struct vm_operations_struct card_vm_ops = {
	.fault = card_fault,
	.page_mkwrite = card_fault,
};
static int helper(int value) { return value; }
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &card_vm_ops;
	return helper(0);
}
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
static int old_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static const struct file_operations old_fops = { .mmap = old_mmap };
#endif
static struct file_operations card_fops = { .open = card_open, .mmap = card_mmap };
static void card_init(struct card *card)
{
	card->fops.mmap = card_mmap;
}
`;

/** Each symbol as its first and last line, its name as the text has it, and what it is; what it holds is indented. */
function shown(symbols: readonly DriverSymbol[], indent = ''): readonly string[] {
  const lines = text.split('\n');
  return symbols.flatMap(({ kind, name, detail, range, nameRange, children }) => {
    const written = lines[nameRange.start.line]?.slice(nameRange.start.character, nameRange.end.character);
    return [`${indent}${range.start.line}-${range.end.line} ${kind} ${name} [${written}] ${detail}`, ...shown(children, `${indent}  `)];
  });
}

describe('symbolsOf', () => {
  it('gives handlers and tables with their slots in the order of the text, as the target compiles them', async () => {
    const document = await openText({ text });
    expect(shown(symbolsOf(document))).toEqual([
      '0-3 handler card_fault [card_fault] vm_operations_struct.fault, vm_operations_struct.page_mkwrite',
      '4-7 table card_vm_ops [card_vm_ops] vm_operations_struct',
      '  5-5 slot fault [.fault = card_fault] card_fault',
      '  6-6 slot page_mkwrite [.page_mkwrite = card_fault] card_fault',
      '9-13 handler card_mmap [card_mmap] file_operations.mmap',
      '18-18 table card_fops [card_fops] file_operations',
      '  18-18 slot open [.open = card_open] card_open',
      '  18-18 slot mmap [.mmap = card_mmap] card_mmap',
    ]);
  });

  it('follows the kernel', async () => {
    const document = await openText({ text, kernel: '4.19' });
    expect(symbolsOf(document).map(({ name }) => name)).toContain('old_mmap');
  });

  it('has nothing to say of a text without handlers', async () => {
    const document = await openText({ text: 'static int helper(int value) { return value; }\n' });
    expect(symbolsOf(document)).toEqual([]);
  });
});

describe('symbolsMatching', () => {
  it('finds by name, by slot and by kind, all words of a query together', async () => {
    const document = await openText({ text });
    const symbols = symbolsOf(document);
    const found = (query: string) => symbolsMatching(symbols, query).map(({ name }) => name);
    expect(found('mmap handler')).toEqual(['card_mmap']);
    expect(found('Table')).toEqual(['card_vm_ops', 'card_fops']);
    expect(found('page_mkwrite')).toEqual(['card_fault']);
    expect(found('')).toHaveLength(symbols.length);
    expect(found('card nothing')).toEqual([]);
  });
});
