/** Sorting and searching by a function of the driver (lib/sort.c, lib/bsearch.c, lib/list_sort.c). Sizes are of bytes. */
export const order = `
void swap_bytes(unsigned char *left, unsigned char *right, int size)
{
	while (size-- > 0) {
		unsigned char byte = *left;

		*left++ = *right;
		*right++ = byte;
	}
}

void sort(void *base, unsigned long count, unsigned long size, int (*cmp)(const void *, const void *),
	  void (*exchange)(void *, void *, int))
{
	unsigned char *start = base;
	unsigned long i, j, least;

	for (i = 0; i + 1 < count; i++) {
		least = i;
		for (j = i + 1; j < count; j++)
			if (cmp(start + j * size, start + least * size) < 0)
				least = j;
		if (least == i)
			continue;
		if (exchange)
			exchange(start + i * size, start + least * size, size);
		else
			swap_bytes(start + i * size, start + least * size, size);
	}
}

void sort_r(void *base, unsigned long count, unsigned long size, int (*cmp)(const void *, const void *, const void *),
	    void (*exchange)(void *, void *, int, const void *), const void *priv)
{
	unsigned char *start = base;
	unsigned long i, j, least;

	for (i = 0; i + 1 < count; i++) {
		least = i;
		for (j = i + 1; j < count; j++)
			if (cmp(start + j * size, start + least * size, priv) < 0)
				least = j;
		if (least == i)
			continue;
		if (exchange)
			exchange(start + i * size, start + least * size, size, priv);
		else
			swap_bytes(start + i * size, start + least * size, size);
	}
}

void *bsearch(const void *key, const void *base, unsigned long count, unsigned long size, int (*cmp)(const void *, const void *))
{
	const char *start = base;
	unsigned long first = 0, middle;
	int way;

	while (count) {
		middle = first + count / 2;
		way = cmp(key, start + middle * size);
		if (way == 0)
			return (void *)(start + middle * size);
		if (way > 0) {
			count -= count / 2 + 1;
			first = middle + 1;
		} else {
			count /= 2;
		}
	}
	return NULL;
}

void list_sort(void *priv, struct list_head *head, int (*cmp)(void *, const struct list_head *, const struct list_head *))
{
	struct list_head *each = head->next, *at, *next;

	INIT_LIST_HEAD(head);
	while (each != head) {
		next = each->next;
		at = head->prev;
		while (at != head && cmp(priv, at, each) > 0)
			at = at->prev;
		list_add(each, at);
		each = next;
	}
}
`;
