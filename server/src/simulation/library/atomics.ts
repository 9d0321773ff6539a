/** Operations on atomic counters that are more than one step of arithmetic: the same for each width. */

const operations = `bool PREFIX_add_unless(PREFIX_t *counter, NUMBER amount, NUMBER limit)
{
	if (counter->counter == limit)
		return false;
	counter->counter += amount;
	return true;
}

NUMBER PREFIX_fetch_add_unless(PREFIX_t *counter, NUMBER amount, NUMBER limit)
{
	NUMBER before = counter->counter;

	if (before != limit)
		counter->counter = before + amount;
	return before;
}

NUMBER PREFIX_dec_if_positive(PREFIX_t *counter)
{
	NUMBER after = counter->counter - 1;

	if (after >= 0)
		counter->counter = after;
	return after;
}

bool PREFIX_dec_unless_positive(PREFIX_t *counter)
{
	if (counter->counter > 0)
		return false;
	counter->counter--;
	return true;
}

bool PREFIX_try_cmpxchg(PREFIX_t *counter, NUMBER *expected, NUMBER fresh)
{
	if (counter->counter == *expected) {
		counter->counter = fresh;
		return true;
	}
	*expected = counter->counter;
	return false;
}

void PREFIX_or(NUMBER bits, PREFIX_t *counter)
{
	counter->counter |= bits;
}

void PREFIX_and(NUMBER bits, PREFIX_t *counter)
{
	counter->counter &= bits;
}

void PREFIX_xor(NUMBER bits, PREFIX_t *counter)
{
	counter->counter ^= bits;
}

void PREFIX_andnot(NUMBER bits, PREFIX_t *counter)
{
	counter->counter &= ~bits;
}

NUMBER PREFIX_fetch_or(NUMBER bits, PREFIX_t *counter)
{
	NUMBER before = counter->counter;

	counter->counter = before | bits;
	return before;
}

NUMBER PREFIX_fetch_and(NUMBER bits, PREFIX_t *counter)
{
	NUMBER before = counter->counter;

	counter->counter = before & bits;
	return before;
}

NUMBER PREFIX_fetch_andnot(NUMBER bits, PREFIX_t *counter)
{
	NUMBER before = counter->counter;

	counter->counter = before & ~bits;
	return before;
}
`;

const family = (prefix: string, number: string): string => operations.replaceAll('PREFIX', prefix).replaceAll('NUMBER', number);

export const atomics = [family('atomic', 'int'), family('atomic64', 'long long'), family('atomic_long', 'long')].join('\n');
