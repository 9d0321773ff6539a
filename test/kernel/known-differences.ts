/**
 * Where the simulator is known to say something else than the real kernel. Each reason stands in docs/limits.md. One that no longer
 * differs must go.
 */
import type { KernelName } from './runner/kernels.ts';

export interface KnownDifference {
  /** Absent: all. */
  readonly kernels?: readonly KernelName[];
  readonly module: string;
  readonly scenarios: readonly string[];
  /** A sentence of docs/limits.md, or the beginning of one. */
  readonly limit: string;
}

const reuse = 'Memory that is freed is not given out again';

const device = 'No device answers';
const shmem = 'A file of shared memory that a driver makes';
const bitField = 'A bit-field is not seen through another member of the union that it lies in';
const iterators = '`read_iter` and `write_iter` of a device are not run';
const saturation = 'A `refcount_t` does not saturate';
const order = 'Nothing happens at the same time';
const copies = 'A copy by the kernel that ends in a fault tries the rest once more in smaller parts';
const above = 'What a driver maps past the end of its vma';
const broken = 'A page that the kernel fails to read while it copies it';
const tables = 'Page tables are there when they are needed';

export const knownDifferences: readonly KnownDifference[] = [
  { module: 'swap-front', scenarios: ['frames', 'privates'], limit: iterators },
  { module: 'swap-front', scenarios: ['at0-private-walk-q2'], limit: copies },
  { module: 'one-owner', scenarios: ['drops'], limit: saturation },
  // The grace period of RCU is not over yet when the pages are looked at.
  { kernels: ['6.1'], module: 'late-free', scenarios: ['at0-shared-walk-q0'], limit: order },
  { module: 'bar-registers', scenarios: ['page-shared-forked'], limit: device },
  { module: 'bar-registers', scenarios: ['page-shared-walk-k'], limit: device },
  // How often the kernel finds the entry behind the vma bad.
  { module: 'loom', scenarios: ['y8c16o2-none-nothing-shared-walk-v1'], limit: above },
  { kernels: ['6.12-debug'], module: 'memremap-window', scenarios: ['pages'], limit: broken },
  {
    kernels: ['6.12-debug'],
    module: 'estate',
    scenarios: ['at256-private-walk-t26', 'at256-private-walk-y26', 'at256-shared-walk-y26'],
    limit: broken,
  },
  // The table is made while RCU is read.
  { kernels: ['6.12-debug'], module: 'prefetch', scenarios: ['around', 'lies', 'private', 'windows'], limit: tables },
  // Newer kernels align large anonymous mappings, so that others of the program lie elsewhere.
  { kernels: ['6.12', '6.12-debug'], module: 'remap-odd', scenarios: ['way4-shared-read-by-mem'], limit: above },
  { kernels: ['6.12', '6.12-debug'], module: 'remap-part', scenarios: ['long-shared-duplicate-part'], limit: above },
  {
    module: 'shadow-shmem',
    scenarios: ['private', 'advice', 'at0-shared-walk-m0', 'at0-shared-walk-m2', 'at1-private-walk-m0'],
    limit: shmem,
  },
  { module: 'dispatch', scenarios: ['asks'], limit: bitField },
  { module: 'put-too-many', scenarios: ['forked-0'], limit: reuse },
  // Up to 6.2 the allocator takes a page back although entries still lead to it.
  { kernels: ['6.1'], module: 'put-too-many', scenarios: ['twice-while-mapped-0'], limit: reuse },
  { kernels: ['6.1'], module: 'insert-and-put', scenarios: ['twice-shared-forked', 'twice-shared-touch'], limit: reuse },
  { kernels: ['6.1'], module: 'careless', scenarios: ['only-reference-twice'], limit: reuse },
  // With DEBUG_VM other pages are free.
  { kernels: ['6.1', '6.12'], module: 'many-allocators', scenarios: ['first-pages', 'second-of-pair'], limit: reuse },
  { kernels: ['6.1'], module: 'crumbs', scenarios: ['tail-of-plain'], limit: reuse },
  { kernels: ['6.1', '6.12'], module: 'umbilical', scenarios: ['shared-again'], limit: reuse },
  { kernels: ['6.1'], module: 'umbilical', scenarios: ['shared-memory'], limit: reuse },
  { kernels: ['6.1', '6.12'], module: 'fault-kinds', scenarios: ['block-shared-walk-k'], limit: reuse },
  { kernels: ['6.1'], module: 'free-in-close', scenarios: ['split', 'split-page'], limit: reuse },
];
