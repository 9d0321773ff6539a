// kernel: 6.12
/* A DMA buffer: dma_mmap_coherent() compares the vma with the size that it is told. */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct sampler {
	struct device *dev;
	void *cpu;
	dma_addr_t dma;
	size_t bytes;
};

static int sampler_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct sampler *s = file->private_data;
	int ret;

	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE);
	ret = dma_mmap_coherent(s->dev, vma, s->cpu, s->dma, s->bytes);
	if (ret)
		return ret;
	return 0;
}

static const struct file_operations sampler_fops = {
	.owner = THIS_MODULE,
	.mmap = sampler_mmap,
};
