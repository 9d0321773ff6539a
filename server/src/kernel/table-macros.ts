/**
 * Macros of the kernel's common headers that make ops tables, or entries of one, with a mapping handler inside. A driver
 * that uses one shows no handler in its own text. Data and one look-up: a macro's other entries do not matter here.
 */
import { inRange, type KernelVersion, type VersionRange } from './version.ts';

export interface TableMacro {
  readonly name: string;
  /** `table`: stands at file level and defines a table named by its first argument. `entries`: stands in an initializer. */
  readonly makes: 'table' | 'entries';
  readonly container: string;
  readonly slot: string;
  /** The function that the kernel defines. */
  readonly function: string;
  /** Kernels in which the macro sets this slot. */
  readonly versions?: VersionRange;
}

const gemTable = (name: string, handler = 'drm_gem_mmap', versions?: VersionRange): TableMacro => ({
  name,
  makes: 'table',
  container: 'file_operations',
  slot: 'mmap',
  function: handler,
  ...(versions && { versions }),
});
const gemEntries = (name: string): TableMacro => ({ ...gemTable(name), makes: 'entries' });
/** `drm_driver.gem_prime_mmap` went in 6.6. */
const gemPrime = (name: string): TableMacro => ({
  name,
  makes: 'entries',
  container: 'drm_driver',
  slot: 'gem_prime_mmap',
  function: 'drm_gem_prime_mmap',
  versions: { until: { major: 6, minor: 6, patch: 0 } },
});
const frameBuffer = (name: string, handler: string): TableMacro => ({
  name,
  makes: 'entries',
  container: 'fb_ops',
  slot: 'fb_mmap',
  function: handler,
});

const version = (major: number, minor: number): KernelVersion => ({ major, minor, patch: 0 });

const tableMacros: readonly TableMacro[] = [
  gemTable('DEFINE_DRM_GEM_FOPS'),
  gemTable('DEFINE_DRM_GEM_DMA_FOPS'),
  // The name of DEFINE_DRM_GEM_DMA_FOPS before 6.1.
  gemTable('DEFINE_DRM_GEM_CMA_FOPS', 'drm_gem_cma_mmap', { until: version(5, 11) }),
  gemTable('DEFINE_DRM_GEM_CMA_FOPS', 'drm_gem_mmap', { since: version(5, 11) }),
  gemTable('DEFINE_DRM_GEM_SHMEM_FOPS', 'drm_gem_shmem_mmap'),
  gemTable('DEFINE_DRM_ACCEL_FOPS'),
  gemEntries('DRM_GEM_FOPS'),
  gemEntries('DRM_ACCEL_FOPS'),
  frameBuffer('FB_DEFAULT_IOMEM_OPS', 'fb_io_mmap'),
  frameBuffer('__FB_DEFAULT_IOMEM_OPS_MMAP', 'fb_io_mmap'),
  frameBuffer('FB_DEFAULT_DEFERRED_OPS', 'fb_deferred_io_mmap'),
  frameBuffer('__FB_DEFAULT_DEFERRED_OPS_MMAP', 'fb_deferred_io_mmap'),
  gemPrime('DRM_GEM_DMA_DRIVER_OPS'),
  gemPrime('DRM_GEM_DMA_DRIVER_OPS_WITH_DUMB_CREATE'),
  gemPrime('DRM_GEM_DMA_DRIVER_OPS_VMAP'),
  gemPrime('DRM_GEM_DMA_DRIVER_OPS_VMAP_WITH_DUMB_CREATE'),
  gemPrime('DRM_GEM_CMA_DRIVER_OPS'),
  gemPrime('DRM_GEM_CMA_DRIVER_OPS_WITH_DUMB_CREATE'),
  gemPrime('DRM_GEM_CMA_DRIVER_OPS_VMAP'),
  gemPrime('DRM_GEM_CMA_DRIVER_OPS_VMAP_WITH_DUMB_CREATE'),
  gemPrime('DRM_GEM_SHMEM_DRIVER_OPS'),
  gemPrime('DRM_GEM_VRAM_DRIVER'),
];

/** What the macro `name` makes in `kernel`, when it is one of the kernel's table makers. */
export function tableMacro(name: string, kernel: KernelVersion): TableMacro | undefined {
  return tableMacros.find((macro) => macro.name === name && inRange(kernel, macro.versions ?? {}));
}

/** Every name, for a quick look into a text. */
export const tableMacroNames: readonly string[] = [...new Set(tableMacros.map(({ name }) => name))];
