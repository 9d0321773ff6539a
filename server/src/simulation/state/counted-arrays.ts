/**
 * Arrays whose number of elements the driver keeps beside them: `priv->pages = kmalloc_array(priv->count, …)`. Told by the text of
 * the one assignment that allocates them. Reads the driver model; runs nothing.
 */
import type { Driver } from '../../driver/model.ts';
import { allocatorOf } from '../../services/allocators.ts';

/** What was found for a driver, by struct and field: loops ask for every element. */
const known = new WeakMap<Driver, Map<string, string | undefined>>();

/** The field of the same struct that counts the elements of the array in `field`; `undefined` where the files do not tell. */
export function countBeside(driver: Driver, struct: string | undefined, field: string): string | undefined {
  const fields = known.get(driver) ?? new Map<string, string | undefined>();
  known.set(driver, fields);
  const key = `${struct ?? ''}.${field}`;
  if (!fields.has(key)) fields.set(key, searched(driver, struct, field));
  return fields.get(key);
}

function searched(driver: Driver, struct: string | undefined, field: string): string | undefined {
  const counts = new Set<string | undefined>();
  for (const { value, span, file, function: by } of driver.sourcesOf(struct, field)) {
    if (value.kind === 'number' || (value.kind === 'name' && value.name === 'NULL')) continue;
    const text = driver.files.get(file) ?? '';
    const owner = /^\s*([\w>.-]+?)(?:->|\.)\w+\s*=\s*$/.exec(text.slice(span.start, value.span.start))?.[1];
    const allocator = value.kind === 'call' && value.callee.kind === 'name' ? allocatorOf(value.callee.name) : undefined;
    if (owner === undefined || value.kind !== 'call' || allocator?.size?.length !== 2) return undefined;
    const sizes = allocator.size.flatMap((index) => value.arguments[index] ?? []);
    const texts = sizes.map(({ span: { start, end } }) => text.slice(start, end));
    counts.add(texts.flatMap((each) => fieldOf(owner, each) ?? keptAs(driver, by, owner, each) ?? [])[0]);
  }
  const [only] = counts;
  return counts.size === 1 ? only : undefined;
}

/** `count` of `priv->count` for the owner `priv`. */
function fieldOf(owner: string, text: string): string | undefined {
  const rest = text.startsWith(owner) ? /^(?:->|\.)(\w+)$/.exec(text.slice(owner.length)) : null;
  return rest?.[1];
}

/** The field of `owner` that the same function sets to the local variable of this name: `priv->count = count`. */
function keptAs(driver: Driver, by: string, owner: string, local: string): string | undefined {
  for (const { value, span, file, field } of driver.sourcesIn(by)) {
    if (value.kind !== 'name' || value.name !== local) continue;
    const target = (driver.files.get(file) ?? '')
      .slice(span.start, value.span.start)
      .replace(/\s*=\s*$/, '')
      .trim();
    if (fieldOf(owner, target) === field) return field;
  }
  return undefined;
}
