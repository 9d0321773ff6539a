/**
 * How a function can say the size, in bytes, of what an expression gives the address of: by the call that tells the length where the
 * expression asks for the start, by the driver's one allocation or ioremap() of it, or by the field beside. Knows C as it is written, and
 * no rule.
 */
import { allocatorNamed } from '../../../analysis/provenance.ts';
import type { Driver, FieldSource } from '../../../driver/model.ts';
import type { Expression, Field } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';
import { type FunctionUses, structOf, usesIn, valuesOf } from '../text/uses.ts';
import { textAt } from './fixes.ts';
import { reachOf, rebased } from './rebase.ts';

type Member = Expression & { readonly kind: 'member' };
type Call = Expression & { readonly kind: 'call' };

/** The size of what `address` points to, as C in the same function; `undefined` where the files do not tell one. */
export function sizeBehind(driver: Driver, uses: FunctionUses, address: Expression): string | undefined {
  const sizes = new Set<string>();
  const look = (each: Expression): void => {
    const size = ofStart(driver, uses, each) ?? (each.kind === 'member' ? ofField(driver, uses, each) : undefined);
    if (size !== undefined) sizes.add(size);
    // A local variable that is set once stands for its value.
    const [value, ...others] = each.kind === 'name' ? valuesOf(uses, each.name) : [];
    if (value && others.length === 0 && value.kind !== 'name') walkExpression(value, { expression: look });
  };
  walkExpression(address, { expression: look });
  const [size, ...others] = sizes;
  return others.length === 0 ? size : undefined;
}

function isCallOf(each: Expression, name: RegExp): each is Call {
  return each.kind === 'call' && each.callee.kind === 'name' && name.test(each.callee.name);
}

/** `pci_resource_len(pdev, 0)` for `pci_resource_start(pdev, 0)`, and `resource_size(res)` for `res->start`. */
function ofStart(driver: Driver, uses: FunctionUses, each: Expression): string | undefined {
  const text = ({ span }: Expression): string => textAt(driver, { file: uses.file, span });
  if (isCallOf(each, /^pci_resource_start$/)) return `pci_resource_len(${each.arguments.map(text).join(', ')})`;
  if (each.kind !== 'member' || each.field !== 'start' || structOf(uses, driver, each.object) !== 'resource') return undefined;
  return `resource_size(${each.arrow ? '' : '&'}${text(each.object)})`;
}

/** Fields of the kernel's structs that tell the length of what another one gives the address of. */
const pairs: Readonly<Record<string, string>> = { smem_start: 'smem_len', mmio_start: 'mmio_len' };

function ofField(driver: Driver, uses: FunctionUses, member: Member): string | undefined {
  const to = reachOf(textAt(driver, { file: uses.file, span: member.span }));
  const paired = pairs[member.field];
  if (to === undefined) return undefined;
  if (paired !== undefined) return `${to}${paired}`;
  const struct = structOf(uses, driver, member.object);
  if (struct === undefined) return undefined;
  const sources = driver.sourcesOf(struct, member.field).filter(({ value }) => value.kind !== 'number' && !isNull(value));
  const [source] = sources;
  if (sources.length > 1) return undefined;
  const given = source ? sizeGiven(driver, source, to) : sizeMapped(driver, member.field, to);
  const field = given ?? fieldBeside(driver, struct, member.field);
  return given ?? (field === undefined ? undefined : `${to}${field}`);
}

const isNull = (value: Expression): boolean => value.kind === 'name' && value.name === 'NULL';

/** The size that the one allocation of the field asks for. */
function sizeGiven(driver: Driver, { value, file, span }: FieldSource, to: string): string | undefined {
  const call = withoutCasts(value);
  const allocator = call.kind === 'call' && call.callee.kind === 'name' ? allocatorNamed(call.callee.name) : undefined;
  const from = reachOf(textAt(driver, { file, span: { start: span.start, end: value.span.start } }).replace(/\s*=\s*$/, ''));
  if (call.kind !== 'call' || !allocator || from === undefined || allocator.memory === 'iomem') return undefined;
  const order = allocator.order === undefined ? undefined : call.arguments[allocator.order];
  const [index, ...more] = allocator.size ?? [];
  const size = order ?? (index === undefined || more.length > 0 ? undefined : call.arguments[index]);
  const text = size && rebased(driver, file, size, from, to);
  return text === undefined ? undefined : order ? `PAGE_SIZE << ${text}` : text;
}

function withoutCasts(value: Expression): Expression {
  return value.kind === 'cast' ? withoutCasts(value.operand) : value;
}

/** The size with which the driver asks for the registers at a field's address. */
function sizeMapped(driver: Driver, field: string, to: string): string | undefined {
  const sizes = new Set<string>();
  for (const { file, expressions } of usesIn(driver, /\b(?:devm_)?ioremap|\brequest_mem_region\b/, new RegExp(`\\b${field}\\b`))) {
    for (const call of expressions) {
      if (!isCallOf(call, /^(?:devm_)?ioremap(?:_\w+)?$|^request_mem_region$/)) continue;
      const at = call.arguments.findIndex((each) => each.kind === 'member' && each.field === field);
      const [address, size] = [call.arguments[at], call.arguments[at + 1]];
      const from = address && reachOf(textAt(driver, { file, span: address.span }));
      const text = size && from !== undefined ? rebased(driver, file, size, from, to) : undefined;
      if (text !== undefined) sizes.add(text);
    }
  }
  const [size, ...others] = sizes;
  return others.length === 0 ? size : undefined;
}

/** The one field of the struct that says how long something is, in bytes, beside the one that says where something begins. */
function fieldBeside(driver: Driver, struct: string, address: string): string | undefined {
  const type = driver.types.get(struct)?.type;
  const fields = type?.kind === 'tagged' && type.body?.kind === 'fields' ? type.body.fields : [];
  const starts = fields.filter(
    (field) => isNumber(field) && /(?:^|_)(?:base|start|addr|address|phys|paddr|physaddr)(?:_|$)/.test(field.name),
  );
  const sizes = fields.filter((field) => isNumber(field) && /(?:^|_)(?:size|len|length|bytes)$/.test(field.name));
  const [start, size] = [starts.at(0), sizes.at(0)];
  return starts.length === 1 && sizes.length === 1 && start?.name === address ? size?.name : undefined;
}

const isNumber = ({ type }: Field): boolean => type.kind === 'named';
