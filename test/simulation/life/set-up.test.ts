/** The driver's own init, probe, open, ioctl, release, remove and exit functions around its mappings. */
import { describe, expect, test } from 'vitest';
import { resultAt, textAt, traceOf } from '../support/simulate.ts';

/** A platform driver with a character device: what `probe` holds, and functions of the file besides open and mmap. */
function platformDriver({ probe = '', remove = '', ops = '', functions = '', fields = '', owner = '.owner = THIS_MODULE,' } = {}): string {
  return `
struct plate {
	struct cdev cdev;
	struct device *dev;
	void *buffer;
	size_t size;
	u32 mode;
	${fields}
};

static dev_t plate_number;

static int plate_open(struct inode *inode, struct file *file)
{
	file->private_data = container_of(inode->i_cdev, struct plate, cdev);
	return 0;
}
${functions}
static int plate_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct plate *plate = file->private_data;

	if (!plate->buffer)
		return -ENODATA;
	if (vma->vm_end - vma->vm_start > plate->size)
		return -EINVAL;
	return remap_vmalloc_range(vma, plate->buffer, vma->vm_pgoff);
}

static const struct file_operations plate_fops = {
	${owner}
	.open = plate_open,
	.mmap = plate_mmap,
	${ops}
};

static int plate_probe(struct platform_device *pdev)
{
	struct plate *plate = devm_kzalloc(&pdev->dev, sizeof(*plate), GFP_KERNEL);

	if (!plate)
		return -ENOMEM;
	plate->dev = &pdev->dev;
	${probe}
	platform_set_drvdata(pdev, plate);
	cdev_init(&plate->cdev, &plate_fops);
	return cdev_add(&plate->cdev, plate_number, 1);
}

static void plate_remove(struct platform_device *pdev)
{
	struct plate *plate = platform_get_drvdata(pdev);

	cdev_del(&plate->cdev);
	${remove}
}

static struct platform_driver plate_driver = {
	.probe = plate_probe,
	.remove = plate_remove,
	.driver = { .name = "plate" },
};

static int __init plate_init(void)
{
	int err = alloc_chrdev_region(&plate_number, 0, 1, "plate");

	if (err)
		return err;
	return platform_driver_register(&plate_driver);
}
module_init(plate_init);

static void __exit plate_exit(void)
{
	platform_driver_unregister(&plate_driver);
}
module_exit(plate_exit);
`;
}

const threePages = `plate->size = 3 * PAGE_SIZE;
	plate->buffer = vmalloc_user(plate->size);
	if (!plate->buffer)
		return -ENOMEM;
	((u32 *)plate->buffer)[0] = 0x1234;`;

describe('the set-up', () => {
  test('gives mmap the object that probe allocated, through i_cdev and container_of', async () => {
    const trace = await traceOf(platformDriver({ probe: threePages }), {
      scenario:
        'open rw\na = mmap len 3p prot rw shared\nread a expect value 0x1234\nread a+2p expect value 0\nb = mmap len 4p prot rw shared expect EINVAL\n',
    });
    expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [], failedExpectations: [] });
    const setUp = trace.assumptions.find(({ name }) => name === 'the set-up');
    expect(setUp?.value).toBe('plate_init, then plate_probe');
    expect(trace.assumptions.filter(({ name }) => /->(size|buffer)$/.test(name))).toEqual([]);
  });

  test('that fails is not used, with its reason, and the state is assumed', async () => {
    const trace = await traceOf(platformDriver({ probe: `${threePages}\n\tif (plate->size != 7)\n\t\treturn -ENODEV;` }));
    const setUp = trace.assumptions.find(({ name }) => name === 'the set-up');
    expect(setUp).toMatchObject({ value: 'assumed', reason: expect.stringContaining('plate_probe fails') });
    expect(resultAt(trace, 3)).toMatch(/^mmap\(2\) returns 0x/);
  });

  test('is tried with another answer to the last question before it gives up', async () => {
    const trace = await traceOf(platformDriver({ probe: `if (!plate_strange())\n\t\treturn -ENODEV;\n\t${threePages}` }));
    expect(trace.assumptions.find(({ name }) => name === 'the set-up')?.value).toBe('plate_init, then plate_probe');
    expect(trace.assumptions.find(({ name }) => name === 'plate_strange()')?.value).toBe('1');
    expect(resultAt(trace, 3)).toMatch(/^mmap\(2\) returns 0x/);
  });

  test('is no assumption where a macro of the kernel registers the device and nothing of the driver runs', async () => {
    const trace = await traceOf(`
static int plate_mmap(struct file *file, struct vm_area_struct *vma)
{
	return 0;
}

static const struct file_operations plate_fops = { .owner = THIS_MODULE, .mmap = plate_mmap };
static struct miscdevice plate_device = { .name = "plate", .fops = &plate_fops };

module_misc_device(plate_device);
`);
    expect(trace.verdict.outcome).toBe('completed');
    expect(trace.assumptions.map(({ name }) => name)).not.toContain('the set-up');
  });

  test('leaves what only an ioctl sets at 0, until the scenario calls it', async () => {
    const driver = platformDriver({
      functions: `
#define PLATE_GROW _IOW('p', 1, u32)

static long plate_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct plate *plate = file->private_data;
	u32 pages;

	if (cmd != PLATE_GROW)
		return -ENOTTY;
	if (get_user(pages, (u32 __user *)arg))
		return -EFAULT;
	if (pages == 0 || pages > 8)
		return -EINVAL;
	plate->size = pages * PAGE_SIZE;
	plate->buffer = vmalloc_user(plate->size);
	return plate->buffer ? 0 : -ENOMEM;
}
`,
      ops: '.unlocked_ioctl = plate_ioctl,',
    });
    const before = await traceOf(driver, { scenario: 'open rw\na = mmap len 2p prot rw shared expect ENODATA\n' });
    expect(before.verdict.failedExpectations).toEqual([]);
    const after = await traceOf(driver, {
      scenario: [
        'open rw',
        'ioctl PLATE_GROW { u32 9 } expect EINVAL',
        'ioctl 77 { u32 1 } expect ENOTTY',
        'ioctl PLATE_GROW 0 expect EFAULT',
        'ioctl PLATE_GROW { u32 2 }',
        'a = mmap len 2p prot rw shared',
        'write a+1p 5',
        'b = mmap len 3p prot rw shared expect EINVAL',
        '',
      ].join('\n'),
    });
    expect(after.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
    const searched = await traceOf(driver);
    expect(searched.assumptions.find(({ name }) => name === 'plate_ioctl() has run')?.value).toBe('yes');
    expect(resultAt(searched, 3)).toMatch(/^mmap\(2\) returns 0x/);
  });

  test('asks for what a function of another file may have filled', async () => {
    const driver = platformDriver({ probe: `${threePages}\n\tplate_fill(plate);` });
    const trace = await traceOf(driver.replace('if (!plate->buffer)', 'if (!plate->mode)\n\t\treturn -EPERM;\n\tif (!plate->buffer)'));
    expect(trace.assumptions.find(({ name }) => name === 'plate->mode')).toBeDefined();
    expect(resultAt(trace, 3)).toMatch(/^mmap\(2\) returns 0x/);
  });
});

describe('the end', () => {
  test('release runs after the last vma, not at close', async () => {
    const driver = platformDriver({
      probe: threePages,
      functions: 'static int plate_release(struct inode *inode, struct file *file)\n{\n\treturn 0;\n}\n',
      ops: '.release = plate_release,',
    });
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nclose\nmunmap a\n' });
    expect(textAt(trace, 3)).not.toContain('plate_release');
    expect(textAt(trace, 4)).toContain('plate_release(');
  });

  test('the removal of the device frees what devm functions allocated', async () => {
    const driver = platformDriver({ probe: threePages });
    const trace = await traceOf(driver, {
      scenario: 'open rw\na = mmap len 1p prot rw shared\nunplug\nb = mmap len 1p prot rw shared expect problem oops\n',
    });
    expect(textAt(trace, 3)).toContain('plate_remove(');
    expect(trace.verdict.problems.map(({ message }) => message).join()).toContain('is used after its memory was freed');
  });

  test('memory that remove frees is still mapped', async () => {
    const driver = platformDriver({
      probe: `plate->size = 2 * PAGE_SIZE;\n\tplate->buffer = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);`,
      remove: 'free_pages((unsigned long)plate->buffer, 1);',
    }).replace(
      'return remap_vmalloc_range(vma, plate->buffer, vma->vm_pgoff);',
      'return remap_pfn_range(vma, vma->vm_start, page_to_pfn(virt_to_page(plate->buffer)), PAGE_SIZE, vma->vm_page_prot);',
    );
    const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a 1\nunplug expect problem\n' });
    expect(trace.verdict.problems.map(({ kind }) => kind)).toContain('freed-while-mapped');
  });

  test.each([
    ['with an owner the module stays while a file is open', '.owner = THIS_MODULE,', 'rmmod expect EAGAIN\n'],
    ['without one its code is gone under the mapping', '', 'rmmod\nclose\nb = mmap len 1p prot rw shared expect problem oops\n'],
  ])('%s', async (_, owner, rest) => {
    const open = rest.includes('close') ? rest.replace('close\n', '') : rest;
    const trace = await traceOf(platformDriver({ probe: threePages, owner }), {
      scenario: `open rw\na = mmap len 1p prot rw shared\n${open}`,
    });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });

  test('after the last close the exit function runs', async () => {
    const trace = await traceOf(platformDriver({ probe: threePages }), {
      scenario: 'open rw\na = mmap len 1p prot rw shared\nmunmap a\nclose\nrmmod\n',
    });
    expect(textAt(trace, 5)).toMatch(/plate_remove\([\s\S]*plate_exit\(/);
  });
});

describe('registrations', () => {
  test('a misc device finds its struct from file->private_data', async () => {
    const trace = await traceOf(
      `
struct mint { struct miscdevice misc; void *area; };

static int mint_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mint *mint = container_of(file->private_data, struct mint, misc);

	return remap_vmalloc_range(vma, mint->area, 0);
}
static const struct file_operations mint_fops = { .owner = THIS_MODULE, .mmap = mint_mmap };
static struct mint *mint;
static int mint_open(struct inode *inode, struct file *file) { return 0; }
static const struct file_operations other_fops = { .owner = THIS_MODULE, .open = mint_open };
static int __init mint_init(void)
{
	mint = kzalloc(sizeof(*mint), GFP_KERNEL);
	if (!mint)
		return -ENOMEM;
	mint->area = vmalloc_user(PAGE_SIZE);
	mint->misc.minor = MISC_DYNAMIC_MINOR;
	mint->misc.fops = &mint_fops;
	return misc_register(&mint->misc);
}
module_init(mint_init);
`
        .replace('.mmap = mint_mmap }', '.open = mint_open, .mmap = mint_mmap }')
        .replace(
          'static const struct file_operations mint_fops',
          'static int mint_open(struct inode *inode, struct file *file);\nstatic const struct file_operations mint_fops',
        ),
      { scenario: 'open rw\na = mmap len 1p prot rw shared\nread a expect value 0\nb = mmap len 2p prot rw shared expect EINVAL\n' },
    );
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });

  test('uio gets the info that the driver registers', async () => {
    const trace = await traceOf(
      `
static struct uio_info quartz_info;
static struct page *quartz_page;

static int quartz_mmap(struct uio_info *info, struct vm_area_struct *vma)
{
	if (info->mem[0].size < vma->vm_end - vma->vm_start)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, info->mem[0].addr >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
static int quartz_probe(struct platform_device *pdev)
{
	quartz_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	quartz_info.mem[0].addr = page_to_phys(quartz_page);
	quartz_info.mem[0].size = PAGE_SIZE;
	quartz_info.mmap = quartz_mmap;
	return uio_register_device(&pdev->dev, &quartz_info);
}
static struct platform_driver quartz_driver = { .probe = quartz_probe };
module_platform_driver(quartz_driver);
`,
      { scenario: 'open rw\na = mmap len 1p prot rw shared\nread a expect value 0\nb = mmap len 2p prot rw shared expect EINVAL\n' },
    );
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });
});
