/**
 * The program's own memory, for what it hands to system calls: ioctl arguments, buffers of read and write, by the names that
 * the scenario gives them. One anonymous mapping a process, far from where mmap puts things, made when it is first needed.
 */
import { access } from '../../mm/fault/access.ts';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from '../../mm/flags.ts';
import type { Mm } from '../../mm/mm.ts';
import { mmap } from '../../mm/syscalls/mmap.ts';
import { offsetInPage, PAGE_BYTES } from '../../mm/units.ts';
import type { Mapping, Processes } from './processes.ts';
import type { Session } from './session.ts';

/** Where a small program has its heap, and how large that is. */
const heapStart = 0x40_0000n;
const heapBytes = 16n << 20n;
/** In the midst of it: a program that hands over a pointer may mean this. */
export const somewhereOwn = heapStart + heapBytes / 16n;
/** Each buffer begins at a multiple of this. */
const alignment = 16n;

/** What the trace calls the memory. */
const heapName = 'the heap';

interface Heap {
  used: bigint;
  readonly places: Map<string, Mapping>;
}

export class Buffers {
  readonly #session: Session;
  readonly #processes: Processes;
  /** By mm. */
  readonly #heaps = new Map<number, Heap>();

  constructor(session: Session, processes: Processes) {
    this.#session = session;
    this.#processes = processes;
  }

  /** Where an earlier statement of the process put the bytes it named. */
  place(mm: Mm, name: string): Mapping | undefined {
    return this.#heaps.get(mm.id)?.places.get(name);
  }

  /** Puts bytes into memory of the program and gives their address; `undefined` when the heap is full. */
  put(mm: Mm, bytes: Uint8Array, name?: string): bigint | undefined {
    const heap = this.#heaps.get(mm.id) ?? this.#make(mm);
    const start = heapStart + heap.used;
    const length = BigInt(bytes.length);
    if (heap.used + length > heapBytes) return undefined;
    heap.used += (length / alignment + 1n) * alignment;
    if (name !== undefined) heap.places.set(name, { start, length });
    this.#session.recorder.silently(() => {
      for (let done = 0; done < bytes.length; ) {
        const here = start + BigInt(done);
        const part = bytes.subarray(done, done + PAGE_BYTES - offsetInPage(here));
        access(mm, here, 'write', { bytes: part });
        done += part.length;
      }
    });
    return start;
  }

  /** fork(2): the child has the same things at the same places. */
  copy(child: Mm, parent: Mm): void {
    const heap = this.#heaps.get(parent.id);
    if (heap) this.#heaps.set(child.id, { used: heap.used, places: new Map(heap.places) });
  }

  #make(mm: Mm): Heap {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    this.#session.recorder.silently(() => mmap(mm, { address: heapStart, length: heapBytes, prot: PROT_READ | PROT_WRITE, flags }));
    this.#processes.setMapping(mm, heapName, { start: heapStart, length: heapBytes });
    const heap: Heap = { used: 0n, places: new Map() };
    this.#heaps.set(mm.id, heap);
    return heap;
  }
}
