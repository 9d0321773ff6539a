/**
 * The order in which a driver takes its locks and the mmap lock, as lockdep watches it (kernel/locking/lockdep.c): locks that are set up by
 * the same call are of one class, and who waits for a lock while others are held makes an order of their classes. An mmap or fault
 * handler runs under the mmap lock; a copy to or from user memory may have to take it. Classes that are taken in both orders let two
 * threads wait for each other for ever. Knows no driver.
 */
import { keyOf, placeName } from '../../execution/place.ts';
import type { MemoryObject, Place } from '../../execution/value.ts';
import type { MmapLock } from '../../mm/mm.ts';
import type { LockKind } from '../../services/locks.ts';

/** A lock that is held. */
interface HeldLock {
  readonly name: string;
  readonly kind: LockKind;
  /** What lockdep calls its class. */
  readonly lockClass: string;
  readonly object: MemoryObject;
}

/** An order that another one contradicts. */
export interface LockConflict {
  /** The lock of the driver, as its author writes it. */
  readonly lock: string;
  /** Of the locks that the contradicting orders go through: the mmap lock is one of them, a driver's other lock, or only this class itself. */
  readonly with:
    | { readonly kind: 'mmap-lock' }
    | { readonly kind: 'lock'; readonly name: string }
    | { readonly kind: 'itself' }
    /** No lock of the driver's: user memory is touched under the mmap lock, or under that of the vma. */
    | { readonly kind: 'user-memory'; readonly under: 'mmap' | 'vma' };
  /** Whether lockdep sees all of them; it does not watch semaphores. */
  readonly isWatched: boolean;
}

const mmapLock = 'mmap_lock';

/** Whether lockdep watches such locks; the mmap lock, which has no kind here, it does. */
const isWatched = (kind: LockKind | undefined) => kind !== 'other';

/** Locks whose holder may sleep, so that a page fault under them is allowed. */
const sleeping: ReadonlySet<LockKind> = new Set(['mutex', 'rwsem', 'other']);
/** Locks that have an order. */
const ordered: ReadonlySet<LockKind> = new Set([...sleeping, 'spinlock']);

export class LockOrder {
  /** Held now, by what identifies them. */
  readonly #held = new Map<string, HeldLock>();
  /** The call that has set a lock up, by what identifies the lock. */
  readonly #setUp = new Map<string, string>();
  /** The classes that somebody has waited for while this one was held. */
  readonly #after = new Map<string, Set<string>>();
  /** A lock of each class, for messages. */
  readonly #names = new Map<string, { readonly name: string; readonly kind: LockKind }>();
  readonly #told = new Set<string>();
  #rcuDepth = 0;
  readonly #mmapLock: () => MmapLock;

  /** `mmapLock`: how the lock of the address space is held that the running task works on. */
  constructor(mmapLock: () => MmapLock) {
    this.#mmapLock = mmapLock;
  }

  /** A lock is set up by the call at this place of the text. */
  setUp(place: Place, where: string): void {
    this.#setUp.set(identityOf(place), where);
  }

  /** A lock is waited for and taken. Gives what contradicts the order that comes of it, once for each lock. */
  take(kind: LockKind, place: Place, isNested = false): LockConflict | undefined {
    if (!ordered.has(kind)) return undefined;
    const lock = this.#lockAt(kind, place);
    const conflicts = this.#heldClasses().map((held) =>
      held === lock.lockClass && isNested ? undefined : this.#order(held, lock.lockClass),
    );
    this.#held.set(identityOf(place), lock);
    return conflicts.find((each) => each !== undefined);
  }

  /** A lock was free and is held now; nobody has waited for it. */
  hold(kind: LockKind, place: Place): void {
    if (ordered.has(kind)) this.#held.set(identityOf(place), this.#lockAt(kind, place));
  }

  /** Whether it is held now. */
  holds(place: Place): boolean {
    return this.#held.has(identityOf(place));
  }

  /** A lock is given back; whether it was held. */
  drop(place: Place): boolean {
    return this.#held.delete(identityOf(place));
  }

  /** `rcu_read_lock` and `rcu_read_unlock`: by 1 more or less. */
  readRcu(by: 1 | -1): void {
    this.#rcuDepth = Math.max(0, this.#rcuDepth + by);
  }

  /** What forbids the task to sleep: a spinlock, or that RCU is read. */
  get forbidsSleep(): string | undefined {
    for (const { kind, name } of this.#held.values()) if (kind === 'spinlock') return `\`${name}\``;
    return this.#rcuDepth > 0 ? 'rcu_read_lock()' : undefined;
  }

  /** The locks that are held and that lockdep watches, by their names. */
  get watched(): readonly string[] {
    return [...this.#held.values()].filter(({ kind }) => isWatched(kind)).map(({ name }) => name);
  }

  /** A lock inside of this object that is held. */
  heldIn(object: MemoryObject): string | undefined {
    for (const { kind, name, object: own } of this.#held.values()) if (own === object && isWatched(kind)) return name;
    return undefined;
  }

  /** User memory is read or written by who may sleep. Gives what contradicts the order that comes of it. */
  touchUser(): LockConflict | undefined {
    const mode = this.#mmapLock();
    if (mode !== 'none') {
      const under = mode === 'vma' ? 'vma' : 'mmap';
      return { lock: mmapLock, with: { kind: 'user-memory', under }, isWatched: true };
    }
    const conflicts = [...this.#held.values()].map(({ kind, lockClass }) =>
      sleeping.has(kind) ? this.#order(lockClass, mmapLock) : undefined,
    );
    return conflicts.find((each) => each !== undefined);
  }

  #lockAt(kind: LockKind, place: Place): HeldLock {
    const identity = identityOf(place);
    const lock = { name: placeName(place), kind, lockClass: this.#setUp.get(identity) ?? identity, object: place.object };
    this.#names.set(lock.lockClass, lock);
    return lock;
  }

  #heldClasses(): readonly string[] {
    const own = new Set([...this.#held.values()].map(({ lockClass }) => lockClass));
    return this.#mmapLock() === 'none' ? [...own] : [mmapLock, ...own];
  }

  /** `next` is waited for while `held` is held. */
  #order(held: string, next: string): LockConflict | undefined {
    const known = this.#after.get(held);
    if (known?.has(next)) return undefined;
    if (known) known.add(next);
    else this.#after.set(held, new Set([next]));
    const back = held === next ? [next] : this.#way(next, held);
    if (!back) return undefined;
    return this.#untold(back);
  }

  /** The conflict of the classes on a way that leads back to where it began, unless it was told. */
  #untold(way: readonly string[]): LockConflict | undefined {
    const own = way.find((each) => each !== mmapLock) ?? mmapLock;
    const other = way.find((each) => each !== own);
    const name = (each: string) => this.#names.get(each)?.name ?? each;
    const conflict: LockConflict = {
      lock: name(own),
      with: way.includes(mmapLock) ? { kind: 'mmap-lock' } : other === undefined ? { kind: 'itself' } : { kind: 'lock', name: name(other) },
      isWatched: way.every((each) => isWatched(this.#names.get(each)?.kind)),
    };
    const key = `${conflict.with.kind} ${own}`;
    if (this.#told.has(key)) return undefined;
    this.#told.add(key);
    return conflict;
  }

  /** The classes from one to another, both included, by orders that are known. */
  #way(from: string, to: string): readonly string[] | undefined {
    const before = new Map<string, string | undefined>([[from, undefined]]);
    for (const current of before.keys()) {
      if (current === to) return wayBack(before, to);
      for (const next of this.#after.get(current) ?? []) if (!before.has(next)) before.set(next, current);
    }
    return undefined;
  }
}

/** The steps that led to `end`, the first of them first. */
function wayBack(before: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const way = [end];
  for (let step = before.get(end); step !== undefined; step = before.get(step)) way.unshift(step);
  return way;
}

function identityOf(place: Place): string {
  return `${place.object.id}${keyOf(place)}`;
}

/** What the message about a lock says that is taken in both orders with the mmap lock. */
const bothOrders = 'is taken under the mmap lock in one place, and in another it is held while user memory is copied';

/** Whether a message is about a lock that is taken in both orders. */
export function isOrderProblem(message: string): boolean {
  return message.includes(bothOrders);
}

/** What comes of orders that contradict each other. */
export function orderProblem({ lock, with: other }: LockConflict): string {
  switch (other.kind) {
    case 'mmap-lock':
      return `\`${lock}\` ${bothOrders}, which may fault and wait for the mmap lock. Two threads that do this at the same time wait for each other for ever. Copy before the lock is taken or after it is dropped, or use another lock in the mapping handlers.`;
    case 'lock':
      return `\`${lock}\` is taken while \`${other.name}\` is held in one place, and in another it is the other way round. Two threads that do this at the same time wait for each other for ever. Take them in one order everywhere.`;
    case 'itself':
      return `\`${lock}\` is taken while a lock is held that is set up at the same place: two threads that take the two in different orders wait for each other for ever. Take them in a fixed order, and say so with mutex_lock_nested().`;
    case 'user-memory':
      return `User memory is copied under the ${other.under === 'mmap' ? 'mmap lock' : 'lock of a vma'}. If its page is not there, the fault takes the mmap lock, and the task may wait for ever.`;
  }
}
