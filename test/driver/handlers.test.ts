/** Every way in which drivers register a mapping handler, and what is no registration. */
import { describe, expect, it } from 'vitest';
import { driverOf, handlerRows, rowOf } from '../support/driver.ts';

const mmap = 'static int toy_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\treturn 0;\n}\n';
const fault = 'static vm_fault_t toy_fault(struct vm_fault *vmf)\n{\n\treturn VM_FAULT_SIGBUS;\n}\n';

describe('initializers', () => {
  it('designated', async () => {
    const text = `${mmap}static const struct file_operations toy_fops = {\n\t.owner = THIS_MODULE,\n\t.mmap = toy_mmap,\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @7']);
    const [handler] = (await driverOf(text)).handlers;
    expect(handler).toMatchObject({ kind: 'mmap', defined: true, parameter: 1, file: '/driver/own.c' });
    expect(handler?.registeredAt?.table).toBe('toy_fops');
    expect(text.slice(handler?.nameSpan.start, handler?.nameSpan.end)).toBe('toy_mmap');
  });

  it('several of one table, and the table with all its functions', async () => {
    const text = `${fault}static void toy_open(struct vm_area_struct *vma) {}
static const struct vm_operations_struct toy_vm_ops = {
\t.open = toy_open,
\t.fault = toy_fault,
\t.access = generic_access_phys,
};
static const struct file_operations toy_fops = { .unlocked_ioctl = toy_ioctl, .mmap = noop_mmap };\n`;
    const driver = await driverOf(text);
    expect(driver.handlers.map((handler) => rowOf(text, handler))).toEqual([
      'toy_open vm_operations_struct.open @7',
      'toy_fault vm_operations_struct.fault @8',
      'generic_access_phys vm_operations_struct.access @9',
      'noop_mmap file_operations.mmap @11',
    ]);
    expect(driver.handlers.map(({ defined }) => defined)).toEqual([true, true, false, false]);
    expect(driver.tables.map(({ name, container, entries }) => [name, container, entries.map(({ slot }) => slot)])).toEqual([
      ['toy_vm_ops', 'vm_operations_struct', ['open', 'fault', 'access']],
      ['toy_fops', 'file_operations', ['unlocked_ioctl', 'mmap']],
    ]);
  });

  it('old style with a colon', async () => {
    const text = `${mmap}static struct file_operations toy_fops = {\n\topen: toy_open,\n\tmmap: toy_mmap,\n};\n`;
    expect(await handlerRows(text, { kernel: '2.4.20' })).toEqual(['toy_mmap file_operations.mmap @7']);
  });

  it('behind casts, parentheses and the address operator', async () => {
    const text = `${mmap}static struct file_operations a = {\n\t.mmap = (int (*)(struct file *, struct vm_area_struct *))toy_mmap,\n};
static struct file_operations b = {\n\t.mmap = &toy_mmap,\n};\nstatic struct file_operations c = {\n\t.mmap = (toy_mmap)\n};\n`;
    expect(await handlerRows(text)).toEqual([6, 9, 12].map((line) => `toy_mmap file_operations.mmap @${line}`));
  });

  it('in both arms of a conditional, and through a pointer macro', async () => {
    const text = `${mmap}static struct file_operations a = {\n\t.mmap = IS_ENABLED(CONFIG_TOY) ? toy_mmap : other_mmap,\n};
static struct file_operations b = {\n\t.mmap = PTR_IF(IS_ENABLED(CONFIG_TOY), toy_mmap),\n};\n`;
    expect(await handlerRows(text)).toEqual([
      'toy_mmap file_operations.mmap @6',
      'other_mmap file_operations.mmap @6',
      'toy_mmap file_operations.mmap @9',
    ]);
  });

  it('NULL and a macro that means NULL register nothing', async () => {
    const text = `#define toy_mmap NULL\nstatic struct file_operations a = { .mmap = toy_mmap };\nstatic struct file_operations b = { .mmap = NULL };\n`;
    expect(await handlerRows(text)).toEqual([]);
  });

  it('a macro that stands for another name', async () => {
    const text = `#define toy_mmap generic_file_mmap\nstatic struct file_operations a = { .mmap = toy_mmap };\n`;
    expect(await handlerRows(text)).toEqual(['generic_file_mmap file_operations.mmap @2']);
  });

  it('nested in a struct of the driver, by braces and by a path of designators', async () => {
    const text = `${mmap}struct toy_driver { int id; struct file_operations fops; };
static struct toy_driver one = {\n\t.id = 1,\n\t.fops = {\n\t\t.mmap = toy_mmap,\n\t},\n};
static struct toy_driver two = {\n\t.fops.mmap = toy_mmap,\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @9', 'toy_mmap file_operations.mmap @13']);
  });

  it('nested in a struct that nobody shows: the function tells which table it is', async () => {
    const text = `${mmap}static struct foreign_driver one = {\n\t.fops = {\n\t\t.mmap = toy_mmap,\n\t},\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @7']);
  });

  it('in arrays, with and without indices', async () => {
    const text = `${mmap}static const struct file_operations fops[] = {
\t{ .mmap = toy_mmap },\n\t[TOY_SECOND] = { .mmap = other_mmap },\n\t[4].mmap = third_mmap,\n};\n`;
    expect(await handlerRows(text)).toEqual([
      'toy_mmap file_operations.mmap @6',
      'other_mmap file_operations.mmap @7',
      'third_mmap file_operations.mmap @8',
    ]);
  });

  it('in a compound literal', async () => {
    const text = `${mmap}static struct toy toy = {\n\t.fops = &(const struct file_operations){\n\t\t.mmap = toy_mmap,\n\t},\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @7']);
  });

  it('by position where the struct is defined in the file', async () => {
    const text = `${mmap}struct toy_ops {\n\tint (*start)(void);\n\tint (*map)(struct file *file, struct vm_area_struct *vma);\n};
static struct toy_ops ops = {\n\ttoy_start,\n\ttoy_mmap,\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap toy_ops.map @11']);
  });

  it('by position in the kernels that had no other way', async () => {
    const text = `${mmap}static struct file_operations fops = {\n\tTHIS_MODULE,\n\tNULL, toy_read, NULL, NULL, NULL,\n\ttoy_ioctl,\n\ttoy_mmap,\n};
static struct vm_operations_struct vm_ops = { toy_open, toy_close, toy_nopage };\n`;
    expect(await handlerRows(text, { kernel: '2.4.20' })).toEqual([
      'toy_mmap file_operations.mmap @9',
      'toy_open vm_operations_struct.open @11',
      'toy_close vm_operations_struct.close @11',
      'toy_nopage vm_operations_struct.nopage @11',
    ]);
  });

  it('tables of a subsystem that nobody knows: the function tells that it is a slot', async () => {
    const text = `${mmap}static struct foreign_ops ops = {\n\t.mmap = toy_mmap,\n\t.fault = FOREIGN_FAULT,\n\t.open = toy_probe,\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap foreign_ops.mmap @6']);
  });

  it('static tables inside functions', async () => {
    const text = `${mmap}static int toy_probe(void)\n{\n\tstatic const struct file_operations fops = {\n\t\t.mmap = toy_mmap,\n\t};\n\treturn add(&fops);\n}\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @8']);
  });

  it('typedefs of tables', async () => {
    const text = `${mmap}typedef struct file_operations toy_fops_t;\nstatic toy_fops_t fops = { .mmap = toy_mmap };\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @6']);
  });
});

describe('the tables of the kernel', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['file_operations', 'mmap_prepare', 'mmap_prepare'],
    ['file_operations', 'get_unmapped_area', 'get_unmapped_area'],
    ['vm_operations_struct', 'huge_fault', 'huge_fault'],
    ['vm_operations_struct', 'page_mkwrite', 'page_mkwrite'],
    ['vm_operations_struct', 'pfn_mkwrite', 'pfn_mkwrite'],
    ['vm_operations_struct', 'map_pages', 'map_pages'],
    ['vm_operations_struct', 'may_split', 'may_split'],
    ['vm_operations_struct', 'nopage', 'nopage'],
    ['vm_operations_struct', 'nopfn', 'nopfn'],
    ['vm_operations_struct', 'populate', 'populate'],
    ['proc_ops', 'proc_mmap', 'mmap'],
    ['fb_ops', 'fb_mmap', 'mmap'],
    ['bin_attribute', 'mmap', 'mmap'],
    ['kernfs_ops', 'mmap', 'mmap'],
    ['dma_buf_ops', 'mmap', 'mmap'],
    ['drm_gem_object_funcs', 'mmap', 'mmap'],
    ['drm_driver', 'gem_prime_mmap', 'mmap'],
    ['snd_pcm_ops', 'mmap', 'mmap'],
    ['snd_hwdep_ops', 'mmap', 'mmap'],
    ['snd_soc_component_driver', 'mmap', 'mmap'],
    ['v4l2_file_operations', 'mmap', 'mmap'],
    ['vb2_mem_ops', 'mmap', 'mmap'],
    ['uio_info', 'mmap', 'mmap'],
    ['vfio_device_ops', 'mmap', 'mmap'],
    ['ib_device_ops', 'mmap', 'mmap'],
    ['proto_ops', 'mmap', 'mmap'],
    ['bpf_map_ops', 'map_mmap', 'mmap'],
    ['uacce_ops', 'mmap', 'mmap'],
  ];
  it.each(cases)('struct %s, .%s', async (container, slot, kind) => {
    const driver = await driverOf(`static struct ${container} toy = {\n\t.${slot} = toy_handler,\n};\n`);
    expect(driver.handlers).toMatchObject([{ function: 'toy_handler', slot: `${container}.${slot}`, kind, defined: false }]);
  });

  it('leaves fields of the same name in other structs alone', async () => {
    const text = `static struct iommu_ops ops = { .map_pages = toy_map_pages };
static struct toy_config config = { .fault = toy_fault_mode, .name = toy_name, .access = toy_access };
static struct file_operations fops = { .open = toy_open, .owner = THIS_MODULE };\n`;
    expect(await handlerRows(text)).toEqual([]);
  });
});

describe('assignments at run time', () => {
  it('to a parameter, a local, a global and an array element', async () => {
    const text = `${mmap}static struct file_operations global_fops[2];
static void setup(struct file_operations *fops, struct toy *toy)
{
\tstruct uio_info *info = toy->info;
\tfops->mmap = toy_mmap;
\tinfo->mmap = toy_uio_mmap;
\tglobal_fops[1].mmap = toy_mmap;
}\n`;
    expect(await handlerRows(text)).toEqual([
      'toy_mmap file_operations.mmap @9',
      'toy_uio_mmap uio_info.mmap @10',
      'toy_mmap file_operations.mmap @11',
    ]);
  });

  it('through structs of the driver and of the kernel', async () => {
    const text = `struct toy { struct vm_operations_struct vm_ops; struct bin_attribute attr; };
static void setup(struct toy *toy, struct snd_hwdep *hw)
{
\ttoy->vm_ops.open = toy_vm_open;
\ttoy->attr.mmap = toy_attr_mmap;
\thw->ops.mmap = toy_hwdep_mmap;
}\n`;
    expect(await handlerRows(text)).toEqual([
      'toy_vm_open vm_operations_struct.open @4',
      'toy_attr_mmap bin_attribute.mmap @5',
      'toy_hwdep_mmap snd_hwdep_ops.mmap @6',
    ]);
  });

  it('of what the file does not type: the function decides', async () => {
    const text = `${mmap}static void setup(void)\n{\n\tlookup_table()->mmap = toy_mmap;\n\tother()->mmap = not_here;\n}\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @7']);
  });

  it('of a whole compound literal', async () => {
    const text = `static void setup(struct file_operations *fops)\n{\n\t*fops = (struct file_operations){\n\t\t.mmap = toy_mmap,\n\t};\n}\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @4']);
  });
});

describe('tables made by macros', () => {
  it('a macro of the file that defines a table', async () => {
    const text = `${mmap}#define TOY_FOPS(name, prefix) \\\n\tstatic const struct file_operations name = { \\\n\t\t.mmap = prefix##_mmap, \\\n\t}
TOY_FOPS(one_fops, toy);\nTOY_FOPS(two_fops, other);\n`;
    const driver = await driverOf(text);
    expect(driver.handlers.map((handler) => rowOf(text, handler))).toEqual([
      'toy_mmap file_operations.mmap @9',
      'other_mmap file_operations.mmap @10',
    ]);
    expect(driver.handlers.map(({ registeredAt }) => registeredAt?.table)).toEqual(['one_fops', 'two_fops']);
  });

  it('macros that call macros', async () => {
    const text = `#define INNER(name, map) static struct file_operations name = { .mmap = map }\n#define OUTER(name) INNER(name##_fops, name##_mmap)\nOUTER(toy);\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @3']);
  });

  it('a macro that stands for entries, with and without arguments', async () => {
    const text = `#define COMMON .owner = THIS_MODULE, .mmap = toy_mmap\n#define MAP(x) .mmap = x##_mmap
static struct file_operations a = {\n\tCOMMON,\n};\nstatic struct file_operations b = {\n\t.open = toy_open,\n\tMAP(other),\n};\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @4', 'other_mmap file_operations.mmap @8']);
  });

  it('macros of the kernel, by version', async () => {
    const text = `DEFINE_DRM_GEM_FOPS(toy_fops);\nstatic struct fb_ops ops = {\n\tFB_DEFAULT_IOMEM_OPS,\n};\nstatic struct drm_driver driver = {\n\tDRM_GEM_DMA_DRIVER_OPS,\n};\n`;
    expect(await handlerRows(text, { kernel: '6.12' })).toEqual(['drm_gem_mmap file_operations.mmap @1', 'fb_io_mmap fb_ops.fb_mmap @3']);
    expect(await handlerRows(text, { kernel: '6.1' })).toContain('drm_gem_prime_mmap drm_driver.gem_prime_mmap @6');
  });

  it('a macro that calls itself ends', async () => {
    const text = `#define LOOP(x) LOOP(x) .mmap = x\nLOOP(toy);\nstatic struct file_operations a = { LOOP(toy), .mmap = toy_mmap };\n`;
    expect(await handlerRows(text)).toContain('toy_mmap file_operations.mmap @3');
  });
});

describe('handlers known by their signature alone', () => {
  it('one of each kind', async () => {
    const text = `int toy_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
int toy_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma) { return 0; }
vm_fault_t toy_fault(struct vm_fault *vmf) { return 0; }
int toy_old_fault(struct vm_area_struct *vma, struct vm_fault *vmf) { return 0; }
vm_fault_t toy_page_mkwrite(struct vm_fault *vmf) { return 0; }
vm_fault_t toy_huge_fault(struct vm_fault *vmf, unsigned int order) { return 0; }
int toy_prepare(struct vm_area_desc *desc) { return 0; }
struct page *toy_nopage(struct vm_area_struct *vma, unsigned long address, int *type) { return 0; }
void toy_vma_close(struct vm_area_struct *vma) { }\n`;
    const driver = await driverOf(text);
    expect(driver.handlers.map((handler) => [handler.function, handler.slot, handler.parameter, handler.registeredAt])).toEqual([
      ['toy_mmap', 'signature.mmap', 1, undefined],
      ['toy_gem_mmap', 'signature.mmap', 1, undefined],
      ['toy_fault', 'signature.fault', 0, undefined],
      ['toy_old_fault', 'signature.fault', 1, undefined],
      ['toy_page_mkwrite', 'signature.page_mkwrite', 0, undefined],
      ['toy_huge_fault', 'signature.huge_fault', 0, undefined],
      ['toy_prepare', 'signature.mmap_prepare', 0, undefined],
      ['toy_nopage', 'signature.nopage', 0, undefined],
      ['toy_vma_close', 'signature.close', 0, undefined],
    ]);
  });

  it('neither what is registered nor what the file itself calls', async () => {
    const text = `static int toy_do_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static int toy_mmap(struct file *file, struct vm_area_struct *vma) { return toy_do_mmap(file, vma); }
static const struct file_operations fops = { .mmap = toy_mmap };\n`;
    expect(await handlerRows(text)).toEqual(['toy_mmap file_operations.mmap @3']);
  });

  it('no static function of a header, and no function with other results', async () => {
    const text = `static inline int toy_mmap(struct file *file, struct vm_area_struct *vma) { return -ENODEV; }\n`;
    expect(await handlerRows(text, { path: '/driver/own.h' })).toEqual([]);
    expect(await handlerRows('unsigned long toy_pages(struct file *file, struct vm_area_struct *vma) { return 0; }\n')).toEqual([]);
  });
});

describe('conditionals', () => {
  const text = `${mmap}static const struct file_operations fops = {
#ifdef CONFIG_MMU
\t.mmap = toy_mmap,
#elif defined(CONFIG_TOY)
\t.mmap = toy_second_mmap,
#else
\t.mmap = toy_nommu_mmap,
#endif
};\n`;

  it('the branch that the target compiles is a handler, the others are listed apart', async () => {
    const driver = await driverOf(text);
    expect(driver.handlers.map((handler) => rowOf(text, handler))).toEqual(['toy_mmap file_operations.mmap @7']);
    expect(driver.inactiveHandlers.map((handler) => rowOf(text, handler))).toEqual([
      'toy_second_mmap file_operations.mmap @9',
      'toy_nommu_mmap file_operations.mmap @11',
    ]);
  });

  it('follows the configuration', async () => {
    const driver = await driverOf(text, { config: { CONFIG_MMU: 'n' } });
    expect(driver.handlers.map((handler) => handler.function)).toContain('toy_second_mmap');
    expect(driver.inactiveHandlers.map((handler) => handler.function)).toEqual(['toy_mmap', 'toy_nommu_mmap']);
  });

  it('leaves out dead code and other kernel versions', async () => {
    const dead = `static const struct file_operations fops = {
#if 0
\t.mmap = toy_dead_mmap,
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 0)
\t.mmap = toy_old_mmap,
#else
\t.mmap = toy_new_mmap,
#endif
};\n`;
    const driver = await driverOf(dead);
    expect(driver.handlers.map((handler) => handler.function)).toEqual(['toy_new_mmap']);
    expect(driver.inactiveHandlers).toEqual([]);
  });

  it('finds the function that another configuration puts behind a NULL macro', async () => {
    const hidden = `#ifdef CONFIG_MMU\n#define toy_area NULL\n#else
static unsigned long toy_area(struct file *f, unsigned long a, unsigned long l, unsigned long p, unsigned long g) { return 0; }
#endif\nstatic const struct file_operations fops = {\n\t.get_unmapped_area = toy_area,\n};\n`;
    const driver = await driverOf(hidden);
    expect(driver.handlers).toEqual([]);
    expect(driver.inactiveHandlers.map((handler) => rowOf(hidden, handler))).toEqual(['toy_area file_operations.get_unmapped_area @7']);
  });
});

describe('hostile text', () => {
  it('deep nesting of initializers, macros and parentheses ends', async () => {
    const deep = `static struct file_operations a = ${'{ .x = '.repeat(3000)}1${' }'.repeat(3000)};\nstatic struct file_operations b = { .mmap = ${'('.repeat(2000)}f${')'.repeat(2000)} };\n`;
    const text = `${deep}${mmap}static struct file_operations fops = { .mmap = toy_mmap };\n`;
    expect(await handlerRows(text)).toContain('toy_mmap file_operations.mmap @7');
  });

  it('rubbish gives no handler', async () => {
    expect(await handlerRows('\u0000\u0001 .mmap = = {{{ ((( "')).toEqual([]);
  });
});
