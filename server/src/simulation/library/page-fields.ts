/** What a driver keeps in the pages that it owns (include/linux/mm.h, include/linux/pagemap.h). */
export const pageFields = `
unsigned long page_private(struct page *page)
{
	return page->private;
}

void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

void attach_page_private(struct page *page, void *data)
{
	get_page(page);
	page->private = (unsigned long)data;
}

void *detach_page_private(struct page *page)
{
	void *data = (void *)page->private;

	if (!data)
		return data;
	page->private = 0;
	put_page(page);
	return data;
}
`;
