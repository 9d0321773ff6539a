/** Buffers that the driver itself exports (drivers/dma-buf/dma-buf.c), and the addresses in which they are seen (linux/iosys-map.h). */
export const dmaBufs = `
struct iosys_map {
	void *vaddr;
	bool is_iomem;
};

#define IOSYS_MAP_INIT_VADDR(address) { .vaddr = (address), .is_iomem = false }
#define iosys_map_rd(map, offset, type) (*(type *)((map)->vaddr + (offset)))
#define iosys_map_wr(map, offset, type, value) ((void)(*(type *)((map)->vaddr + (offset)) = (value)))

void iosys_map_set_vaddr(struct iosys_map *map, void *vaddr)
{
	map->vaddr = vaddr;
	map->is_iomem = false;
}

void iosys_map_set_vaddr_iomem(struct iosys_map *map, void *vaddr)
{
	map->vaddr = vaddr;
	map->is_iomem = true;
}

void iosys_map_clear(struct iosys_map *map)
{
	iosys_map_set_vaddr(map, NULL);
}

bool iosys_map_is_null(const struct iosys_map *map)
{
	return !map->vaddr;
}

bool iosys_map_is_set(const struct iosys_map *map)
{
	return map->vaddr != NULL;
}

void iosys_map_incr(struct iosys_map *map, unsigned long bytes)
{
	map->vaddr += bytes;
}

void iosys_map_memcpy_to(struct iosys_map *map, unsigned long offset, const void *from, unsigned long length)
{
	memcpy(map->vaddr + offset, from, length);
}

void iosys_map_memcpy_from(void *to, const struct iosys_map *map, unsigned long offset, unsigned long length)
{
	memcpy(to, map->vaddr + offset, length);
}

void iosys_map_memset(struct iosys_map *map, unsigned long offset, int value, unsigned long length)
{
	memset(map->vaddr + offset, value, length);
}

struct dma_buf_export_info {
	const char *exp_name;
	struct module *owner;
	const struct dma_buf_ops *ops;
	unsigned long size;
	int flags;
	struct dma_resv *resv;
	void *priv;
};

struct dma_buf {
	unsigned long size;
	struct file *file;
	struct list_head attachments;
	const struct dma_buf_ops *ops;
	unsigned int vmapping_counter;
	struct iosys_map vmap_ptr;
	const char *exp_name;
	const char *name;
	struct module *owner;
	void *priv;
};

struct dma_buf *dma_buf_export(const struct dma_buf_export_info *info)
{
	struct dma_buf *buffer;

	if (WARN_ON(!info->priv || !info->ops || !info->ops->map_dma_buf || !info->ops->unmap_dma_buf || !info->ops->release))
		return ERR_PTR(-EINVAL);
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->size = info->size;
	buffer->ops = info->ops;
	buffer->priv = info->priv;
	buffer->owner = info->owner;
	buffer->exp_name = info->exp_name;
	INIT_LIST_HEAD(&buffer->attachments);
	buffer->file = dma_buf_getfile(buffer);
	return buffer;
}

void own_dma_buf_ended(struct dma_buf *buffer)
{
	buffer->ops->release(buffer);
	kfree(buffer);
}

int own_dma_buf_mmap(struct dma_buf *buffer, struct vm_area_struct *vma, unsigned long pgoff)
{
	if (!buffer->ops->mmap)
		return -EINVAL;
	if (pgoff + vma_pages(vma) < pgoff)
		return -EOVERFLOW;
	if (pgoff + vma_pages(vma) > buffer->size >> PAGE_SHIFT)
		return -EINVAL;
	vma_set_file(vma, buffer->file);
	vma->vm_pgoff = pgoff;
	return buffer->ops->mmap(buffer, vma);
}

int own_dma_buf_vmap(struct dma_buf *buffer, struct iosys_map *map)
{
	struct iosys_map found;
	int err;

	iosys_map_clear(map);
	if (!buffer->ops->vmap)
		return -EINVAL;
	if (buffer->vmapping_counter++) {
		*map = buffer->vmap_ptr;
		return 0;
	}
	iosys_map_clear(&found);
	err = buffer->ops->vmap(buffer, &found);
	if (err) {
		buffer->vmapping_counter--;
		return err;
	}
	buffer->vmap_ptr = found;
	*map = found;
	return 0;
}

void own_dma_buf_vunmap(struct dma_buf *buffer, struct iosys_map *map)
{
	if (--buffer->vmapping_counter)
		return;
	if (buffer->ops->vunmap)
		buffer->ops->vunmap(buffer, map);
	iosys_map_clear(&buffer->vmap_ptr);
}

int own_dma_buf_begin_cpu_access(struct dma_buf *buffer, int direction)
{
	return buffer->ops->begin_cpu_access ? buffer->ops->begin_cpu_access(buffer, direction) : 0;
}

int own_dma_buf_end_cpu_access(struct dma_buf *buffer, int direction)
{
	return buffer->ops->end_cpu_access ? buffer->ops->end_cpu_access(buffer, direction) : 0;
}

void own_dma_buf_put(struct dma_buf *buffer)
{
	fput(buffer->file);
}

void own_get_dma_buf(struct dma_buf *buffer)
{
	get_file(buffer->file);
}
`;
