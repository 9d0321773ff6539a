/** Small drivers of our own: each shows one way to map memory. */

/** A driver around the body of its mmap handler. `priv` is what the handler finds in `file->private_data`. */
export function driverWith(mmap: string, more = ''): string {
  return `
#define BUF_SIZE (16 * PAGE_SIZE)
struct priv {
	struct device *dev;
	void *buf;
	dma_addr_t handle;
	phys_addr_t base;
	unsigned long size;
	struct page *page;
	struct page **pages;
	unsigned int npages;
};

static int setup(struct priv *priv, struct pci_dev *pdev)
{
	priv->base = pci_resource_start(pdev, 0);
	priv->size = pci_resource_len(pdev, 0);
	priv->buf = dma_alloc_coherent(priv->dev, BUF_SIZE, &priv->handle, GFP_KERNEL);
	priv->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	priv->npages = 4;
	return 0;
}

${more}

static int test_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct priv *priv = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;

	${mmap}
}

static const struct file_operations test_fops = {
	.mmap = test_mmap,
};
`;
}

/** Maps a window of the device, checked. */
export const remapDriver = driverWith(`
	if (vma->vm_pgoff > priv->size >> PAGE_SHIFT || size > priv->size - (vma->vm_pgoff << PAGE_SHIFT))
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (priv->base >> PAGE_SHIFT) + vma->vm_pgoff, size, vma->vm_page_prot);
`);

/** Pages by fault, with counted opens and closes. */
export const faultDriver = driverWith(
  `
	if (vma_pages(vma) > 4)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_private_data = priv;
	vma->vm_ops = &test_vm_ops;
	test_open(vma);
	return 0;
`,
  `
static int users;

static void test_open(struct vm_area_struct *vma)
{
	users++;
}

static void test_close(struct vm_area_struct *vma)
{
	users--;
}

static vm_fault_t test_fault(struct vm_fault *vmf)
{
	struct priv *priv = vmf->vma->vm_private_data;

	if (vmf->pgoff > 0)
		return VM_FAULT_SIGBUS;
	vmf->page = priv->page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct test_vm_ops = {
	.open = test_open,
	.close = test_close,
	.fault = test_fault,
};
`,
);
