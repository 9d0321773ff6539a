/** Bitmaps: arrays of unsigned long, searched and counted (lib/find_bit.c, lib/bitmap.c). Numbers are of bits. */
export const bitmaps = `
unsigned long bits_from(const unsigned long *map, unsigned long size, unsigned long at, unsigned long flip)
{
	while (at < size) {
		unsigned long word = (map[at / 64] ^ flip) >> (at % 64);

		if (word) {
			while (!(word & 1)) {
				word >>= 1;
				at++;
			}
			return at < size ? at : size;
		}
		at = (at / 64 + 1) * 64;
	}
	return size;
}

unsigned long find_next_bit(const unsigned long *map, unsigned long size, unsigned long at)
{
	return bits_from(map, size, at, 0);
}

unsigned long find_first_bit(const unsigned long *map, unsigned long size)
{
	return bits_from(map, size, 0, 0);
}

unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size, unsigned long at)
{
	return bits_from(map, size, at, ~0UL);
}

unsigned long find_first_zero_bit(const unsigned long *map, unsigned long size)
{
	return bits_from(map, size, 0, ~0UL);
}

unsigned long find_last_bit(const unsigned long *map, unsigned long size)
{
	unsigned long at = size;

	while (at-- > 0)
		if (map[at / 64] >> (at % 64) & 1)
			return at;
	return size;
}

void bitmap_set(unsigned long *map, unsigned int at, unsigned int count)
{
	for (; count > 0; count--, at++)
		map[at / 64] |= 1UL << (at % 64);
}

void bitmap_clear(unsigned long *map, unsigned int at, unsigned int count)
{
	for (; count > 0; count--, at++)
		map[at / 64] &= ~(1UL << (at % 64));
}

unsigned int bitmap_weight(const unsigned long *map, unsigned int size)
{
	unsigned int at, count = 0;

	for (at = 0; at < size; at++)
		count += map[at / 64] >> (at % 64) & 1;
	return count;
}

void bitmap_zero(unsigned long *map, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		map[at] = 0;
}

void bitmap_fill(unsigned long *map, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		map[at] = ~0UL;
}

void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		to[at] = from[at];
}

bool bitmap_empty(const unsigned long *map, unsigned int size)
{
	return bits_from(map, size, 0, 0) == size;
}

bool bitmap_full(const unsigned long *map, unsigned int size)
{
	return bits_from(map, size, 0, ~0UL) == size;
}

bool bitmap_and(unsigned long *to, const unsigned long *left, const unsigned long *right, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		to[at] = left[at] & right[at];
	return !bitmap_empty(to, size);
}

void bitmap_or(unsigned long *to, const unsigned long *left, const unsigned long *right, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		to[at] = left[at] | right[at];
}

bool bitmap_andnot(unsigned long *to, const unsigned long *left, const unsigned long *right, unsigned int size)
{
	unsigned int at;

	for (at = 0; at * 64 < size; at++)
		to[at] = left[at] & ~right[at];
	return !bitmap_empty(to, size);
}

bool bitmap_intersects(const unsigned long *left, const unsigned long *right, unsigned int size)
{
	unsigned int at;

	for (at = 0; at < size; at++)
		if (left[at / 64] & right[at / 64] & 1UL << (at % 64))
			return true;
	return false;
}

bool bitmap_equal(const unsigned long *left, const unsigned long *right, unsigned int size)
{
	unsigned int at;

	for (at = 0; at < size; at++)
		if ((left[at / 64] ^ right[at / 64]) >> (at % 64) & 1)
			return false;
	return true;
}

unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size, unsigned long start, unsigned int count,
					     unsigned long mask, unsigned long offset)
{
	unsigned long at, end, taken;

	for (;;) {
		at = bits_from(map, size, start, ~0UL);
		at = ((at + offset + mask) & ~mask) - offset;
		end = at + count;
		if (end > size)
			return end;
		taken = bits_from(map, end, at, 0);
		if (taken >= end)
			return at;
		start = taken + 1;
	}
}

unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long start, unsigned int count,
					 unsigned long mask)
{
	return bitmap_find_next_zero_area_off(map, size, start, count, mask, 0);
}

int bitmap_find_free_region(unsigned long *map, unsigned int size, int order)
{
	unsigned int at, count = 1U << order;

	for (at = 0; at + count <= size; at += count) {
		if (bits_from(map, at + count, at, 0) < at + count)
			continue;
		bitmap_set(map, at, count);
		return at;
	}
	return -ENOMEM;
}

void bitmap_release_region(unsigned long *map, unsigned int at, int order)
{
	bitmap_clear(map, at, 1U << order);
}

int bitmap_allocate_region(unsigned long *map, unsigned int at, int order)
{
	if (bits_from(map, at + (1U << order), at, 0) < at + (1U << order))
		return -EBUSY;
	bitmap_set(map, at, 1U << order);
	return 0;
}
`;
