/** Pools of memory that a driver brings itself: pieces of it are handed out in units, the first that fits (lib/genalloc.c). */
export const pools = `
struct gen_pool_chunk {
	struct gen_pool_chunk *next;
	unsigned long start;
	unsigned long size;
	unsigned long long phys;
	unsigned long *used;
};

struct gen_pool {
	struct gen_pool_chunk *chunks;
	int order;
};

struct gen_pool *gen_pool_create(int order, int node)
{
	struct gen_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (pool)
		pool->order = order;
	return pool;
}

struct gen_pool *devm_gen_pool_create(struct device *dev, int order, int node, const char *name)
{
	return gen_pool_create(order, node);
}

int gen_pool_add_virt(struct gen_pool *pool, unsigned long start, unsigned long long phys, unsigned long size, int node)
{
	struct gen_pool_chunk *chunk = kzalloc(sizeof(*chunk), GFP_KERNEL);
	struct gen_pool_chunk **last = &pool->chunks;

	if (!chunk)
		return -ENOMEM;
	chunk->used = kcalloc(((size >> pool->order) + 63) / 64, sizeof(unsigned long), GFP_KERNEL);
	chunk->start = start;
	chunk->phys = phys;
	chunk->size = size;
	while (*last)
		last = &(*last)->next;
	*last = chunk;
	return 0;
}

int gen_pool_add(struct gen_pool *pool, unsigned long start, unsigned long size, int node)
{
	return gen_pool_add_virt(pool, start, ~0ULL, size, node);
}

unsigned long gen_pool_alloc(struct gen_pool *pool, unsigned long size)
{
	unsigned long units = (size + (1UL << pool->order) - 1) >> pool->order;
	struct gen_pool_chunk *chunk;

	if (!size)
		return 0;
	for (chunk = pool->chunks; chunk; chunk = chunk->next) {
		unsigned long all = chunk->size >> pool->order;
		unsigned long at = bitmap_find_next_zero_area(chunk->used, all, 0, units, 0);

		if (at + units > all)
			continue;
		bitmap_set(chunk->used, at, units);
		return chunk->start + (at << pool->order);
	}
	return 0;
}

struct gen_pool_chunk *gen_pool_chunk_of(struct gen_pool *pool, unsigned long address)
{
	struct gen_pool_chunk *chunk;

	for (chunk = pool->chunks; chunk; chunk = chunk->next)
		if (address >= chunk->start && address < chunk->start + chunk->size)
			return chunk;
	return NULL;
}

void gen_pool_free(struct gen_pool *pool, unsigned long address, unsigned long size)
{
	struct gen_pool_chunk *chunk = gen_pool_chunk_of(pool, address);

	BUG_ON(!chunk);
	bitmap_clear(chunk->used, (address - chunk->start) >> pool->order, (size + (1UL << pool->order) - 1) >> pool->order);
}

unsigned long long gen_pool_virt_to_phys(struct gen_pool *pool, unsigned long address)
{
	struct gen_pool_chunk *chunk = gen_pool_chunk_of(pool, address);

	return chunk ? chunk->phys + (address - chunk->start) : ~0ULL;
}

void *gen_pool_dma_alloc(struct gen_pool *pool, unsigned long size, unsigned long long *dma)
{
	unsigned long address = gen_pool_alloc(pool, size);

	if (address && dma)
		*dma = gen_pool_virt_to_phys(pool, address);
	return (void *)address;
}

bool gen_pool_has_addr(struct gen_pool *pool, unsigned long address, unsigned long size)
{
	struct gen_pool_chunk *chunk = gen_pool_chunk_of(pool, address);

	return chunk && address + size <= chunk->start + chunk->size;
}

unsigned long gen_pool_avail(struct gen_pool *pool)
{
	struct gen_pool_chunk *chunk;
	unsigned long units = 0;

	for (chunk = pool->chunks; chunk; chunk = chunk->next)
		units += (chunk->size >> pool->order) - bitmap_weight(chunk->used, chunk->size >> pool->order);
	return units << pool->order;
}

unsigned long gen_pool_size(struct gen_pool *pool)
{
	struct gen_pool_chunk *chunk;
	unsigned long size = 0;

	for (chunk = pool->chunks; chunk; chunk = chunk->next)
		size += chunk->size;
	return size;
}

void gen_pool_destroy(struct gen_pool *pool)
{
	struct gen_pool_chunk *chunk, *next;

	for (chunk = pool->chunks; chunk; chunk = next) {
		next = chunk->next;
		BUG_ON(!bitmap_empty(chunk->used, chunk->size >> pool->order));
		kfree(chunk->used);
		kfree(chunk);
	}
	kfree(pool);
}
`;
