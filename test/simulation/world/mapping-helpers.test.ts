/** Functions of subsystems that map for a driver: what they refuse, what they set, and what is mapped afterwards. */
import { describe, expect, test } from 'vitest';
import { resultAt, textAt, traceOf } from '../support/simulate.ts';

/** A driver whose mmap function is one call. */
function calling(call: string, before = ''): string {
  return `
${before}
static int glass_mmap(struct file *file, struct vm_area_struct *vma)
{
	return ${call};
}
static const struct file_operations glass_fops = { .owner = THIS_MODULE, .mmap = glass_mmap };
`;
}

const scenario = 'open rw\na = mmap len 2p prot rw shared\nwrite a+1p 3\nread a+1p expect value 3\nmunmap a\n';

describe('a shared mapping works', () => {
  test.each([
    ['vb2_mmap(&glass_queue, vma)', 'DONTEXPAND'],
    ['ttm_bo_mmap_obj(vma, &glass_object)', 'PFNMAP'],
    ['drm_gem_shmem_mmap(&glass_object, vma)', 'PFNMAP'],
    ['drm_gem_dma_mmap(&glass_object, vma)', 'PFNMAP'],
    ['snd_pcm_lib_default_mmap(glass_substream, vma)', 'DONTDUMP'],
    ['fb_deferred_io_mmap(glass_info, vma)', 'DONTDUMP'],
    ['dma_buf_mmap(glass_buf, vma, 0)', 'PFNMAP'],
    ['vfio_pci_core_mmap(glass_vdev, vma)', 'PFNMAP'],
    ['vme_master_mmap(glass_window, vma)', 'PFNMAP'],
    ['call_mmap(glass_file, vma)', ''],
  ])('%s', async (call, flag) => {
    const trace = await traceOf(calling(call), { scenario });
    expect(trace.verdict).toMatchObject({ problems: [], failedExpectations: [] });
    expect(resultAt(trace, 2)).toMatch(/^mmap\(2\) returns 0x/);
    expect(`${textAt(trace, 2)}\n${textAt(trace, 3)}`).toContain(flag);
  });
});

describe('a private writable mapping', () => {
  test.each([
    ['vb2_mmap(&glass_queue, vma)', 'EINVAL'],
    ['ttm_bo_mmap_obj(vma, &glass_object)', 'EINVAL'],
    ['drm_gem_shmem_mmap(&glass_object, vma)', 'EINVAL'],
    ['vfio_pci_core_mmap(glass_vdev, vma)', 'EINVAL'],
  ])('is refused by %s', async (call, error) => {
    const trace = await traceOf(calling(call), { scenario: `open rw\na = mmap len 1p prot rw private expect ${error}\n` });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });
});

test('videobuf2 takes the memory whose operations the driver names, and no longer mapping than a buffer', async () => {
  const driver = calling('vb2_mmap(&glass_queue, vma)', 'static void glass_setup(void) { glass_queue.mem_ops = &vb2_vmalloc_memops; }');
  const trace = await traceOf(driver, {
    scenario:
      'open rw\na = mmap len 17p prot rw shared expect EINVAL\nb = mmap len 16p off 3p prot rw shared\nexpect offset b = 0\nexpect refcount b = 2\n',
  });
  expect(trace.verdict.failedExpectations).toEqual([]);
});

test('the first write to deferred I/O asks page_mkwrite', async () => {
  const trace = await traceOf(calling('fb_deferred_io_mmap(glass_info, vma)'), {
    scenario: 'open rw\na = mmap len 1p prot rw shared\nread a\nwrite a 1\nexpect refcount a = 2\n',
  });
  expect(trace.verdict).toMatchObject({ problems: [], failedExpectations: [] });
});

test.each(['6.1', '6.12'])('a page of deferred I/O that was written can be had again: %s', async (kernel) => {
  const trace = await traceOf(calling('fb_deferred_io_mmap(glass_info, vma)'), {
    scenario: `kernel ${kernel}\nopen rw\na = mmap len 1p prot rw shared\nwrite a 1\nb = mmap len 1p prot r shared\nread b expect value 1\n`,
  });
  expect(trace.verdict).toMatchObject({ problems: [], failedExpectations: [] });
});

test('the window table of an SBus frame buffer is followed', async () => {
  const driver = `
struct sbus_mmap_map { unsigned long voff; unsigned long poff; unsigned long size; };
static struct sbus_mmap_map glass_map[] = {
	{ .voff = 0, .poff = 0x1000, .size = 0x1000 },
	{ .voff = 0x2000, .poff = 0x8000, .size = -1UL },
	{ .size = 0 },
};
static int glass_mmap(struct fb_info *info, struct vm_area_struct *vma)
{
	return sbusfb_mmap_helper(glass_map, 0x90000000UL, 0x2000, 0, vma);
}
static const struct fb_ops glass_ops = { .fb_mmap = glass_mmap };
`;
  const trace = await traceOf(driver, {
    scenario:
      'open rw\na = mmap len 5p prot rw shared\nread a\nread a+1p expect SIGBUS\nread a+2p\nread a+3p\nread a+4p expect SIGBUS\nb = mmap len 1p prot rw private expect EINVAL\n',
  });
  expect(trace.verdict).toMatchObject({ problems: [], failedExpectations: [] });
});

test('a GEM object is mapped by its own function, with its table in place', async () => {
  const driver = `
struct glass_object { struct drm_gem_object base; struct page *page; };
static int glass_object_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	if (!vma->vm_ops)
		return -ENXIO;
	vm_flags_set(vma, VM_IO | VM_DONTEXPAND);
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(alloc_page(GFP_KERNEL | __GFP_ZERO)), PAGE_SIZE, vma->vm_page_prot);
}
static const struct vm_operations_struct glass_vm_ops = { .open = drm_gem_vm_open, .close = drm_gem_vm_close };
static const struct drm_gem_object_funcs glass_funcs = { .mmap = glass_object_mmap, .vm_ops = &glass_vm_ops };
static void glass_init(struct glass_object *glass) { glass->base.funcs = &glass_funcs; }
static int glass_mmap(struct file *file, struct vm_area_struct *vma)
{
	return drm_gem_mmap(file, vma);
}
static const struct file_operations glass_fops = { .owner = THIS_MODULE, .mmap = glass_mmap };
`;
  const trace = await traceOf(driver, {
    handler: 'glass_mmap',
    scenario: 'open rw\na = mmap len 1p prot rw shared\nread a expect value 0\n',
  });
  expect(textAt(trace, 2)).toContain('vma a: vm_ops is glass_vm_ops');
  expect(textAt(trace, 2)).not.toContain('= 0 = 0');
  expect(trace.verdict.failedExpectations).toEqual([]);
});
