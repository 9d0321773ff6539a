// SPDX-License-Identifier: MIT
/*
 * Exports its memory as a dma-buf, which the file's mmap() hands on to. ioctl 0x101 PAGES makes the buffer, 0x102 puts it, 0x103 N reads word N through a
 * vmap of the buffer, 0x104 tells how many attachments and mappings there were.
 */
#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/iosys-map.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct export {
	unsigned int count;
	struct page *pages[];
};

static DEFINE_MUTEX(export_lock);
static struct dma_buf *export_buffer;
static int export_released;

static struct sg_table *export_map(struct dma_buf_attachment *attachment, enum dma_data_direction direction)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static void export_unmap(struct dma_buf_attachment *attachment, struct sg_table *table, enum dma_data_direction direction)
{
}

static void export_release(struct dma_buf *buffer)
{
	struct export *export = buffer->priv;
	unsigned int i;

	for (i = 0; i < export->count; i++)
		__free_page(export->pages[i]);
	kfree(export);
	export_released++;
}

static vm_fault_t export_fault(struct vm_fault *vmf)
{
	struct export *export = vmf->vma->vm_private_data;

	count_fault++;
	if (vmf->pgoff >= export->count)
		return VM_FAULT_SIGBUS;
	vmf->page = export->pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static void export_vma_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void export_vma_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct export_vm_ops = {
	.open = export_vma_open,
	.close = export_vma_close,
	.fault = export_fault,
};

static int export_mmap_buffer(struct dma_buf *buffer, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) == 0)
		return -EINVAL;
	vma->vm_private_data = buffer->priv;
	vma->vm_ops = &export_vm_ops;
	return 0;
}

static int export_vmap(struct dma_buf *buffer, struct iosys_map *map)
{
	struct export *export = buffer->priv;
	void *address = vmap(export->pages, export->count, VM_MAP, PAGE_KERNEL);

	if (!address)
		return -ENOMEM;
	iosys_map_set_vaddr(map, address);
	return 0;
}

static void export_vunmap(struct dma_buf *buffer, struct iosys_map *map)
{
	vunmap(map->vaddr);
	iosys_map_clear(map);
}

static const struct dma_buf_ops export_ops = {
	.map_dma_buf = export_map,
	.unmap_dma_buf = export_unmap,
	.release = export_release,
	.mmap = export_mmap_buffer,
	.vmap = export_vmap,
	.vunmap = export_vunmap,
};

static struct dma_buf *export_create(unsigned int count)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct export *export;
	struct dma_buf *buffer;
	unsigned int i;

	export = kzalloc(struct_size(export, pages, count), GFP_KERNEL);
	if (!export)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++) {
		export->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!export->pages[i])
			goto fail;
		*(u32 *)page_address(export->pages[i]) = 0xb0f0 + i;
	}
	export->count = count;
	info.ops = &export_ops;
	info.size = (size_t)count << PAGE_SHIFT;
	info.flags = O_RDWR | O_CLOEXEC;
	info.priv = export;
	buffer = dma_buf_export(&info);
	if (!IS_ERR(buffer))
		return buffer;
fail:
	while (i--)
		__free_page(export->pages[i]);
	kfree(export);
	return ERR_PTR(-ENOMEM);
}

static long export_word(unsigned long index)
{
	struct iosys_map map = {};
	long word;
	int err;

	if (!export_buffer)
		return -ENODEV;
	if (index * sizeof(u32) >= export_buffer->size)
		return -EINVAL;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	err = dma_buf_vmap(export_buffer, &map);
#else
	err = dma_buf_vmap_unlocked(export_buffer, &map);
#endif
	if (err)
		return err;
	word = iosys_map_rd(&map, index * sizeof(u32), u32);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	dma_buf_vunmap(export_buffer, &map);
#else
	dma_buf_vunmap_unlocked(export_buffer, &map);
#endif
	return word;
}

static long export_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct dma_buf *buffer;
	long result = -ENOTTY;

	mutex_lock(&export_lock);
	switch (command) {
	case 0x101:
		result = -EBUSY;
		if (export_buffer)
			break;
		buffer = argument ? export_create(argument) : ERR_PTR(-EINVAL);
		result = PTR_ERR_OR_ZERO(buffer);
		if (!result)
			export_buffer = buffer;
		break;
	case 0x102:
		result = export_buffer ? 0 : -ENODEV;
		if (export_buffer)
			dma_buf_put(export_buffer);
		export_buffer = NULL;
		break;
	case 0x103:
		result = export_word(argument);
		break;
	case 0x104:
		result = export_released;
		break;
	}
	mutex_unlock(&export_lock);
	return result;
}

static int export_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err = -ENODEV;

	count_mmap++;
	mutex_lock(&export_lock);
	if (export_buffer)
		err = dma_buf_mmap(export_buffer, vma, vma->vm_pgoff);
	mutex_unlock(&export_lock);
	return err;
}

static const struct file_operations export_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = export_ioctl,
	.mmap = export_mmap,
};

static struct miscdevice export_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "export-buffer",
	.fops = &export_fops,
};

static int __init export_init(void)
{
	return misc_register(&export_device);
}
module_init(export_init);

static void __exit export_exit(void)
{
	misc_deregister(&export_device);
	if (export_buffer)
		dma_buf_put(export_buffer);
}
module_exit(export_exit);

MODULE_DESCRIPTION("A dma-buf behind a device file");
MODULE_LICENSE("GPL");
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(DMA_BUF);
#endif
