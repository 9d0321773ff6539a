/** Random programs against three drivers: whatever they do, the counts of the model add up. */
import { expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { machine, page, rw } from './bench.ts';

const bufferPages = 8;

/** A deterministic source of numbers below a limit. */
function dice(seed: number): (limit: number) => number {
  let state = seed * 2654435761 + 1;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
}

interface World {
  readonly system: mm.System;
  readonly files: readonly mm.MmFile[];
  /** Opens minus closes of the counting driver, plus the first mapping of each vma. */
  readonly users: { count: number };
}

function newWorld(version: string): World {
  const system = machine(version);
  const users = { count: 0 };
  const bar = mm.pfnAt(mm.addDeviceRegion(system, { bytes: BigInt(bufferPages) * page, label: 'bar' }), 0) ?? 0n;
  const buffer = mm.pfnAt(mm.alloc_pages_exact(system, { bytes: BigInt(bufferPages) * page, label: 'buffer', zero: true }), 0) ?? 0n;
  const counting: mm.VmOps = {
    table: 'counting',
    open: () => {
      users.count += 1;
    },
    close: () => {
      users.count -= 1;
    },
  };
  const handlers: readonly ((vma: mm.Vma) => number)[] = [
    (vma) => {
      const result = mm.remap_pfn_range(vma, vma.vm_start, bar, mm.vmaSize(vma), vma.vm_page_prot);
      vma.vm_ops = counting;
      if (result === 0) users.count += 1;
      return result;
    },
    (vma) =>
      mm.vm_map_pages_zero(
        vma,
        Array.from({ length: bufferPages }, (_none, index) => buffer + BigInt(index)),
      ),
    (vma) => {
      vma.vm_ops = {
        table: 'faulting',
        fault: (vmf) => {
          if (vmf.pgoff >= BigInt(bufferPages)) return mm.VM_FAULT_SIGBUS;
          mm.get_page(system, buffer + vmf.pgoff);
          vmf.page = buffer + vmf.pgoff;
          return 0;
        },
      };
      return 0;
    },
  ];
  const files = handlers.map((handler, index) =>
    system.openFile({ name: `/dev/${index}`, ops: { table: `fops${index}`, mmap: (_file, vma) => handler(vma) }, read: true, write: true }),
  );
  return { system, files, users };
}

function step(world: World, roll: (limit: number) => number): void {
  const { system, files } = world;
  const process = system.processes[roll(system.processes.length)];
  if (!process) return;
  const vma = process.vmas[roll(process.vmas.length)];
  const pages = BigInt(1 + roll(4));
  const prot = [mm.PROT_READ, rw, rw, mm.PROT_NONE][roll(4)] ?? rw;
  if (!vma || roll(4) === 0) {
    const file = files[Math.min(roll(4), 2)];
    const flags = (roll(2) ? mm.MAP_SHARED : mm.MAP_PRIVATE) | (vma && roll(4) === 0 ? mm.MAP_FIXED : 0);
    mm.mmap(process, {
      ...(file ? { file } : {}),
      address: vma?.vm_start ?? 0n,
      length: pages * page,
      prot,
      flags,
      offset: BigInt(roll(3)) * page,
    });
    return;
  }
  if (roll(6) === 0 && vma.vm_file) {
    const flags = vma.vm_flags & mm.VM_SHARED ? mm.MAP_SHARED : mm.MAP_PRIVATE;
    const offset = (vma.vm_pgoff + mm.vma_pages(vma)) * page;
    mm.mmap(process, {
      file: vma.vm_file,
      address: vma.vm_end,
      length: pages * page,
      prot: Number(vma.vm_flags & mm.VM_ACCESS_FLAGS),
      flags,
      offset,
    });
    return;
  }
  const at = vma.vm_start + BigInt(roll(Number(mm.vma_pages(vma)))) * page;
  const advice = (['DONTNEED', 'DONTFORK', 'DOFORK', 'RANDOM', 'NORMAL', 'POPULATE_WRITE'] as const)[roll(6)] ?? 'NORMAL';
  const actions: readonly (() => unknown)[] = [
    () => mm.access(process, at, 'read'),
    () => mm.access(process, at, 'write'),
    () => mm.access(process, at, 'write'),
    () => mm.munmap(process, at, pages * page),
    () => mm.mprotect(process, at, pages * page, prot),
    () => mm.madvise(process, at, pages * page, advice),
    () => mm.mremap(process, { address: at, oldLength: pages * page, newLength: BigInt(1 + roll(4)) * page, flags: mm.MREMAP_MAYMOVE }),
    () =>
      mm.mremap(process, { address: at, oldLength: page, newLength: page, flags: 3, newAddress: 0x1000_0000n + BigInt(roll(64)) * page }),
    () => mm.mlock(process, at, pages * page),
    () => mm.putUserPages(process, mm.get_user_pages(process, at, 1, { write: roll(2) === 1 }).pfns),
    () => system.processes.length < 4 && mm.fork(process),
    () => system.processes.length > 1 && mm.exit(process),
    () => mm.unmap_mapping_range(files[roll(3)]?.mapping ?? vma.vm_mm.system.createAddressSpace(), page, page, roll(2) === 1),
  ];
  actions[roll(actions.length)]?.();
}

/** Every way in which the state of the machine contradicts itself. */
function contradictions(world: World): string[] {
  const { system, files, users } = world;
  const found: string[] = [];
  const mapcounts = new Map<number, number>();
  const mapped = new Map<mm.MmFile, number>();
  let counting = 0;
  for (const process of system.processes) {
    let last = 0n;
    for (const vma of process.vmas) {
      if (vma.vm_start < last || vma.vm_start >= vma.vm_end) found.push('vmas overlap');
      last = vma.vm_end;
      if (vma.vm_file) mapped.set(vma.vm_file, (mapped.get(vma.vm_file) ?? 0) + 1);
      if (vma.vm_ops?.table === 'counting') counting += 1;
      if (vma.vm_file && !vma.vm_file.mapping.vmas.has(vma)) found.push('a vma is missing in its mapping');
    }
    let resident = 0;
    for (const run of process.table.runs) {
      for (let index = run.start; index < run.end; index++) {
        if (!process.lookup(mm.addressOf(index))) found.push('an entry outside every vma');
        const pte = process.table.get(index);
        if (!pte || pte.special) continue;
        resident += 1;
        mapcounts.set(pte.pfn, (mapcounts.get(pte.pfn) ?? 0) + 1);
      }
    }
    if (resident !== process.rss.file + process.rss.anonymous + process.rss.shmem) found.push('RSS is wrong');
  }
  for (const run of system.memory.pages.runs) {
    for (let pfn = run.start; pfn < run.end; pfn++) {
      const expected = mapcounts.get(pfn) ?? 0;
      if (run.value.mapcount !== expected) found.push(`page ${pfn} has map count ${run.value.mapcount}, not ${expected}`);
      const own = run.value.use === 'allocated' || run.value.use === 'zero' ? 1 : 0;
      const waiting = system.memory.mlockBatch.filter((each) => each === pfn).length;
      const references = expected + own + waiting;
      if (run.value.refcount !== references) found.push(`page ${pfn} has count ${run.value.refcount}, not ${references}`);
    }
  }
  for (const file of files)
    if (file.references !== file.descriptors + (mapped.get(file) ?? 0)) found.push(`${file.name} has ${file.references} references`);
  if (users.count !== counting) found.push(`the driver counts ${users.count} users of ${counting} vmas`);
  return found;
}

test.each(['6.1', '6.4', '6.12', '6.13', '6.19', '7.1'])('random programs keep the counts right (%s)', (version) => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= 16; seed++) {
    const roll = dice(seed);
    const world = newWorld(version);
    world.system.createProcess();
    for (let count = 0; count < 200; count++) {
      step(world, roll);
      const events = world.system.log.drain();
      for (const event of events) seen.set(event.kind, (seen.get(event.kind) ?? 0) + 1);
      const problems = events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : []));
      expect({ seed, count, problems, found: contradictions(world) }).toEqual({ seed, count, problems: [], found: [] });
    }
    for (const process of [...world.system.processes]) expect(mm.exit(process).problems).toEqual([]);
    expect(contradictions(world)).toEqual([]);
  }
  const frequent = [
    'vma-created',
    'vma-split',
    'vma-merged',
    'ptes-set',
    'ptes-cleared',
    'ptes-changed',
    'ptes-moved',
    'page-copied',
    'fault',
  ];
  for (const kind of frequent) expect([kind, (seen.get(kind) ?? 0) > 10]).toEqual([kind, true]);
});
