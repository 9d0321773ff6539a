/** What the adversary says of drivers that were written for an older kernel, and of functions that are no handlers themselves. */
import { describe, expect, it } from 'vitest';
import { fileHost } from '../../../server/src/host/files.ts';
import { attackDocument } from '../../../server/src/ide/attack.ts';
import { SourceDocument } from '../../../server/src/ide/document.ts';
import { parseVersion } from '../../../server/src/kernel/version.ts';
import { testGrammar } from '../../support/grammar.ts';

const grammar = await testGrammar();

function attackOn(text: string, kernel: string, handler: string) {
  const version = parseVersion(kernel);
  if (!version) throw new Error('no version');
  const target = { version, config: new Map<string, string>(), longBits: 64 as const };
  const document = new SourceDocument({ grammar, host: fileHost(), target }, '/drivers/old.c', text);
  const result = attackDocument(document, { version, budget: 600, handler });
  if (result.kind === 'failed') throw new Error(result.message);
  return result.report;
}

const withNopage = `
static struct page *old_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	return NOPAGE_SIGBUS;
}
static struct vm_operations_struct old_ops = { .nopage = old_nopage };
static int old_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &old_ops;
	return 0;
}
static const struct file_operations old_fops = { .mmap = old_mmap };
`;

const withOldCall = (guard: string) => `
static int map_it(struct vm_area_struct *vma)
{
${guard}
	return remap_page_range(vma, vma->vm_start, 0xfd000000, PAGE_SIZE, vma->vm_page_prot);
#else
	return vma->vm_end - vma->vm_start > PAGE_SIZE ? -EINVAL : 0;
#endif
}
static int old_mmap(struct file *file, struct vm_area_struct *vma) { return map_it(vma); }
static const struct file_operations old_fops = { .mmap = old_mmap };
`;

const problems = (text: string, kernel: string, handler: string) => attackOn(text, kernel, handler).attacks.map(({ problem }) => problem);

describe('a driver of another time', () => {
  it('does not build where its slot is gone, by whichever handler it is asked', () => {
    expect(problems(withNopage, '6.12', 'old_nopage')).toContain('not-in-kernel');
    expect(problems(withNopage, '6.12', 'old_mmap')).toContain('not-in-kernel');
    expect(problems(withNopage, '2.6.20', 'old_mmap')).not.toContain('not-in-kernel');
  });

  it('does not build where a call is gone that the handler leads to', () => {
    const [attack] = attackOn(withOldCall('#if 1'), '6.12', 'old_mmap').attacks;
    expect(attack).toMatchObject({ problem: 'not-in-kernel', confidence: 'likely' });
    expect(attack?.message).toContain('remap_page_range() does not exist in Linux 6.12');
    expect(problems(withOldCall('#if 1'), '2.6.9', 'old_mmap')).not.toContain('not-in-kernel');
  });

  it('builds where the call stands in a branch that is not compiled', () => {
    expect(problems(withOldCall('#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 12)'), '6.12', 'old_mmap')).toEqual([]);
  });
});

describe('a function that is no handler', () => {
  const helper = `
int helper_map(struct window *window, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, window->start >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
EXPORT_SYMBOL(helper_map);
`;

  it('is attacked as a handler of its own where nobody calls it', () => {
    const report = attackOn(helper, '6.12', 'helper_map');
    expect(report.handler.function).toBe('helper_map');
    expect(report.attacks.map(({ problem }) => problem)).toContain('foreign-memory');
  });

  it('is told of what it uses where no handler leads to it', () => {
    const text = 'static int put_page_at(struct vm_area_struct *vma, unsigned long at) { return vm_insert_pfn(vma, at, 1); }';
    const report = attackOn(`${text}\nvoid use(void) { put_page_at(0, 0); }`, '6.12', 'put_page_at');
    expect(report.attacks.map(({ problem }) => problem)).toEqual(['not-in-kernel']);
  });

  it('is attacked through the handler that leads to it', () => {
    const text = `${helper}
static int card_mmap(struct file *file, struct vm_area_struct *vma) { return helper_map(file->private_data, vma); }
static const struct file_operations card_fops = { .mmap = card_mmap };
`;
    expect(attackOn(text, '6.12', 'helper_map').handler.function).toBe('card_mmap');
  });
});
