/** The driver's own allocators, as its people describe them: each gives memory like that of a call of the kernel. */
import type { Target } from '../driver/model.ts';
import { type Allocator, allocatorOf } from '../services/allocators.ts';

/** What a call of `name` allocates. Of a driver's own allocator the arguments mean nothing to the kernel's rules. */
export function allocatorFor(target: Target, name: string): Allocator | undefined {
  const like = target.allocators?.get(name);
  const known = allocatorOf(like ?? name);
  if (!known || like === undefined) return known;
  const { memory, zeroed, failure } = known;
  return { memory, failure, as: known.as ?? like, ...(zeroed !== undefined && { zeroed }) };
}
