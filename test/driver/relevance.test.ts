/** Which texts are dismissed before they are parsed, and which are not. */
import { describe, expect, it } from 'vitest';
import { isWorthReading, mayHaveHandlers } from '../../server/src/driver/relevance.ts';

const isRead = (text: string): boolean => mayHaveHandlers(text) && isWorthReading(text);

describe('a text is read', () => {
  it.each([
    ['a handler by its parameter', 'static int toy_map(struct file *f, struct vm_area_struct *vma) { return 0; }'],
    ['a handler registered by name', 'static struct file_operations toy_fops = { .mmap = toy_map };'],
    ['a fault handler', 'static vm_fault_t toy_fault(struct vm_fault *vmf) { return 0; }'],
    ['a table of the vma, given by assignment', 'void toy(struct toy *t) { t->vm_ops = &toy_ops; }'],
    ['a macro that makes the table', 'DEFINE_DRM_GEM_FOPS(toy_fops);'],
    ['a slot without any of the words', 'static struct snd_pcm_ops toy_ops = { .page = toy_page };'],
    ['the mmap lock', 'void toy(struct mm_struct *mm) { mmap_read_lock(mm); }'],
    ['pages that the core of a subsystem maps', '/* for mmap */ void toy(struct page *page) { SetPageReserved(page); }'],
    ['a word behind a string that holds the begin of a comment', 'char *a = "/*"; struct file_operations b = { .mmap = c }; /* */'],
  ])('%s', (_, text) => {
    expect(isRead(text)).toBe(true);
  });
});

describe('a text is dismissed', () => {
  it.each([
    ['without any of the words', 'int toy(void) { return 0; }'],
    ['words in comments alone', '/* the core calls mmap */ int toy(void) { return 0; } // vm_area_struct'],
    ['words in strings alone', 'char *toy = "mmap failed";'],
    ['words that are parts of others', 'struct toy_memmap { int a; }; struct nvm_ops b; int toy_vm_fault_stop;'],
    ['a comment that is never closed', 'int toy; /* struct vm_area_struct'],
  ])('%s', (_, text) => {
    expect(isRead(text)).toBe(false);
  });
});
