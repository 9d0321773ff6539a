/**
 * Calls of functions that neither the driver's files nor the project's tables define. They are answered with what lets
 * a driver go on (0, a pointer to something), listed as assumptions; a call that gets the mapping itself ends the story,
 * because nobody can say what it does to it, unless the scenario says what it returns.
 */
import type { CType, IntegerType } from '../../execution/ctype.ts';
import { int, unsignedLong } from '../../execution/ctype.ts';
import { constantOf, type Role } from '../../execution/term.ts';
import type { Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';
import { get_page } from '../../mm/physical/counts.ts';
import { PAGE_SIZE } from '../../mm/units.ts';
import { assignVmaField } from '../../mm/vma.ts';
import type { Location } from '../../protocol/position.ts';
import type { Span } from '../../syntax/ast.ts';
import type { Assumptions } from '../state/assumptions.ts';
import { choicesFor } from '../state/choices.ts';
import { isSetWhenWorking, isYesWhenWorking, roleOfName } from '../state/roles.ts';
import type { CallContext } from './call-context.ts';
import { pfnOfPage } from './fields.ts';
import { GivenObjects, isMaker } from './given-objects.ts';
import type { Teller } from './teller.ts';
import { formatValue, integer, intValue, nothing, nullPointer, numberOf, pointerTo } from './values.ts';
import { forgetFilled } from './world.ts';

export interface UnknownCallContext {
  readonly assumptions: Assumptions;
  readonly teller: Teller;
  locationOf(file: string, span: Span): Location;
  page(label: string): Value;
}

/** Calls that get the mapping but only look at it or tell somebody. */
const harmless =
  /^(trace_|security_|lockdep_|mmap_assert|mmap_(read|write)_(un)?lock|fput|get_file|file_accessed|vma_(start|end)_(read|write)|mm_(get|put)|mmgrab|mmput|update_mmu|flush_(cache|tlb))|_(dbg|err|warn|info)$/;

/** What a function gives as a wide number, when its name says so. */
const wideRoles: ReadonlySet<Role> = new Set(['length', 'physicalAddress', 'pfn']);

/** Questions that are answered with yes or no, whatever else their names speak of. */
const question = /(^|_)(is|has|can|check|verify|valid|test|need|should|try)(_|$)/;

export class UnknownCalls {
  readonly #context: UnknownCallContext;
  readonly #given = new GivenObjects();

  constructor(context: UnknownCallContext) {
    this.#context = context;
  }

  /** The assumed result. */
  answer(context: CallContext): Value {
    const { call, machine } = context;
    const { environment } = context;
    const mapping = call.arguments.find((value) => {
      const kind = value.kind === 'pointer' ? environment.objects.recordOf(value.place.object)?.kind : undefined;
      return kind === 'vma' || kind === 'vmf' || kind === 'desc';
    });
    const { assumptions } = this.#context;
    if (mapping && !harmless.test(call.name) && !assumptions.isTold(`${call.name}()`) && !assumptions.trusts(`${call.name}()`)) {
      return machine.stop({ kind: 'notUnderstood', what: `${call.name}(), which is defined elsewhere and gets ${formatValue(mapping)}` });
    }
    const vma = mapping?.kind === 'pointer' ? environment.objects.pointed(mapping, 'vma')?.vma : undefined;
    // Whoever maps something gives the vma operations of its own.
    if (vma && !harmless.test(call.name) && !vma.vm_ops) assignVmaField(vma, 'vm_ops', { table: `${call.name}()` });
    for (const value of call.arguments) {
      forgetFilled(value);
      if (value.kind === 'pointer') environment.registered.escaped(value.place);
    }
    if (this.#context.teller.isResultUnused(call)) {
      this.#context.teller.call(context, () => this.#end(context));
      return intValue(0);
    }
    const name = `${call.name}()`;
    const location = this.#context.locationOf(call.file, call.span);
    const result = this.#given.earlier(call) ?? this.#result(context, name, call.expected, location);
    this.#given.keep(call, result);
    takeReference(context, result);
    if (result.kind !== 'void') this.#context.teller.assumedCall(context, result);
    return result;
  }

  /** Gives memory back that the counterpart of this function gave. */
  #end(context: CallContext): Value {
    const { call, environment } = context;
    const ended = this.#given.endedBy(call);
    if (!ended || ended.object.freed) return nothing;
    this.#context.assumptions.note({
      name: `${call.name}()`,
      value: 'gives memory back',
      reason: `by its name it takes back what ${ended.maker}() gives`,
      location: this.#context.locationOf(call.file, call.span),
    });
    environment.memory.free(ended.object, call.name);
    ended.object.freed = call.span;
    return nothing;
  }

  #result(context: CallContext, name: string, expected: CType, location: Location): Value {
    switch (expected.kind) {
      case 'void':
        return nothing;
      case 'integer':
        return this.#number(context, name, expected, location);
      case 'struct':
        // What is in it is asked for field by field.
        return { kind: 'aggregate', type: expected, cells: new Map() };
      case 'pointer':
        return containerOf(context, expected.to) ?? this.#pointer(context, name, expected.to, location);
      default:
        if (/^to_|_to_/.test(context.call.name)) return this.#pointer(context, name, { kind: 'void' }, location);
        return this.#number(
          context,
          name,
          wideRoles.has(roleOfName(context.call.name)) && !question.test(context.call.name) ? unsignedLong : int,
          location,
        );
    }
  }

  #number(context: CallContext, name: string, type: IntegerType, location: Location): Value {
    const wide = type.bits >= 32 && !(type.bits === 32 && type.signed);
    const role = wide && !question.test(context.call.name) ? roleOfName(context.call.name) : undefined;
    if (role && wideRoles.has(role)) {
      const because = `the function is called ${context.call.name}`;
      const choices = choicesFor({ role, because }, type, () => context.environment.deviceRegion(name, because));
      return integer(type, this.#context.assumptions.choose(name, choices, location));
    }
    const works = isYesWhenWorking(context.call.name) || (type.bits === 1 && isSetWhenWorking(context.call.name));
    const success = { value: 0n, text: '0', reason: 'the function is defined elsewhere', isGuess: true };
    const other = { value: 1n, text: '1', reason: 'the function is defined elsewhere', isGuess: true };
    return integer(type, this.#context.assumptions.choose(name, works ? [other, success] : [success, other], location));
  }

  #pointer(context: CallContext, name: string, to: CType, location: Location): Value {
    const choices = [
      { value: 1n, text: 'not NULL', reason: 'the function is defined elsewhere' },
      { value: 0n, text: 'NULL', reason: 'the function is defined elsewhere' },
    ] as const;
    if (this.#context.assumptions.choose(name, choices, location) === 0n) return nullPointer(to);
    const label = isMaker(context.call.name) ? context.label() : name;
    if (to.kind === 'struct' && to.name === 'page') return this.#context.page(label);
    return pointerTo(context.machine.allocate(label, to, { kind: 'assumed' }));
  }
}

/** `to_gadget(&gadget->base)`: the struct of the wanted type that holds what the argument points to; NULL for a field of NULL. */
function containerOf({ call }: CallContext, to: CType): Value | undefined {
  const [member] = call.arguments;
  if (!/^to_/.test(call.name) || !member) return undefined;
  const number = member.kind === 'address' ? constantOf(member.term) : undefined;
  if (number !== undefined && number !== 0n && number < PAGE_SIZE) return nullPointer(to);
  if (member.kind !== 'pointer' || member.place.path.length === 0) return undefined;
  const { object } = member.place;
  return to.kind === 'struct' && object.type.kind === 'struct' && object.type.name === to.name ? pointerTo(object) : undefined;
}

/** Functions that give a page with a reference for their caller: those that are called `get_page`, and those of the page cache. */
const givesReference = /(^|_|>|\.)(get_page|read_mapping_page(_gfp)?|find_(get|lock|or_create)_page|grab_cache_page)$/;

function takeReference({ call, environment }: CallContext, result: Value): void {
  const pfn = givesReference.test(call.name) ? pfnOfPage(result, environment.objects) : undefined;
  if (pfn !== undefined) get_page(environment.system, pfn);
}

/** Whether the function was told that the mapping has so many bytes, and gave something or filled a variable: what it does not hold, it refuses. */
export function checksMapping({ arguments: values }: ExternalCall, result: Value, bytes: bigint): boolean {
  if (bytes === 0n || !values.some((value) => value.kind === 'integer' && numberOf(value) === bytes)) return false;
  return result.kind === 'pointer' || values.some((value) => value.kind === 'pointer' && value.place.object.origin.kind === 'local');
}
