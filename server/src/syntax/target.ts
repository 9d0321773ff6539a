/**
 * What the text is read for: the kernel version, its configuration and the architecture, as far as conditionals
 * (`#if`) need them. Plain data; the words that stand for "the kernel builds with this" are tables here.
 */

export interface SyntaxTarget {
  /** The Linux version the driver is read for. */
  readonly version: { readonly major: number; readonly minor: number; readonly patch: number };
  /** `CONFIG_FOO` to `y`, `m`, `n` or a value. A name that is missing counts as on. */
  readonly config: ReadonlyMap<string, string>;
}

/** `KERNEL_VERSION(major, minor, patch)`: one byte each for minor and patch, as the kernel computes it. */
export function kernelVersionCode(major: bigint, minor: bigint, patch: bigint): bigint {
  return (major << 16n) + (minor << 8n) + (patch > 255n ? 255n : patch);
}

/** Macros that hold for every kernel build of the modelled architecture (x86-64), as `#if` sees them. */
export const builtInMacros: ReadonlyMap<string, string> = new Map([
  ['__KERNEL__', '1'],
  ['MODULE', '1'],
  ['__x86_64__', '1'],
  ['__x86_64', '1'],
  ['__amd64__', '1'],
  ['__LP64__', '1'],
  ['__GNUC__', '12'],
  ['__GNUC_MINOR__', '2'],
  ['__linux__', '1'],
  ['linux', '1'],
  ['__LITTLE_ENDIAN', '1234'],
  ['__LITTLE_ENDIAN_BITFIELD', '1'],
  ['__BYTE_ORDER', '1234'],
  ['BITS_PER_LONG', '64'],
  ['BITS_PER_LONG_LONG', '64'],
  ['PAGE_SHIFT', '12'],
  ['PAGE_SIZE', '4096'],
  ['L1_CACHE_SHIFT', '6'],
  ['HZ', '250'],
  ['HAVE_PCI_MMAP', '1'],
  ['ARCH_GENERIC_PCI_MMAP_RESOURCE', '1'],
  ['SNDRV_PCM_INFO_MMAP_IOMEM', '1'],
  ['pgprot_noncached', '1'],
  ['pgprot_writecombine', '1'],
  ['ioremap_wc', '1'],
  ['module_param_array', '1'],
  ['ARCH_HAS_VALID_PHYS_ADDR_RANGE', '1'],
]);

/** Configuration names of other architectures and of kernels without an MMU: off unless the configuration says so. */
export const foreignConfiguration: ReadonlySet<string> = new Set(
  (
    '32BIT ALPHA ARC ARM ARM64 CSKY HEXAGON IA64 LOONGARCH M68K M68KNOMMU COLDFIRE MICROBLAZE MIPS NIOS2 OPENRISC PARISC PPC PPC32 ' +
    'PPC64 PPC_PMAC PPC_PSERIES PPC_POWERNV RISCV S390 SUPERH SUPERH32 SUPERH64 SPARC SPARC32 SPARC64 UML UNICORE32 X86_32 XTENSA ' +
    'CPU_BIG_ENDIAN CPU_SH2 CPU_SH3 CPU_SH4 MIPS32 MIPS64 SGI_IP22 SGI_IP27 AVR32 BLACKFIN CRIS FRV H8300 M32R MN10300 SCORE TILE'
  )
    .split(' ')
    .map((name) => `CONFIG_${name}`),
);
