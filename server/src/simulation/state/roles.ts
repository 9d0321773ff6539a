/**
 * What a value of the driver means, told by how it is used, how it is declared and what it is called: in this order.
 * The role decides which value is assumed for it. Reads the driver model; chooses no values.
 */
import type { Driver } from '../../driver/model.ts';
import type { Role } from '../../execution/term.ts';
import type { Expression } from '../../syntax/ast.ts';
import type { Subject } from './subject.ts';
import { type Turned, turnOf, type Use, usesOf } from './uses.ts';

export interface InferredRole {
  readonly role: Role;
  /** Why, for the assumption: `it is compared with the length of the mapping`. */
  readonly because: string;
  /** The memory has struct pages: a call asks for them. */
  readonly isRam?: boolean;
}

/** Calls that lead from a number to a struct page or to the kernel's own mapping of RAM. */
const ramCalls: ReadonlySet<string> = new Set(['pfn_to_page', 'phys_to_page', 'phys_to_virt', '__va']);

/** What the parameters of a call mean, by position. */
const argumentRoles: Readonly<Record<string, Readonly<Record<number, Role>>>> = {
  remap_pfn_range: { 2: 'pfn', 3: 'length' },
  io_remap_pfn_range: { 2: 'pfn', 3: 'length' },
  vm_iomap_memory: { 1: 'physicalAddress', 2: 'length' },
  vmf_insert_pfn: { 2: 'pfn' },
  vmf_insert_pfn_prot: { 2: 'pfn' },
  vmf_insert_mixed: { 2: 'pfn' },
  vmf_insert_pfn_pmd: { 1: 'pfn' },
  pfn_to_page: { 0: 'pfn' },
  pfn_valid: { 0: 'pfn' },
  phys_to_page: { 0: 'physicalAddress' },
  phys_to_virt: { 0: 'physicalAddress' },
  __va: { 0: 'physicalAddress' },
  __phys_to_pfn: { 0: 'physicalAddress' },
  PHYS_PFN: { 0: 'physicalAddress' },
  ioremap: { 0: 'physicalAddress', 1: 'length' },
  ioremap_wc: { 0: 'physicalAddress', 1: 'length' },
  devm_ioremap: { 1: 'physicalAddress', 2: 'length' },
  memremap: { 0: 'physicalAddress', 1: 'length' },
  dma_alloc_coherent: { 1: 'length' },
  dma_mmap_coherent: { 3: 'physicalAddress', 4: 'length' },
  dma_mmap_wc: { 3: 'physicalAddress', 4: 'length' },
  dma_mmap_attrs: { 3: 'physicalAddress', 4: 'length' },
  dma_mmap_pages: { 2: 'length' },
  dma_free_coherent: { 1: 'length', 3: 'physicalAddress' },
  kmalloc: { 0: 'length' },
  kzalloc: { 0: 'length' },
  vmalloc: { 0: 'length' },
  vmalloc_user: { 0: 'length' },
  vzalloc: { 0: 'length' },
  vm_map_pages: { 2: 'count' },
  vm_map_pages_zero: { 2: 'count' },
  vm_insert_pages: { 3: 'count' },
  kcalloc: { 0: 'count' },
  kvcalloc: { 0: 'count' },
  vcalloc: { 0: 'count' },
  kmalloc_array: { 0: 'count' },
  kvmalloc_array: { 0: 'count' },
  devm_kcalloc: { 1: 'count' },
  devm_kmalloc_array: { 1: 'count' },
  kvmalloc: { 0: 'length' },
  kvzalloc: { 0: 'length' },
  devm_kzalloc: { 1: 'length' },
  alloc_pages_exact: { 0: 'length' },
  dma_alloc_attrs: { 1: 'length' },
  dma_alloc_wc: { 1: 'length' },
  dmam_alloc_coherent: { 1: 'length' },
  pci_resource_start: { 1: 'index' },
  pci_resource_end: { 1: 'index' },
  pci_resource_len: { 1: 'index' },
  pci_resource_flags: { 1: 'index' },
  pci_ioremap_bar: { 1: 'index' },
  pci_iomap: { 1: 'index' },
  pci_request_region: { 1: 'index' },
  platform_get_resource: { 2: 'index' },
};

const addressTypes = /^(phys_addr_t|resource_size_t|dma_addr_t|dma64_addr_t)$/;

const names: readonly (readonly [RegExp, Role])[] = [
  [/^(is|has|can|needs?|use)_/, 'status'],
  [/(^|_)(order|shift|bar)$/i, 'index'],
  [/(^|_)attrs?$/i, 'flags'],
  [/(^|_)(dir|dev|device|chan|channel|ops|lock|mask)$/i, 'unknown'],
  [/pfn/i, 'pfn'],
  [
    /(^|_)(n|nr|num)_?(pages|pgs|bufs|blocks|segs|regions|bars|queues|entries|maps|rsc|rsrc)?$|count$|pages$|^n_|^num|^nr_|^n(?!ame)[a-z]{2,}s$/i,
    'count',
  ],
  [/(^|_)(depth|slots|[xy]res|width|height|bpp|bits_per_pixel)(_virtual)?$/i, 'count'],
  [/size|len(gth)?$|bytes|limit|sz$/i, 'length'],
  [/phys|paddr|^pa$|dma|bus_?addr|(^|_)base|iomem|mmio|start|handle|addr/i, 'physicalAddress'],
  [/index|idx|^id$/i, 'index'],
  [/off(set)?$/i, 'offset'],
  [/flags?$|caps|mode|prot|type|attr/i, 'flags'],
];

/** The role of a number; `typeName` as declared, where the files tell. */
export function inferRole(driver: Driver, subject: Subject, typeName: string | undefined): InferredRole {
  const { name } = subject;
  const tally = new Map<Role, { votes: number; found: InferredRole }>();
  let isRam = false;
  const nameRole = roleOfName(name);
  for (const use of usesOf(driver, subject)) {
    const found = roleOfUse(use);
    // In a sum that is an address, only one term is.
    if (!found || (addresses.has(found.role) && distances.has(nameRole))) continue;
    isRam ||= found.isRam === true;
    const known = tally.get(found.role);
    if (known) known.votes += 1;
    else tally.set(found.role, { votes: 1, found });
  }
  const [best] = [...tally].sort(([, left], [, right]) => right.votes - left.votes);
  if (best) return { ...best[1].found, isRam };
  // `resource_size_t` is the type of both.
  if (typeName !== undefined && addressTypes.test(typeName) && nameRole !== 'length')
    return { role: 'physicalAddress', because: `it is a ${typeName}` };
  if (typeName === 'bool') return { role: 'status', because: 'it is a flag of the driver' };
  if (nameRole !== 'unknown') return { role: nameRole, because: `it is called ${name}` };
  if (typeName === 'size_t') return { role: 'length', because: 'it is a size_t' };
  return { role: 'unknown', because: 'nothing tells what it means' };
}

const addresses: ReadonlySet<Role> = new Set(['physicalAddress', 'pfn']);

/** What is added to an address. */
const distances: ReadonlySet<Role> = new Set(['offset', 'index', 'length', 'count']);

/** States of a device that are true while it works. */
const working =
  /(^|_)(attached|ready|enabled?|valid|registered|initiali[sz]ed|running|active|opened|open|configured|up|alive|online|present|mapped|allocated)$/i;

/** What a function is called that asks for such a state; verbs that may as well do something are left out. */
const stateQuestion = /(^|_)(attached|ready|enabled|initiali[sz]ed|running|active|alive|online|present)$/i;

/** Whether a function of this name says yes in a driver that works. */
export function isYesWhenWorking(name: string): boolean {
  return stateQuestion.test(name);
}

/** Whether a flag of this name is set in a driver that works. */
export function isSetWhenWorking(name: string): boolean {
  return working.test(name);
}

/** What a name alone suggests. */
export function roleOfName(name: string): Role {
  return names.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** What one place tells about the value that stands there. */
function roleOfUse({ expression, around, turned: before }: Use): InferredRole | undefined {
  let inner = expression;
  let turned = before;
  for (const outer of around) {
    if (outer.kind === 'call') return roleOfArgument(outer, inner, turned);
    if (outer.kind === 'index' && outer.index === inner && turned === undefined)
      return { role: 'index', because: 'it is an index of an array' };
    if (outer.kind === 'cast') {
      // Passed on.
    } else if (outer.kind === 'binary') {
      const turn = turnOf(outer, inner);
      if (turn) turned = turn;
      else if (comparisons.has(outer.operator)) return roleOfComparison(outer.left === inner ? outer.right : outer.left, turned);
      else if (outer.operator === '&' && isConstantName(outer.left === inner ? outer.right : outer.left))
        return { role: 'flags', because: 'bits of it are tested' };
      // What is subtracted is of another kind than the rest.
      else if (outer.operator !== '+' && (outer.operator !== '-' || outer.right === inner)) return undefined;
    } else return undefined;
    inner = outer;
  }
  return undefined;
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** A name in capitals other than those that align. */
function isConstantName(expression: Expression): boolean {
  return expression.kind === 'name' && /^[A-Z][A-Z0-9_]+$/.test(expression.name) && !/MASK|PAGE|SHIFT|SIZE/.test(expression.name);
}

/** What a value is that was turned, and serves as the role then. */
const turnedRoles: Readonly<Record<Exclude<Turned, undefined>, Partial<Record<Role, Role>>>> = {
  'into pages': { pfn: 'physicalAddress', count: 'length' },
  'into bytes': { physicalAddress: 'pfn', length: 'count' },
};

function roleOfArgument(call: Expression & { readonly kind: 'call' }, inner: Expression, turned: Turned): InferredRole | undefined {
  if (call.callee.kind !== 'name') return undefined;
  const { name } = call.callee;
  const role = argumentRoles[name]?.[call.arguments.indexOf(inner)];
  if (!role) return undefined;
  const because = `it is given to ${name}`;
  const isRam = ramCalls.has(name);
  if (turned === undefined) return { role, because, isRam };
  const origin = turnedRoles[turned][role];
  if (!origin) return { role, because, isRam };
  return { role: origin, because: `${because}, ${role === 'pfn' ? 'shifted to a pfn' : `turned ${turned}`}`, isRam };
}

function roleOfComparison(other: Expression, turned: Turned): InferredRole | undefined {
  const words = mentioned(other);
  const pages = words.has('vma_pages') || words.has('vm_pgoff') || words.has('pgoff') || (words.has('vm_end') && words.has('PAGE_SHIFT'));
  if (pages && !words.has('vm_end')) {
    return turned === 'into pages' || words.has('PAGE_SHIFT')
      ? { role: 'length', because: 'it is compared with the offset or length of the mapping' }
      : { role: 'count', because: 'it is compared with pages of the mapping' };
  }
  const role = turned === 'into bytes' ? 'count' : 'length';
  if (words.has('vm_end') || words.has('vm_start')) return { role, because: 'it is compared with the length of the mapping' };
  for (const word of words)
    if (/^(vsize|size|len|length|vm_size|vma_size|requested_size|req_len|map_size)$/.test(word))
      return { role, because: `it is compared with ${word}` };
  return undefined;
}

/** The names and fields in an expression, as deep as eight operators. */
function mentioned(expression: Expression): Set<string> {
  const words = new Set<string>();
  const visit = (each: Expression, level: number): void => {
    if (level > 8) return;
    switch (each.kind) {
      case 'name':
        words.add(each.name);
        return;
      case 'member':
        words.add(each.field);
        return;
      case 'binary':
        visit(each.left, level + 1);
        visit(each.right, level + 1);
        return;
      case 'unary':
      case 'cast':
        visit(each.operand, level + 1);
        return;
      case 'call':
        visit(each.callee, level + 1);
        for (const argument of each.arguments) visit(argument, level + 1);
        return;
      default:
        return;
    }
  };
  visit(expression, 0);
  return words;
}
