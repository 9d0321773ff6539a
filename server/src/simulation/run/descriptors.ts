/**
 * The file descriptors of the processes: by the name that the scenario gave them, else in the order of opening. Threads share
 * them with their address space; a child gets a copy.
 */
import { get_file, type MmFile } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';

interface Descriptor {
  readonly name: string | undefined;
  readonly file: MmFile;
}

export class Descriptors {
  /** By mm, oldest first. */
  readonly #tables = new Map<number, Descriptor[]>();

  #table(mm: Mm): Descriptor[] {
    let table = this.#tables.get(mm.id);
    if (!table) {
      table = [];
      this.#tables.set(mm.id, table);
    }
    return table;
  }

  /** Adds a descriptor for a file that already counts it. */
  add(mm: Mm, file: MmFile, name?: string): void {
    this.#table(mm).push({ name, file });
  }

  /** The file that a statement means: the named one, else the last one that is open. */
  file(mm: Mm, name?: string): MmFile | undefined {
    return this.#table(mm).findLast((each) => name === undefined || each.name === name)?.file;
  }

  /** Takes a descriptor out of the table; closing its file is the caller's business. */
  take(mm: Mm, name?: string): MmFile | undefined {
    const table = this.#table(mm);
    const index = table.findLastIndex((each) => name === undefined || each.name === name);
    return index < 0 ? undefined : table.splice(index, 1)[0]?.file;
  }

  /** Takes the oldest descriptor out of the table. */
  takeFirst(mm: Mm): MmFile | undefined {
    return this.#table(mm).shift()?.file;
  }

  /** dup(2): one more descriptor of an open file. */
  duplicate(mm: Mm, file: MmFile, name: string): void {
    file.descriptors += 1;
    this.add(mm, get_file(file), name);
  }

  /** fork(2): the child has a descriptor for each of its parent's. */
  copy(child: Mm, parent: Mm): void {
    for (const { name, file } of this.#table(parent)) {
      file.descriptors += 1;
      this.add(child, get_file(file), name);
    }
  }
}
