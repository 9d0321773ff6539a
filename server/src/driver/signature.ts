/**
 * Handlers that nobody in sight registers, known by what they take and return: the table may be in another file, or be
 * filled by code that the search does not follow.
 */
import type { FunctionHeader, TypeName } from '../syntax/ast.ts';
import type { HandlerKind } from './model.ts';
import { mappingStruct } from './registration.ts';

/** What a function is for when only its name and type tell, or `undefined` when it is no handler by these. */
export function kindBySignature(header: FunctionHeader): HandlerKind | undefined {
  const structs = header.parameters.map(({ type }) => mappingStruct(type) ?? pointee(type));
  const first = structs[0];
  const mapping = structs.filter((name) => name === 'vm_area_struct' || name === 'vm_fault' || name === 'vm_area_desc');
  if (mapping.length === 0) return undefined;
  const returned = header.returns;
  if (mapping[0] === 'vm_area_desc') return isInt(returned) ? 'mmap_prepare' : undefined;
  if (mapping.includes('vm_fault')) return faultKind(header, structs);
  if (isInt(returned) && structs.length === 2 && first === 'file') return 'mmap';
  if (isInt(returned) && structs.at(-1) === 'vm_area_struct' && mapping.length === 1 && /(?:^|_)mmap(?:_|$)/.test(header.name))
    return 'mmap';
  if (returned.kind === 'pointer' && pointee(returned) === 'page' && structs.length === 3 && first === 'vm_area_struct') return 'nopage';
  if (returned.kind === 'named' && returned.name === 'unsigned long' && structs.length === 2 && /nopfn/.test(header.name)) return 'nopfn';
  if (isVoid(returned) && structs.length === 1) return /(?:^|_)vma?_(open|close)$/.exec(header.name)?.[1] as 'open' | 'close' | undefined;
  return undefined;
}

function faultKind(header: FunctionHeader, structs: readonly (string | undefined)[]): HandlerKind | undefined {
  const { returns, name, parameters } = header;
  const at = structs.indexOf('vm_fault');
  if (at > 1 || (at === 1 && structs[0] !== 'vm_area_struct')) return undefined;
  const after = parameters.length - at - 1;
  if (returns.kind !== 'named' || !/^(?:vm_fault_t|int|unsigned int|void)$/.test(returns.name)) return undefined;
  if (after === 2) return /map_pages/.test(name) ? 'map_pages' : undefined;
  if (isVoid(returns)) return undefined;
  if (after === 1) return /huge|order/.test(name) ? 'huge_fault' : undefined;
  if (after > 0) return undefined;
  if (/pfn_mkwrite/.test(name)) return 'pfn_mkwrite';
  return /mkwrite/.test(name) ? 'page_mkwrite' : 'fault';
}

/** Index of the parameter that is the vma, vmf or vm_area_desc; a vmf wins over a vma beside it. */
export function mappingParameter(header: Pick<FunctionHeader, 'parameters'>): number | undefined {
  const structs = header.parameters.map(({ type }) => mappingStruct(type));
  const fault = structs.indexOf('vm_fault');
  const any = fault >= 0 ? fault : structs.findIndex((name) => name !== undefined);
  return any < 0 ? undefined : any;
}

function pointee(type: TypeName): string | undefined {
  return type.kind === 'pointer' && type.to.kind === 'tagged' ? type.to.name : undefined;
}

const isInt = (type: TypeName): boolean => type.kind === 'named' && type.name === 'int';
const isVoid = (type: TypeName): boolean => type.kind === 'named' && type.name === 'void';
