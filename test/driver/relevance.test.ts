/** Which texts are dismissed before they are parsed, and which are not. */
import { describe, expect, it } from 'vitest';
import { isWorthChecking, isWorthReading, mayHaveHandlers } from '../../server/src/driver/relevance.ts';
import { codeOf } from '../../server/src/syntax/lexemes.ts';

const isRead = (text: string): boolean => mayHaveHandlers(text) && isWorthReading(codeOf(text));

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

const owned = 'static const struct file_operations toy_fops = { .owner = THIS_MODULE,';

describe('a text is checked', () => {
  it.each([
    ['that registers a handler, wherever it is defined', `${owned} .mmap = toy_mmap };`],
    ['with a table whose entries have no names', 'static struct file_operations toy_fops = { 0, toy_mmap }; static int owner;'],
    ['with entries in the style of old kernels', 'static struct file_operations toy_fops = { owner: 0, mmap: toy_mmap };'],
    ['with a function that is told of the vma', 'int toy_mmap(struct toy *toy, struct vm_area_struct *vma) { return 0; }'],
    ['with a mapping call', `${owned} .mmap = vb2_fop_mmap }; void toy(void *a) { remap_pfn_range(a, 0, 0, 0, 0); }`],
    ['that pins pages', 'struct toy { int mmap; }; long toy(void) { return pin_user_pages_fast(0, 1, 0, 0); }'],
    ['that takes the mmap lock', `${owned} .mmap = vb2_fop_mmap }; void toy(struct mm_struct *mm) { mmap_read_lock(mm); }`],
    ['whose table has no owner', 'static const struct file_operations toy_fops = { .mmap = drm_gem_mmap };'],
    ['that registers what newer kernels have no more', `${owned} .mmap = drm_gem_cma_mmap };`],
  ])('%s', (_, text) => {
    expect(isRead(text) && isWorthChecking(codeOf(text))).toBe(true);
  });
});

describe('a text is read for its handlers alone', () => {
  it.each([
    ['when it registers what the kernel has ready', `${owned} .mmap = vb2_fop_mmap };`],
    ['when a table of the kernel is given to an object', 'struct drm_gem_object_funcs toy = { .vm_ops = &drm_gem_shmem_vm_ops };'],
    ['when a macro of the kernel makes the table', 'DEFINE_DRM_GEM_FOPS(toy_fops);'],
    ['when its own names only hold the word', 'void toy(struct toy *t) { t->mmap_offset = toy_get_mmap_offset(t); }'],
    ['when the slot is empty', `${owned} .mmap = NULL };`],
  ])('%s', (_, text) => {
    expect(isRead(text)).toBe(true);
    expect(isWorthChecking(codeOf(text))).toBe(false);
  });
});
