/**
 * Finds where functions are put into ops tables: initializers of every form, and assignments at run time. Yields plain
 * registrations; which of them are mapping handlers is decided in `handlers.ts`.
 */
import type { Expression, FunctionDefinition, Initializer, InitializerEntry, MacroDefinition, Span, TypeName } from '../syntax/ast.ts';
import { walkBlock, walkInitializer } from '../syntax/walk.ts';
import { mappingStructs } from './slots.ts';
import { elementType, fieldNames, fieldType, functionScope, type Scope, structName, typeOf } from './typing.ts';

/** One entry of a table. */
export interface Registration {
  /** The struct's tag, where the text tells. */
  readonly container: string | undefined;
  readonly slot: string;
  readonly function: string;
  /** The entry, or the call of the macro that made it. */
  readonly span: Span;
  /** The variable that the initializer belongs to; absent for assignments and compound literals. */
  readonly table?: string;
  /** A field of a struct of the driver whose type takes a vma, vmf or vm_area_desc. */
  readonly ownSlot: boolean;
}

/** What the search needs to know about the driver around the text. */
export interface Surroundings {
  readonly scope: Scope;
  /** The text that spans refer to. */
  readonly text: string;
  macroDefinition(name: string): MacroDefinition | undefined;
  /** The members of a kernel struct in their order, where drivers rely on it. */
  members(container: string): readonly string[] | undefined;
  /** The entries that a macro used inside an initializer of `container` stands for. */
  entriesOfMacro(name: string, values: readonly string[], container: string | undefined): MacroEntries | undefined;
  /** The name that a function-like macro of the driver expands to, when it is one. */
  nameOfMacro(name: string, values: readonly string[]): string | undefined;
}

/** Entries read from a macro's expansion, whose spans mean nothing in the file, or known as data. */
export type MacroEntries =
  | { readonly kind: 'read'; readonly initializer: Initializer /** What its spans refer to. */; readonly text: string }
  | { readonly kind: 'known'; readonly container: string; readonly slot: string; readonly function: string };

/** Nesting of initializers and macros. */
const maxDepth = 32;

/** Collects the registrations of one text. */
export class RegistrationSearch {
  readonly found: Registration[] = [];
  readonly #around: Surroundings;
  readonly #start: Omit<Place, 'scope'>;

  constructor(around: Surroundings, at?: Span) {
    this.#around = around;
    this.#start = { text: around.text, table: undefined, at, depth: 0 };
  }

  /** An initializer of an object of `type`, and the compound literals inside it. */
  initializer(type: TypeName | undefined, initializer: Initializer, scope: Scope, table?: string): void {
    this.#value(type, initializer, { ...this.#start, scope, table });
    this.#literals(initializer, scope);
  }

  /** Local tables, compound literals and assignments in a function's body. */
  body(definition: FunctionDefinition): void {
    const scope = functionScope(definition, this.#around.scope);
    walkBlock(definition.body, {
      statement: (statement) => {
        if (statement.kind !== 'declaration') return;
        for (const { name, type, initializer } of statement.declarators) {
          if (initializer?.kind === 'list') this.#value(type, initializer, { ...this.#start, scope, table: name });
        }
      },
      expression: (expression) => {
        if (expression.kind === 'compoundLiteral') {
          this.#value(expression.type, expression.initializer, { ...this.#start, scope });
        } else if (expression.kind === 'assignment' && expression.operator === '=') this.#assignment(expression, scope);
      },
    });
  }

  #literals(initializer: Initializer, scope: Scope): void {
    walkInitializer(initializer, {
      expression: (expression) => {
        if (expression.kind !== 'compoundLiteral') return;
        this.#value(expression.type, expression.initializer, { ...this.#start, scope });
      },
    });
  }

  #assignment({ target, value }: Extract<Expression, { kind: 'assignment' }>, scope: Scope): void {
    if (target.kind !== 'member') return;
    const holder = typeOf(target.object, scope);
    const container =
      structName(target.arrow && holder?.kind === 'pointer' ? holder.to : holder, scope) ?? structName(elementType(holder, scope), scope);
    this.#record(container, target.field, value, { start: target.fieldSpan.start, end: value.span.end }, { ...this.#start, scope });
  }

  #value(type: TypeName | undefined, initializer: Initializer, place: Place): void {
    if (initializer.kind !== 'list' || place.depth > maxDepth) return;
    const element = elementType(type, place.scope);
    const container = structName(element, place.scope);
    let position = 0;
    for (const entry of initializer.entries) {
      const inner = { ...place, depth: place.depth + 1 };
      if (entry.designators.length > 0) {
        this.#designated(element, entry, inner);
        const first = entry.designators[0];
        const names = container === undefined ? undefined : this.#membersOf(container, place.scope);
        if (first?.kind === 'field' && names?.includes(first.name)) position = names.indexOf(first.name) + 1;
      } else if (entry.value.kind === 'expression' && this.#macroEntries(element, container, entry.value.expression, entry, inner)) {
        // The macro's entries took this one's place.
      } else if (entry.value.kind === 'list' && isArray(type)) this.#value(element, entry.value, inner);
      else this.#positional(element, container, position++, entry, inner);
    }
  }

  #membersOf(container: string, scope: Scope): readonly string[] | undefined {
    return fieldNames(container, scope) ?? this.#around.members(container);
  }

  #positional(element: TypeName | undefined, container: string | undefined, position: number, entry: InitializerEntry, place: Place): void {
    const field = container === undefined ? undefined : this.#membersOf(container, place.scope)?.[position];
    if (entry.value.kind === 'list')
      this.#value(field === undefined || !element ? undefined : fieldType(element, field, place.scope), entry.value, place);
    else if (field) this.#record(container, field, entry.value.expression, entry.span, place);
  }

  #designated(element: TypeName | undefined, entry: InitializerEntry, place: Place): void {
    let holder: TypeName | undefined = element;
    let field: string | undefined;
    for (const designator of entry.designators) {
      if (designator.kind !== 'field') {
        holder = elementType(holder, place.scope);
        continue;
      }
      if (field !== undefined) holder = elementType(holder && fieldType(holder, field, place.scope), place.scope);
      field = designator.name;
    }
    if (entry.value.kind === 'list') {
      this.#value(field === undefined ? holder : holder && fieldType(holder, field, place.scope), entry.value, place);
    } else if (field !== undefined) this.#record(structName(holder, place.scope), field, entry.value.expression, entry.span, place);
  }

  #macroEntries(
    element: TypeName | undefined,
    container: string | undefined,
    expression: Expression,
    entry: InitializerEntry,
    place: Place,
  ): boolean {
    const called = expression.kind === 'call' ? expression.callee : expression;
    if (called.kind !== 'name') return false;
    const values = expression.kind === 'call' ? expression.arguments.map(({ span }) => place.text.slice(span.start, span.end)) : [];
    const made = this.#around.entriesOfMacro(called.name, values, container);
    if (!made) return false;
    const at = place.at ?? entry.span;
    if (made.kind === 'read') this.#value(element, made.initializer, { ...place, at, text: made.text });
    else
      this.found.push({ container: made.container, slot: made.slot, function: made.function, span: at, ...tableOf(place), ownSlot: false });
    return true;
  }

  #record(container: string | undefined, slot: string, value: Expression, span: Span, place: Place): void {
    const ownSlot =
      container !== undefined && takesMapping(fieldType({ kind: 'tagged', tag: 'struct', name: container }, slot, place.scope));
    for (const name of this.#functionNames(value, place, 0)) {
      this.found.push({ container, slot, function: name, span: place.at ?? span, ...tableOf(place), ownSlot });
    }
  }

  /** The functions that a value can be: behind casts and `&`, in each arm of a conditional, through macros. */
  #functionNames(value: Expression, place: Place, depth: number): readonly string[] {
    if (depth > maxDepth) return [];
    const inner = (part: Expression | undefined): readonly string[] => (part ? this.#functionNames(part, place, depth + 1) : []);
    switch (value.kind) {
      case 'name': {
        const macro = this.#around.macroDefinition(value.name);
        if (macro && !macro.parameters) return this.#namesOfObjectMacro(value.name, place, depth);
        return /[a-z]/.test(value.name) ? [value.name] : [];
      }
      case 'cast':
      case 'addressOf':
      case 'dereference':
        return inner(value.operand);
      case 'conditional':
        return [...inner(value.then), ...inner(value.otherwise)];
      case 'comma':
        return inner(value.right);
      case 'assignment':
        return inner(value.value);
      case 'call': {
        if (value.callee.kind !== 'name') return [];
        const values = value.arguments.map(({ span }) => place.text.slice(span.start, span.end));
        const made = this.#around.nameOfMacro(value.callee.name, values);
        if (made) return [made];
        return /^[A-Z][A-Z0-9_]*$|_ptr$/.test(value.callee.name) ? inner(value.arguments.at(-1)) : [];
      }
      default:
        return [];
    }
  }

  #namesOfObjectMacro(name: string, place: Place, depth: number): readonly string[] {
    const meaning = place.scope.macro(name);
    return meaning?.kind === 'expression' ? this.#functionNames(meaning.expression, place, depth + 1) : [];
  }
}

/** Where in the text and in which initializer the search is. */
interface Place {
  readonly scope: Scope;
  /** The text that spans refer to. */
  readonly text: string;
  readonly table: string | undefined;
  /** Where everything found is said to stand, while a macro's expansion is read. */
  readonly at: Span | undefined;
  readonly depth: number;
}

const tableOf = ({ table }: Place): { readonly table?: string } => (table === undefined ? {} : { table });

const isArray = (type: TypeName | undefined): boolean => type?.kind === 'array';

/** Whether a field's type is a pointer to a function with a mapping parameter. */
function takesMapping(type: TypeName | undefined): boolean {
  const target = type?.kind === 'pointer' ? type.to : type;
  return target?.kind === 'function' && target.parameters.some((parameter) => mappingStruct(parameter.type) !== undefined);
}

/** `vm_area_struct`, `vm_fault` or `vm_area_desc` when `type` is a pointer to one. */
export function mappingStruct(type: TypeName): string | undefined {
  return type.kind === 'pointer' && type.to.kind === 'tagged' && mappingStructs.includes(type.to.name) ? type.to.name : undefined;
}
