/**
 * An independent, purely textual scan for registered mapping handlers: the yardstick for the driver model's recall. It
 * shares no code and no table with server/src, reads no types and evaluates no preprocessor.
 */

/** One `.slot = function` or `object->slot = function` as the text shows it. */
export interface ScannedEntry {
  readonly function: string;
  /** `file_operations.mmap`; `?.mmap` where the text near the entry does not name the struct. */
  readonly slot: string;
  /** 1-based. */
  readonly line: number;
  readonly form: 'initializer' | 'assignment';
  /** Inside a `#define`, where function and table may be parameters. */
  readonly inMacro: boolean;
}

/** Struct tags and the fields of each that hold a mapping handler. */
const containers: Readonly<Record<string, readonly string[]>> = {
  file_operations: ['mmap', 'mmap_prepare', 'get_unmapped_area', 'mmap_capabilities', 'mremap'],
  vm_operations_struct: [
    'open',
    'close',
    'fault',
    'huge_fault',
    'pmd_fault',
    'page_mkwrite',
    'pfn_mkwrite',
    'map_pages',
    'access',
    'may_split',
    'split',
    'mremap',
    'mprotect',
    'nopage',
    'nopfn',
    'populate',
    'name',
    'pagesize',
    'find_special_page',
    'set_policy',
    'get_policy',
    'mapped',
  ],
  vm_special_mapping: ['fault', 'mremap', 'close'],
  dev_pagemap_ops: ['migrate_to_ram'],
  proc_ops: ['proc_mmap', 'proc_get_unmapped_area'],
  bin_attribute: ['mmap'],
  kernfs_ops: ['mmap'],
  dma_buf_ops: ['mmap'],
  drm_gem_object_funcs: ['mmap'],
  drm_driver: ['gem_prime_mmap'],
  fb_ops: ['fb_mmap'],
  snd_pcm_ops: ['mmap', 'page'],
  snd_compr_ops: ['mmap'],
  snd_hwdep_ops: ['mmap'],
  snd_info_entry_ops: ['mmap'],
  snd_soc_component_driver: ['mmap', 'page'],
  snd_compress_ops: ['mmap'],
  snd_malloc_ops: ['mmap'],
  v4l2_file_operations: ['mmap', 'get_unmapped_area'],
  videobuf_qtype_ops: ['mmap_mapper'],
  vb2_mem_ops: ['mmap'],
  uio_info: ['mmap', 'mmap_prepare'],
  vfio_device_ops: ['mmap'],
  vfio_pci_regops: ['mmap'],
  vfio_iommu_driver_ops: ['mmap'],
  mdev_parent_ops: ['mmap'],
  proto_ops: ['mmap'],
  ib_device: ['mmap'],
  rvt_driver_params: ['mmap'],
  ib_device_ops: ['mmap'],
  bpf_map_ops: ['map_mmap', 'map_get_unmapped_area'],
  kvm_device_ops: ['mmap'],
  uacce_ops: ['mmap'],
  vmbus_channel: ['mmap_ring_buffer', 'mmap_prepare_ring_buffer'],
  dma_map_ops: ['mmap'],
  clcd_board: ['mmap'],
  posix_clock_operations: ['mmap'],
};

const slots = [...new Set(Object.values(containers).flat())];
const entryPattern = new RegExp(`(\\.|->)[ \\t]*(${slots.join('|')})\\s*=(?!=)\\s*|\\b(${slots.join('|')})[ \\t]*:[ \\t]*(?=[&\\w(])`, 'g');

/** Every registration that the text shows. */
export function scanHandlers(text: string): readonly ScannedEntry[] {
  const code = blankCommentsAndStrings(text);
  const defines = defineRanges(code);
  const onMappings = functionsOnMappings(code);
  const entries: ScannedEntry[] = [];
  for (const match of code.matchAll(entryPattern)) {
    const slot = match[2] ?? match[3] ?? '';
    const at = match.index;
    if (match[3] && !/[{,]$/.test(code.slice(Math.max(0, at - 400), at).trimEnd())) continue;
    const isAssignment = match[1] === '->' || (match[1] === '.' && /[\w)\]]\s*$/.test(code.slice(Math.max(0, at - 400), at)));
    const valueStart = match.index + match[0].length;
    const value = valueText(code, valueStart);
    const names = functionNames(value);
    if (names.length === 0) continue;
    const container = isAssignment ? undefined : containerAround(code, at);
    if (container !== undefined && container !== '' && !containers[container]?.includes(slot)) continue;
    if (!container && !names.some((name) => onMappings.has(name))) continue;
    const line = lineOf(code, at);
    const inMacro = defines.some(([start, end]) => at >= start && at < end);
    for (const name of names) {
      entries.push({
        function: name,
        slot: `${container || '?'}.${slot}`,
        line,
        form: isAssignment ? 'assignment' : 'initializer',
        inMacro,
      });
    }
  }
  return entries;
}

function blankCommentsAndStrings(text: string): string {
  const pattern = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text
    .replace(pattern, blank)
    .replace(/^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|include)\b(?:[^\n\\]|\\[^\n]|\\\r?\n)*/gm, blank);
}

function defineRanges(code: string): readonly (readonly [number, number])[] {
  return [...code.matchAll(/^[ \t]*#[ \t]*define\b(?:[^\n\\]|\\[^\n]|\\\r?\n)*/gm)].map(
    (match) => [match.index, match.index + match[0].length] as const,
  );
}

/** The text of a value from `start` up to the comma, brace or semicolon that ends it. */
function valueText(code: string, start: number): string {
  let depth = 0;
  let end = start;
  for (; end < code.length; end++) {
    const letter = code[end] ?? '';
    if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && (letter === ',' || letter === ';')) break;
  }
  return code.slice(start, end);
}

/** The functions that a value can be: the last word of a name, of a cast, of each arm of a conditional. */
function functionNames(value: string): readonly string[] {
  const arms = value.includes('?') ? value.slice(value.indexOf('?') + 1).split(':') : [value];
  const names: string[] = [];
  for (const arm of arms) {
    const plain = arm
      .replace(/\\\r?\n/g, ' ')
      .replace(/\([^()]*\*[^()]*\)/g, ' ')
      .replace(/\\/g, ' ')
      .trim();
    const wrapped = /^\w+\((?:[^()]|\([^()]*\))*,\s*&?(\w+)\s*\)$/.exec(plain);
    const name = wrapped?.[1] ?? /^\(*\s*&?\s*([A-Za-z_]\w*)\s*\)*$/.exec(plain)?.[1];
    if (name && name !== 'NULL') names.push(name);
  }
  return names;
}

/** The struct tag of the initializer around `at`; empty when there is one without a tag in sight, else `undefined`. */
function containerAround(code: string, at: number): string | undefined {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    const letter = code[index];
    if (letter === '}') depth++;
    else if (letter === '{' && depth > 0) depth--;
    else if (letter === '{') {
      const before = code.slice(Math.max(0, index - 300), index).replace(/\\\r?\n/g, ' ');
      const declared =
        /\bstruct\s+(\w+)\s+(?:\w+\s+)*[\w#]+[^;{}()=]*(?:\(\w*\)\s*)?=\s*$/.exec(before) ??
        /\(\s*(?:const\s+)?struct\s+(\w+)\s*(?:\[\s*\w*\s*\])?\s*\)\s*$/.exec(before);
      if (declared) return declared[1];
      if (/=\s*$/.test(before) && /\.\s*\w+\s*=\s*$/.test(before)) return '';
      if (!/[=,{(\]]\s*$/.test(before)) return undefined;
    }
  }
  return undefined;
}

/** The functions that the text declares or defines with a parameter that only mapping handlers have. */
function functionsOnMappings(code: string): ReadonlySet<string> {
  const pattern = /\b(\w+)\s*\((?=[^;{)]*struct\s+(?:vm_area_struct|vm_fault|vm_area_desc)\b)/g;
  return new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function lineOf(code: string, offset: number): number {
  let line = 1;
  for (let index = code.indexOf('\n'); index >= 0 && index < offset; index = code.indexOf('\n', index + 1)) line++;
  return line;
}
