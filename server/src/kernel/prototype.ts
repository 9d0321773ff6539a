/**
 * Reads the prototypes of the tables: C text of one line to a result type and parameters with their roles. Meant for our
 * own tidy text, where every parameter has a name; it is no C parser.
 */
import type { Parameter, ParameterRole, Prototype } from './fact.ts';
import type { VersionRange } from './version.ts';

const member = /^(?<result>.*?)\(\*\w+\)\s*\((?<parameters>.*)\)$/;
const callable = /^(?<result>[\w\s*]+?)\b\w+\((?<parameters>.*)\)$/;
const macro = /^(?<result>#define) \w+\((?<parameters>[^)]*)\)/;

/** Reads one prototype; text that is none (`page flag`) keeps its text and has no parameters. */
export function readPrototype(text: string, range: VersionRange): Prototype {
  const match = member.exec(text) ?? macro.exec(text) ?? callable.exec(text);
  if (!match?.groups) return { range, text, parameters: [] };
  const { result = '', parameters: list = '' } = match.groups;
  const parameters = readParameters(list);
  const index = (role: ParameterRole): number | undefined => {
    const found = parameters.findIndex((parameter) => parameter.role === role);
    return found < 0 ? undefined : found;
  };
  return {
    range,
    text,
    ...(result !== '#define' && { result: result.replace(/\bstatic inline\b/, '').trim() }),
    parameters,
    ...indices({ vma: index('vma'), vmf: index('vmf'), desc: index('desc') }),
  };
}

function indices(found: Readonly<Record<'vma' | 'vmf' | 'desc', number | undefined>>): Partial<Record<'vma' | 'vmf' | 'desc', number>> {
  return Object.fromEntries(Object.entries(found).filter(([, index]) => index !== undefined));
}

function readParameters(list: string): readonly Parameter[] {
  const trimmed = list.trim();
  if (trimmed === '' || trimmed === 'void') return [];
  return trimmed.split(',').map((part) => {
    const [, type = '', name = ''] = /^(.*?)(\w+|\.\.\.)?$/.exec(part.trim()) ?? [];
    const role = roleOf(type.trim(), name);
    return { name, type: type.trim(), ...(role && { role }) };
  });
}

/** Sizes and counts go by their names, whatever integer they are; pointers by their types; the rest by type, then by name. */
function roleOf(type: string, name: string): ParameterRole | undefined {
  const byName = roleByName.get(name);
  if (/\bvoid \*$/.test(type)) return byName === 'address' || byName === 'kernel-address' ? 'kernel-address' : undefined;
  if (type.includes('*')) return roleOfType(type);
  return byName === 'size' || byName === 'count' ? byName : (roleOfType(type) ?? byName);
}

const roleByType: readonly (readonly [RegExp, ParameterRole])[] = [
  [/\bstruct vm_area_struct \*$/, 'vma'],
  [/\bstruct (?:vm_fault|fault_env) \*$/, 'vmf'],
  [/\bstruct vm_area_desc \*$/, 'desc'],
  [/\bstruct mm_struct \*$/, 'mm'],
  [/\bstruct (?:page|folio) \*\*$/, 'pages'],
  [/\bstruct (?:page|folio) \*$/, 'page'],
  [/\bstruct file \*$/, 'file'],
  [/\bstruct device \*$/, 'device'],
  [/\bpgprot_t(?: \*)?$/, 'prot'],
  [/\bpfn_t$/, 'pfn'],
  [/\b(?:phys_addr_t|resource_size_t)$/, 'physical-address'],
  [/\bdma_addr_t$/, 'dma-address'],
  [/\bsize_t$/, 'size'],
  [/\bpgoff_t$/, 'pgoff'],
  [/\bgfp_t$/, 'gfp'],
  [/\bvm_flags_t$/, 'flags'],
];

const names: Readonly<Partial<Record<ParameterRole, string>>> = {
  vma: 'vma area',
  desc: 'desc',
  address: 'addr uaddr address from start start_addr',
  'kernel-address': 'cpu_addr kaddr',
  'physical-address': 'phys_addr',
  'dma-address': 'dma_addr',
  pfn: 'pfn start_pfn',
  size: 'size len max maxlen',
  count: 'num n nr nr_pages count numpages',
  order: 'order',
  prot: 'prot vma_prot pgprot',
  pgoff: 'pgoff',
  flags: 'vm_flags newflags',
  device: 'dev',
};
const roleByName = new Map(
  Object.entries(names).flatMap(([role, list]) => list.split(' ').map((name) => [name, role as ParameterRole] as const)),
);

function roleOfType(type: string): ParameterRole | undefined {
  return roleByType.find(([pattern]) => pattern.test(type))?.[1];
}
