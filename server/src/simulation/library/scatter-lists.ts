/**
 * Scatterlists that the driver has built: an array of pieces (lib/scatterlist.c). The world asks for these where it has seen the list from
 * its beginning, and assumes a buffer otherwise; so their names have a prefix. Lists are never chained.
 */
export const scatterLists = `
struct sg_page_iter {
	struct scatterlist *sg;
	unsigned int sg_pgoffset;
	unsigned int __nents;
	int __pg_advance;
};

struct sg_dma_page_iter {
	struct sg_page_iter base;
};

void built_sg_mark_end(struct scatterlist *sg)
{
	sg->page_link |= 2UL;
}

void built_sg_init_table(struct scatterlist *sgl, unsigned int nents)
{
	unsigned int i;

	for (i = 0; i < nents; i++) {
		sgl[i].page_link = 0;
		sgl[i].offset = 0;
		sgl[i].length = 0;
		sgl[i].dma_address = 0;
		sgl[i].dma_length = 0;
	}
	built_sg_mark_end(&sgl[nents - 1]);
}

struct page *built_sg_page(struct scatterlist *sg)
{
	return (struct page *)(sg->page_link & ~3UL);
}

struct scatterlist *built_sg_next(struct scatterlist *sg)
{
	return sg->page_link & 2UL ? NULL : sg + 1;
}

int built_sg_is_last(struct scatterlist *sg)
{
	return (sg->page_link & 2UL) != 0;
}

void built_sg_assign_page(struct scatterlist *sg, struct page *page)
{
	sg->page_link = (sg->page_link & 3UL) | (unsigned long)page;
}

void built_sg_set_page(struct scatterlist *sg, struct page *page, unsigned int length, unsigned int offset)
{
	built_sg_assign_page(sg, page);
	sg->offset = offset;
	sg->length = length;
}

void built_sg_set_buf(struct scatterlist *sg, const void *buf, unsigned int length)
{
	built_sg_set_page(sg, virt_to_page(buf), length, offset_in_page(buf));
}

void built_sg_init_one(struct scatterlist *sg, const void *buf, unsigned int length)
{
	built_sg_init_table(sg, 1);
	built_sg_set_buf(sg, buf, length);
}

unsigned long long built_sg_phys(struct scatterlist *sg)
{
	return page_to_phys(built_sg_page(sg)) + sg->offset;
}

void *built_sg_virt(struct scatterlist *sg)
{
	return page_address(built_sg_page(sg)) + sg->offset;
}

unsigned long long built_sg_dma_address(struct scatterlist *sg)
{
	return sg->dma_address;
}

unsigned int built_sg_dma_len(struct scatterlist *sg)
{
	return sg->dma_length;
}

int built_sg_alloc_table(struct sg_table *table, unsigned int nents, unsigned int gfp)
{
	table->sgl = kcalloc(nents, sizeof(struct scatterlist), gfp);
	table->nents = 0;
	table->orig_nents = 0;
	if (!nents)
		return -EINVAL;
	if (!table->sgl)
		return -ENOMEM;
	built_sg_init_table(table->sgl, nents);
	table->nents = nents;
	table->orig_nents = nents;
	return 0;
}

void built_sg_free_table(struct sg_table *table)
{
	kfree(table->sgl);
	table->sgl = NULL;
	table->nents = 0;
	table->orig_nents = 0;
}

int built_sg_alloc_table_from_pages_segment(struct sg_table *table, struct page **pages, unsigned int count, unsigned int offset,
					    unsigned long size, unsigned int largest, unsigned int gfp)
{
	unsigned int i, pieces = 1, filled = 0, first = 0, length = 0;
	int err;

	for (i = 1; i < count; i++) {
		length += PAGE_SIZE;
		if (length + PAGE_SIZE > largest || page_to_pfn(pages[i]) != page_to_pfn(pages[i - 1]) + 1) {
			pieces++;
			length = 0;
		}
	}
	err = built_sg_alloc_table(table, pieces, gfp);
	if (err)
		return err;
	length = 0;
	for (i = 1; i <= count; i++) {
		unsigned long bytes;

		length += PAGE_SIZE;
		if (i < count && length + PAGE_SIZE <= largest && page_to_pfn(pages[i]) == page_to_pfn(pages[i - 1]) + 1)
			continue;
		bytes = (unsigned long)(i - first) * PAGE_SIZE - offset;
		if (bytes > size)
			bytes = size;
		built_sg_set_page(&table->sgl[filled++], pages[first], bytes, offset);
		size -= bytes;
		offset = 0;
		first = i;
		length = 0;
	}
	return 0;
}

int built_sg_alloc_table_from_pages(struct sg_table *table, struct page **pages, unsigned int count, unsigned int offset,
				    unsigned long size, unsigned int gfp)
{
	return built_sg_alloc_table_from_pages_segment(table, pages, count, offset, size, 0xfffff000U, gfp);
}

int built_sg_nents(struct scatterlist *sg)
{
	int count = 0;

	for (; sg; sg = built_sg_next(sg))
		count++;
	return count;
}

int built_sg_nents_for_len(struct scatterlist *sg, unsigned long long length)
{
	unsigned long long total = 0;
	int count = 0;

	if (!length)
		return 0;
	for (; sg; sg = built_sg_next(sg)) {
		count++;
		total += sg->length;
		if (total >= length)
			return count;
	}
	return -EINVAL;
}

struct scatterlist *built_sg_last(struct scatterlist *sgl, unsigned int nents)
{
	return &sgl[nents - 1];
}

unsigned long built_sg_copy(struct scatterlist *sg, unsigned int nents, char *buf, unsigned long length, long long skip, int to_buffer)
{
	unsigned long copied = 0, part;
	char *memory;

	for (; sg && nents && copied < length; sg = built_sg_next(sg), nents--) {
		if (skip >= sg->length) {
			skip -= sg->length;
			continue;
		}
		part = sg->length - skip;
		if (part > length - copied)
			part = length - copied;
		memory = built_sg_virt(sg);
		if (to_buffer)
			memcpy(buf + copied, memory + skip, part);
		else
			memcpy(memory + skip, buf + copied, part);
		copied += part;
		skip = 0;
	}
	return copied;
}

unsigned long built_sg_copy_from_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, unsigned long length)
{
	return built_sg_copy(sgl, nents, buf, length, 0, 0);
}

unsigned long built_sg_copy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, unsigned long length)
{
	return built_sg_copy(sgl, nents, buf, length, 0, 1);
}

unsigned long built_sg_pcopy_from_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, unsigned long length, long long skip)
{
	return built_sg_copy(sgl, nents, buf, length, skip, 0);
}

unsigned long built_sg_pcopy_to_buffer(struct scatterlist *sgl, unsigned int nents, void *buf, unsigned long length, long long skip)
{
	return built_sg_copy(sgl, nents, buf, length, skip, 1);
}

int built_dma_map_sg(void *dev, struct scatterlist *sg, int nents, int direction)
{
	int i;

	for (i = 0; i < nents && sg; i++, sg = built_sg_next(sg)) {
		sg->dma_address = built_sg_phys(sg);
		sg->dma_length = sg->length;
	}
	return nents;
}

int built_dma_map_sgtable(void *dev, struct sg_table *table, int direction, unsigned long attributes)
{
	table->nents = built_dma_map_sg(dev, table->sgl, table->orig_nents, direction);
	return 0;
}

void built_page_iter_start(struct sg_page_iter *iter, struct scatterlist *sgl, unsigned int nents, unsigned long first)
{
	iter->sg = sgl;
	iter->sg_pgoffset = first;
	iter->__nents = nents;
	iter->__pg_advance = 0;
}

bool built_page_iter_next(struct sg_page_iter *iter)
{
	if (!iter->__nents || !iter->sg)
		return false;
	iter->sg_pgoffset += iter->__pg_advance;
	iter->__pg_advance = 1;
	while (iter->sg_pgoffset >= (iter->sg->offset + iter->sg->length + PAGE_SIZE - 1) / PAGE_SIZE) {
		iter->sg_pgoffset -= (iter->sg->offset + iter->sg->length + PAGE_SIZE - 1) / PAGE_SIZE;
		iter->sg = built_sg_next(iter->sg);
		if (!--iter->__nents || !iter->sg)
			return false;
	}
	return true;
}

struct page *built_sg_page_iter_page(struct sg_page_iter *iter)
{
	return pfn_to_page(page_to_pfn(built_sg_page(iter->sg)) + iter->sg_pgoffset);
}

unsigned long long built_sg_page_iter_dma_address(struct sg_dma_page_iter *iter)
{
	return iter->base.sg->dma_address + ((unsigned long long)iter->base.sg_pgoffset << PAGE_SHIFT);
}
`;
