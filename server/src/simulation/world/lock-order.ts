/**
 * The order in which a driver takes its sleeping locks and the mmap lock. An mmap or fault handler runs under the mmap lock; a copy
 * to or from user memory may have to take it. A lock that is taken in both orders lets two threads wait for each other for ever.
 * Knows no driver.
 */
import { keyOf, placeName } from '../../execution/place.ts';
import type { Place } from '../../execution/value.ts';
import type { LockKind } from '../../services/locks.ts';

/** Locks whose holder may sleep, so that a page fault under them is allowed. */
const sleeping: ReadonlySet<LockKind> = new Set(['mutex', 'rwsem', 'other']);

export class LockOrder {
  /** Held now, by what identifies them, with their names. */
  readonly #held = new Map<string, string>();
  /** Taken at some time while the mmap lock was held. */
  readonly #insideMmap = new Set<string>();
  /** Held at some time while user memory was touched. */
  readonly #aroundUser = new Set<string>();
  readonly #told = new Set<string>();
  readonly #isMmapLockHeld: () => boolean;

  constructor(isMmapLockHeld: () => boolean) {
    this.#isMmapLockHeld = isMmapLockHeld;
  }

  /** A lock is taken. Gives the name of one that is now known in both orders. */
  take(kind: LockKind, place: Place): string | undefined {
    if (!sleeping.has(kind)) return undefined;
    const lock = identityOf(place);
    const name = placeName(place);
    this.#held.set(lock, name);
    if (this.#isMmapLockHeld()) this.#insideMmap.add(lock);
    return this.#conflict(lock, name);
  }

  /** A lock was free and is held now; nobody has waited for it. */
  hold(kind: LockKind, place: Place): void {
    if (sleeping.has(kind)) this.#held.set(identityOf(place), placeName(place));
  }

  /** Whether it is held now. */
  holds(place: Place): boolean {
    return this.#held.has(identityOf(place));
  }

  drop(place: Place): void {
    this.#held.delete(identityOf(place));
  }

  /** User memory is read or written. Gives the name of a held lock that is now known in both orders. */
  touchUser(): string | undefined {
    if (this.#isMmapLockHeld()) return undefined;
    let found: string | undefined;
    for (const [lock, name] of this.#held) {
      this.#aroundUser.add(lock);
      found ??= this.#conflict(lock, name);
    }
    return found;
  }

  #conflict(lock: string, name: string): string | undefined {
    if (this.#told.has(lock) || !this.#insideMmap.has(lock) || !this.#aroundUser.has(lock)) return undefined;
    this.#told.add(lock);
    return name;
  }
}

function identityOf(place: Place): string {
  return `${place.object.id}${keyOf(place)}`;
}

/** What the message about a lock says that is taken in both orders. */
const bothOrders = 'is taken under the mmap lock in one place, and in another it is held while user memory is copied';

/** Whether a message is about a lock that is taken in both orders. */
export function isOrderProblem(message: string): boolean {
  return message.includes(bothOrders);
}

/** What comes of a lock that is taken in both orders. */
export function orderProblem(name: string): string {
  return `\`${name}\` ${bothOrders}, which may fault and wait for the mmap lock. Two threads that do this at the same time wait for each other for ever. Copy before the lock is taken or after it is dropped, or use another lock in the mapping handlers.`;
}
