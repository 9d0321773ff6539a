/**
 * Hooks of a vma with the parameters of an older kernel, written for the target: what the kernel no longer passes is read from the vmf. The
 * vma and the page of a fault went into struct vm_fault, in 2.6.30 for page_mkwrite and in 4.11 for all.
 */
import type { Driver, DriverFunction } from '../../../driver/model.ts';
import type { Prototype } from '../../../kernel/fact.ts';
import { atLeast, type KernelVersion } from '../../../kernel/version.ts';
import type { TypeName } from '../../../syntax/ast.ts';
import type { ReportFix } from '../../rule.ts';
import { fixOf, noFix } from '../fixes/fixes.ts';
import { beginningWith, registered, usesOfName, withHeader } from './definition.ts';

/** What of the vmf holds what was a parameter, by the struct that it points to. */
const inVmf: Readonly<Record<string, string>> = { vm_area_struct: 'vma', page: 'page' };

/** How a fault of the target is declared. */
export function faultHeader(version: KernelVersion): { readonly result: string; readonly passesVma: boolean } {
  return { result: atLeast(version, 4, 17) ? 'vm_fault_t' : 'int', passesVma: !atLeast(version, 4, 11) };
}

/** Gives a hook the parameters of `prototype`, where each that goes is in the vmf. */
export function takingVmf(driver: Driver, header: DriverFunction, prototype: Prototype): readonly ReportFix[] {
  const uses = registered(driver, header.name)?.uses;
  const [vmf] = prototype.parameters;
  if (!uses || prototype.parameters.length !== 1 || vmf?.role !== 'vmf') return noFix;
  const own = header.parameters.find(({ type }) => structOf(type) === 'vm_fault');
  const name = own?.name ?? vmf.name;
  if (!own && usesOfName(uses, name).length > 0) return noFix;
  const lines: string[] = [];
  for (const parameter of header.parameters) {
    if (parameter === own || usesOfName(uses, parameter.name).length === 0) continue;
    const struct = structOf(parameter.type);
    const field = struct === undefined ? undefined : inVmf[struct];
    if (field === undefined) return noFix;
    lines.push(`struct ${struct} *${parameter.name} = ${name}->${field};`);
  }
  const result = faultHeader(driver.target.version).result;
  const headerEdits = withHeader(driver, uses, { result, parameters: `${vmf.type}${name}` });
  if (!headerEdits) return noFix;
  const addresses = atLeast(driver.target.version, 4, 10) ? uses.expressions : [];
  const renamed = addresses.flatMap((each) =>
    each.kind === 'member' && each.field === 'virtual_address' ? [{ file: uses.file, span: each.fieldSpan, newText: 'address' }] : [],
  );
  const title = `Take \`${vmf.type}${name}\` alone (check that no older kernel is built for)`;
  return fixOf({ title, safe: false }, [...headerEdits, ...beginningWith(uses, lines), ...renamed]);
}

function structOf(type: TypeName): string | undefined {
  return type.kind === 'pointer' && type.to.kind === 'tagged' ? type.to.name : undefined;
}
