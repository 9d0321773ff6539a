/**
 * Decides which registrations are mapping handlers, and adds the functions that are handlers by their signature alone.
 * Where registrations come from is the business of `registration.ts`.
 */
import type { DriverFunction, Handler, HandlerKind, OpsTable } from './model.ts';
import type { Registration } from './registration.ts';
import { kindBySignature, mappingParameter } from './signature.ts';
import { isTable, kindOfOwnField, slotOf, slotsNamed } from './slots.ts';

/** The functions at hand, and the file whose handlers are asked for. */
export interface HandlerContext {
  readonly file: string;
  readonly functions: ReadonlyMap<string, DriverFunction>;
  /** What the fields of further tables are for, by `struct.field`. */
  readonly slots?: ReadonlyMap<string, HandlerKind>;
  /** Whether the file's own text calls the function by name. */
  isCalled(name: string): boolean;
}

/** The handlers among `registrations`, in their order. */
export function handlersOf(registrations: readonly Registration[], context: HandlerContext): readonly Handler[] {
  const handlers: Handler[] = [];
  for (const registration of registrations) {
    const meaning = meaningOf(registration, context);
    if (!meaning) continue;
    const { span, table } = registration;
    const defined = context.functions.get(registration.function);
    const parameter = defined ? mappingParameter(defined) : meaning.parameter;
    handlers.push({
      function: registration.function,
      kind: meaning.kind,
      slot: meaning.slot,
      file: defined?.file ?? context.file,
      nameSpan: defined?.nameSpan ?? span,
      registeredAt: { file: context.file, span, ...(table !== undefined && { table }) },
      defined: defined !== undefined,
      ...(parameter !== undefined && { parameter }),
    });
  }
  return handlers;
}

/** The file's functions that look like handlers, are not in `registered`, and are not mere helpers of others. */
export function handlersBySignature(registered: ReadonlySet<string>, context: HandlerContext): readonly Handler[] {
  const isHeader = context.file.endsWith('.h');
  const handlers: Handler[] = [];
  for (const header of context.functions.values()) {
    if (header.file !== context.file || registered.has(header.name) || (isHeader && header.isStatic)) continue;
    const kind = kindBySignature(header);
    if (!kind || context.isCalled(header.name)) continue;
    const parameter = mappingParameter(header);
    handlers.push({
      function: header.name,
      kind,
      slot: `signature.${kind}`,
      file: header.file,
      nameSpan: header.nameSpan,
      defined: true,
      ...(parameter !== undefined && { parameter }),
    });
  }
  return handlers;
}

interface Meaning {
  readonly kind: HandlerKind;
  readonly slot: string;
  readonly parameter?: number;
}

function meaningOf(registration: Registration, { functions, slots }: HandlerContext): Meaning | undefined {
  const { container, slot: field } = registration;
  const header = functions.get(registration.function);
  if (container !== undefined) {
    const stated = slots?.get(`${container}.${field}`);
    if (stated !== undefined) return { kind: stated, slot: `${container}.${field}` };
    const slot = slotOf(container, field);
    if (slot) return { kind: slot.kind, slot: `${container}.${field}`, ...(slot.parameter !== undefined && { parameter: slot.parameter }) };
    const takesMapping = registration.ownSlot || (slotsNamed(field).length > 0 && isOnMapping(header));
    return takesMapping ? { kind: kindOfOwnField(field), slot: `${container}.${field}` } : undefined;
  }
  return meaningWithoutContainer(field, header);
}

/** An entry of a table whose struct the text does not tell: the field's name and the function's parameters decide. */
function meaningWithoutContainer(field: string, header: DriverFunction | undefined): Meaning | undefined {
  const candidates = slotsNamed(field);
  const [only, ...others] = candidates;
  if (!only) return undefined;
  if (others.length === 0 && field.includes('_mmap')) return { kind: only.kind, slot: `${only.container}.${field}` };
  if (!header || !isOnMapping(header)) return undefined;
  const structs = header.parameters.map(({ type }) => (type.kind === 'pointer' && type.to.kind === 'tagged' ? type.to.name : undefined));
  const fitting = candidates.filter(({ structs: expected }) => expected.some((each) => sameStructs(each, structs)));
  const [match] = fitting;
  return match ? { kind: match.kind, slot: `${match.container}.${field}` } : { kind: only.kind, slot: `signature.${only.kind}` };
}

/** Whether a function at hand has a parameter that only mapping handlers have. */
function isOnMapping(header: DriverFunction | undefined): boolean {
  return header !== undefined && mappingParameter(header) !== undefined;
}

function sameStructs(expected: readonly (string | undefined)[], given: readonly (string | undefined)[]): boolean {
  return expected.length === given.length && expected.every((tag, index) => tag === given[index]);
}

/** The tables of the kernel's kinds among the registrations, with every function they hold. */
export function tablesOf(registrations: readonly Registration[], file: string): readonly OpsTable[] {
  const groups = new Map<string, Registration[]>();
  for (const registration of registrations) {
    const { container, table } = registration;
    if (container === undefined || !isTable(container)) continue;
    const key = `${container} ${table ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(registration);
    else groups.set(key, [registration]);
  }
  return [...groups.values()].map((group) => ({
    name: group[0]?.table ?? '',
    container: group[0]?.container ?? '',
    entries: group.map(({ slot, function: name, span }) => ({ slot, function: name, span })),
    file,
    span: { start: Math.min(...group.map(({ span }) => span.start)), end: Math.max(...group.map(({ span }) => span.end)) },
  }));
}
