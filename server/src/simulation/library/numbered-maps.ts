/** Limits of the numbers that an xarray hands out (include/linux/xarray.h); the maps themselves are a service. */
export const numberedMaps = `
struct xa_limit {
	unsigned int max;
	unsigned int min;
};

#define XA_FLAGS_ALLOC 4U
#define XA_FLAGS_ALLOC1 12U
#define XA_LIMIT(first, last) ((struct xa_limit){ .max = (last), .min = (first) })
#define xa_limit_32b XA_LIMIT(0, 0xffffffffU)
#define xa_limit_31b XA_LIMIT(0, 0x7fffffff)
#define xa_limit_16b XA_LIMIT(0, 0xffff)
#define xa_alloc_irq(map, id, entry, limit, gfp) xa_alloc((map), (id), (entry), (limit), (gfp))
#define xa_alloc_bh(map, id, entry, limit, gfp) xa_alloc((map), (id), (entry), (limit), (gfp))

int xa_alloc(struct xarray *map, unsigned int *id, void *entry, struct xa_limit limit, unsigned int gfp)
{
	return xa_alloc_between(map, id, entry, limit.min, limit.max);
}

int xa_alloc_cyclic(struct xarray *map, unsigned int *id, void *entry, struct xa_limit limit, unsigned int *next, unsigned int gfp)
{
	unsigned int from = *next > limit.min ? *next : limit.min;
	int err = xa_alloc_between(map, id, entry, from, limit.max);

	if (err < 0 && from > limit.min) {
		err = xa_alloc_between(map, id, entry, limit.min, limit.max);
		if (!err)
			err = 1;
	}
	if (err >= 0)
		*next = *id + 1;
	return err;
}
`;
