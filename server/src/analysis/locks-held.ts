/**
 * The locks that a path holds, kept as calls take and drop them. The mmap lock is one of them, with the state in which
 * the entry was called.
 */
import { pointerName } from '../execution/place.ts';
import type { Value } from '../execution/value.ts';
import type { ExternalCall } from '../execution/world.ts';
import type { LockCall } from '../services/locks.ts';
import type { HeldLock, MmapLock } from './path.ts';

export class LocksHeld {
  #held: readonly HeldLock[] = [];
  #mmap: MmapLock;

  constructor(mmap: MmapLock) {
    this.#mmap = mmap;
  }

  get held(): readonly HeldLock[] {
    return this.#held;
  }

  get mmap(): MmapLock {
    return this.#mmap;
  }

  /** The lock call succeeded. */
  apply(lock: LockCall, call: ExternalCall): void {
    const isMmap = lock.kind === 'mmap-read' || lock.kind === 'mmap-write';
    const name = isMmap ? 'mmap_lock' : lock.argument === undefined ? callName(call) : lockName(call.arguments[lock.argument], call);
    const others = this.#held.filter((each) => each.name !== name);
    if (isMmap) this.#mmap = lock.action === 'drop' ? 'none' : lock.kind === 'mmap-read' ? 'read' : 'write';
    if (lock.action === 'drop') this.#held = dropLast(this.#held, name, lock.kind);
    else this.#held = [...(lock.action === 'downgrade' ? others : this.#held), { name, kind: lock.kind, span: call.span }];
  }
}

/** What takes a lock names it where its place is not known: the call that drops it bears the same name. */
function callName({ name }: ExternalCall): string {
  return name.replace('unlock', 'lock');
}

function lockName(value: Value | undefined, call: ExternalCall): string {
  if (value?.kind !== 'pointer') return callName(call);
  const name = pointerName(value.place);
  return name.startsWith('&') ? name.slice(1) : name;
}

/** A lock that was reached by another way when it was taken is told by its kind and its own name. */
function dropLast(held: readonly HeldLock[], name: string, kind: HeldLock['kind']): readonly HeldLock[] {
  const own = lastName(name);
  const same = held.findLastIndex((each) => each.name === name);
  const index = same >= 0 ? same : held.findLastIndex((each) => each.kind === kind && lastName(each.name) === own);
  return index < 0 ? held : held.filter((_, i) => i !== index);
}

function lastName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('>'), name.lastIndexOf('.')) + 1);
}
