/**
 * Calls that take and drop references, as data: which call undoes which, and on what. Reads paths; judges
 * nothing.
 */
import type { CallEvent, EntryAnalysis, Path } from '../../../analysis/path.ts';
import { lastField } from '../../../analysis/provenance.ts';
import * as query from '../../../analysis/query.ts';
import { unsignedLong } from '../../../execution/ctype.ts';
import { homeOf } from '../../../execution/memory.ts';
import { keyOf, pointerName, samePlace } from '../../../execution/place.ts';
import { constant, constantOf, type Term } from '../../../execution/term.ts';
import { compare } from '../../../execution/term-build.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { Place, Value } from '../../../execution/value.ts';
import { returnedTerm } from '../results/outcomes.ts';

/** A family of calls that count one kind of reference. */
interface Family {
  readonly name: string;
  readonly take: RegExp;
  readonly drop: RegExp;
  /** The calls that drop are seen to free what nobody refers to any more; else they are plain counters. */
  readonly frees?: RegExp;
}

const families: readonly Family[] = [
  { name: 'kref', take: /^kref_get(?:_unless_zero)?$/, drop: /^kref_put(?:_mutex|_lock)?$/ },
  { name: 'refcount', take: /^refcount_inc(?:_not_zero)?$/, drop: /^refcount_dec(?:_and_\w+)?$/ },
  {
    name: 'atomic',
    take: /^atomic(?:64|_long)?_inc(?:_not_zero|_return|_unless_negative)?$/,
    drop: /^atomic(?:64|_long)?_(?:dec(?:_and_test|_return|_if_positive|_and_mutex_lock)?|add_unless)$/,
    frees: /_and_test$|_and_mutex_lock$/,
  },
  { name: 'kobject', take: /^kobject_get$/, drop: /^kobject_put$/ },
  { name: 'device', take: /^get_device$/, drop: /^put_device$/ },
  { name: 'module', take: /^(?:__module_get|try_module_get)$/, drop: /^module_put$/ },
  { name: 'file', take: /^(?:get_file|fget)$/, drop: /^fput$/ },
  { name: 'dma-buf', take: /^get_dma_buf$/, drop: /^dma_buf_put$/ },
  { name: 'gem', take: /^drm_gem_object_(?:get|reference|lookup)$/, drop: /^(?:__)?drm_gem_object_(?:put|unreference)(?:_\w+)?$/ },
  { name: 'percpu-ref', take: /^percpu_ref_(?:get|tryget(?:_live)?(?:_rcu)?)$/, drop: /^percpu_ref_put$/ },
  { name: 'ttm', take: /^ttm_bo_(?:get|reference)$/, drop: /^ttm_bo_(?:put|unref)$/ },
  { name: 'mmap-entry', take: /^rdma_user_mmap_entry_get(?:_pgoff)?$/, drop: /^rdma_user_mmap_entry_put$/ },
];

/** Calls of other files that give something back by their names, whatever they count. */
const givingBack =
  /^(?!(?:gen_pool|mempool|dma_pool|kmem_cache)_free)(?:\w*_)?(?:put|unref|unreference|release|free|drop|destroy|close)(?:_|$)/;

/** What a call does to a reference; `object` names what is counted, the same for the call that undoes it. */
export interface Count {
  readonly event: CallEvent;
  readonly direction: 'take' | 'drop';
  readonly family: string;
  readonly object: Value;
  /** A drop that frees when it is the last. */
  readonly frees: boolean;
}

interface Counting {
  readonly direction: 'take' | 'drop';
  readonly family: string;
  readonly frees: boolean;
}

const countings = new Map<string, Counting | undefined>();

/** What calls of this name do to a count. */
function countingOf(name: string): Counting | undefined {
  if (countings.has(name)) return countings.get(name);
  const family = families.find(({ take, drop }) => take.test(name) || drop.test(name));
  const isTake = family?.take.test(name) ?? false;
  const counting: Counting | undefined = family && {
    direction: isTake ? 'take' : 'drop',
    family: family.name,
    frees: !isTake && (family.frees?.test(name) ?? true),
  };
  countings.set(name, counting);
  return counting;
}

/** What `event` does to a count. A take that failed counts nothing. */
function countOf(event: CallEvent): Count | undefined {
  const counting = countingOf(event.name);
  if (!counting) return undefined;
  const isLookUp = counting.direction === 'take' && event.result.kind === 'pointer' && lookingUp.test(event.name);
  const object = isLookUp ? event.result : event.arguments[0];
  return object && { event, object, ...counting };
}

/** Takes that find what they count. */
const lookingUp = /_lookup$|^rdma_user_mmap_entry_get|^fget$/;

/** Whether the call has counted on this path: it did not refuse, and a look-up found something. */
export function isGranted(entry: EntryAnalysis, path: Path, { event, object }: Count): boolean {
  const { result } = event;
  if (result.kind === 'address' && constantOf(result.term) === 0n) return false;
  if (result.kind === 'pointer') return mayBeThere(entry, path, result.place);
  if (object.kind === 'pointer' && !mayBeThere(entry, path, { ...object.place, path: [], key: '' })) return false;
  if (result.kind !== 'integer' || !mayRefuse.test(event.name)) return true;
  return (
    query.findModel(entry, path, path.conditions.length, [query.computed(compare('ne', result.type, result.term, constant(0)))]) !== 'none'
  );
}

/** Whether the path leaves it open that there is something at the place: it was not found to be NULL, or an error. */
function mayBeThere(entry: EntryAnalysis, path: Path, place: Place): boolean {
  const own = `&${pointerName(place)}`;
  const symbol = path.conditions.flatMap(({ term }) => symbolsOf(term).get(own) ?? []).at(0);
  if (!symbol) return true;
  const address: Term = { kind: 'symbol', symbol };
  // Above the first page, and below the error pointers.
  const isAddress = [compare('lt', unsignedLong, constant(0xfff), address), compare('lt', unsignedLong, address, constant(1n << 63n))];
  return query.findModel(entry, path, path.conditions.length, isAddress.map(query.computed)) !== 'none';
}

/** Calls whose result tells whether they counted. */
const mayRefuse = /_unless(?:_\w+)?$|_not_zero$|^try_module_get$|_tryget(?:_\w+)?$/;

/** Whether two values are the same thing to count. */
export function isSame(left: Value, right: Value): boolean {
  return left.kind === 'pointer' && right.kind === 'pointer' && samePlace(homeOf(left.place), homeOf(right.place));
}

/**
 * Whether the path gives the object, or one that may point to it, to a call of another file that drops it: by its name, or
 * because what the path returns is the word of that call, which then owes its caller nothing.
 */
export function isGivenBack(path: Path, { event: taken, object }: Count): boolean {
  const returned = returnedTerm(path);
  const decisive = returned ? symbolsOf(returned) : new Map();
  return path.events.slice(path.events.indexOf(taken) + 1).some((event) => {
    if (event.kind !== 'call') return false;
    if (closing.test(event.name) && event.arguments.some(isVma)) return true;
    if (countingOf(event.name)?.direction === 'drop' && event.arguments[0] && holds(event.arguments[0], object)) return true;
    if (event.known) return false;
    const isGiven = event.arguments.some((value) => isPartOfSame(value, object));
    if (givingBack.test(event.name)) return isGiven || event.arguments.some(isHolder);
    if (!isGiven) return false;
    return event.result.kind === 'integer' && [...symbolsOf(event.result.term).keys()].some((id) => decisive.has(id));
  });
}

/** Whether what is counted, such as a kref, is a member of the object that a call drops by a name of its own. */
function holds(whole: Value, counted: Value): boolean {
  if (whole.kind !== 'pointer' || counted.kind !== 'pointer') return false;
  const [outer, inner] = [homeOf(whole.place), homeOf(counted.place)];
  return outer.object === inner.object && /^[.[]/.test(keyOf(inner).slice(keyOf(outer).length)) && keyOf(inner).startsWith(keyOf(outer));
}

/** The close of a vma by hand, `vma->vm_ops->close(vma)` or that of a subsystem: it drops what the vma holds. */
const closing = /(?:^|[_>.])close$/;

function isVma(value: Value): boolean {
  const type = value.kind === 'pointer' ? value.place.object.type : undefined;
  return type?.kind === 'struct' && type.name === 'vm_area_struct';
}

/** Whether the value points to a struct that the kernel does not hand to the handler: one of the driver's, which may hold others. */
function isHolder(value: Value): boolean {
  const type = value.kind === 'pointer' ? value.place.object.type : undefined;
  return type?.kind === 'struct' && type.name !== 'vm_area_struct' && type.name !== 'file';
}

function isPartOfSame(left: Value, right: Value): boolean {
  return left.kind === 'pointer' && right.kind === 'pointer' && left.place.object === right.place.object;
}

/**
 * Whether the mappings give back what is counted: a plain counter is also a number of captures or of events, and then no
 * .close of a vma counts the field down.
 */
export function isMappingsOwn(entries: readonly EntryAnalysis[], counted: Count): boolean {
  if (counted.family !== 'atomic') return true;
  const field = fieldOf(counted);
  if (field === undefined) return false;
  return entries.some(
    ({ entry, paths }) =>
      entry.handler?.kind === 'close' &&
      paths.some((path) => countsOf(path).some((count) => count.direction === 'drop' && fieldOf(count) === field)),
  );
}

function fieldOf({ object }: Count): string | undefined {
  return object.kind === 'pointer' ? lastField(object.place) : undefined;
}

/** Whether the path puts another file into the vma: the caller then drops that one, and the handler the one before. */
export function changesFile(path: Path): boolean {
  return path.events.some(
    (event) => (event.kind === 'write' && /(?:->|\.)vm_file$/.test(event.name)) || (event.kind === 'call' && event.name === 'vma_set_file'),
  );
}

/** All counts of a path, in order. */
export function countsOf(path: Path): readonly Count[] {
  return path.events.flatMap((event) => (event.kind === 'call' ? (countOf(event) ?? []) : []));
}
