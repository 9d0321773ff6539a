/**
 * The typed tree of C that everything after `syntax/` works on. Lowering makes it from tree-sitter's nodes,
 * and nothing past this folder ever sees those nodes. Plain readonly data; knows nothing of Linux mm.
 *
 * What the kernel dialect adds to C (iterator macros, `guard()`, case ranges, types as macro arguments) has its
 * own node here. What could not be understood is `unknown`, with its text: later stages must treat it as such.
 */

/** UTF-16 offsets into the file's text; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

// ---- types as written ------------------------------------------------------------------------------------------------

/** A type as the text spells it; `execution/` resolves it to widths with the driver's structs and typedefs. */
export type TypeName =
  /** `unsigned long`, `size_t`, `u32`: the words in canonical order, qualifiers dropped. */
  | { readonly kind: 'named'; readonly name: string }
  /** A body is present where the type is defined on the spot. */
  | { readonly kind: 'tagged'; readonly tag: 'struct' | 'union' | 'enum'; readonly name: string; readonly body?: TypeBody }
  | { readonly kind: 'pointer'; readonly to: TypeName }
  | { readonly kind: 'array'; readonly of: TypeName; readonly length?: Expression }
  | { readonly kind: 'function'; readonly returns: TypeName; readonly parameters: readonly Parameter[]; readonly variadic: boolean }
  /** `typeof(expression)`. */
  | { readonly kind: 'typeof'; readonly of: Expression }
  | { readonly kind: 'unknown'; readonly text: string };

export type TypeBody =
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | { readonly kind: 'enumerators'; readonly enumerators: readonly Enumerator[] };

export interface Field {
  /** Empty for an anonymous struct or union whose members belong to the outer one. */
  readonly name: string;
  readonly type: TypeName;
  readonly bits?: Expression;
  readonly span: Span;
}

export interface Enumerator {
  readonly name: string;
  readonly value?: Expression;
  readonly span: Span;
}

export interface Parameter {
  /** Absent in prototypes without names. */
  readonly name?: string;
  readonly type: TypeName;
  readonly span: Span;
}

// ---- expressions -----------------------------------------------------------------------------------------------------

export type UnaryOperator = '-' | '+' | '~' | '!';
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&&'
  | '||';
export type AssignmentOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '<<=' | '>>=' | '&=' | '|=' | '^=';

export type Expression = {
  readonly span: Span;
} /** `value` and the C suffix letters in lower case (`ul`, `ull`, ``); `base` decides the type of a large literal. */ & (
  | { readonly kind: 'number'; readonly value: bigint; readonly suffix: string; readonly base: 8 | 10 | 16 | 2 }
  | { readonly kind: 'character'; readonly value: bigint }
  /** Adjacent literals joined, escapes resolved; a part that is a macro (`"a" FMT`) is left out and `partial` says so. */
  | { readonly kind: 'string'; readonly value: string; readonly partial: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: 'dereference'; readonly operand: Expression }
  | { readonly kind: 'addressOf'; readonly operand: Expression }
  | { readonly kind: 'update'; readonly operator: '++' | '--'; readonly prefix: boolean; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  /** `then` is absent in the GNU form `a ?: b`. */
  | { readonly kind: 'conditional'; readonly test: Expression; readonly then?: Expression; readonly otherwise: Expression }
  | { readonly kind: 'assignment'; readonly operator: AssignmentOperator; readonly target: Expression; readonly value: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] }
  | { readonly kind: 'member'; readonly object: Expression; readonly field: string; readonly arrow: boolean; readonly fieldSpan: Span }
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'cast'; readonly type: TypeName; readonly operand: Expression }
  | { readonly kind: 'sizeofType'; readonly type: TypeName }
  | { readonly kind: 'sizeofExpression'; readonly operand: Expression }
  /** `(struct point){ .x = 1 }` */
  | { readonly kind: 'compoundLiteral'; readonly type: TypeName; readonly initializer: Initializer }
  | { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression }
  /** `({ ...; value; })` */
  | { readonly kind: 'statementExpression'; readonly body: Block }
  /** A type where a macro takes one: the 2nd argument of `container_of`, the 1st of `offsetof`, `min_t`, `kzalloc_obj`. */
  | { readonly kind: 'typeArgument'; readonly type: TypeName }
  | { readonly kind: 'unknown'; readonly text: string }
);

export type Initializer =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly span: Span }
  | { readonly kind: 'list'; readonly entries: readonly InitializerEntry[]; readonly span: Span };

export interface InitializerEntry {
  /** `.a.b[2] = x` has three; empty for a positional entry. The old `open: f` counts as a designator. */
  readonly designators: readonly Designator[];
  readonly value: Initializer;
  readonly span: Span;
}

export type Designator =
  | { readonly kind: 'field'; readonly name: string; readonly span: Span }
  | { readonly kind: 'element'; readonly index: Expression; readonly last?: Expression; readonly span: Span };

// ---- statements ------------------------------------------------------------------------------------------------------

export type Statement = { readonly span: Span } & (
  | Omit<Block, 'span'>
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'declaration'; readonly declarators: readonly Declarator[]; readonly isStatic: boolean }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: Statement; readonly otherwise?: Statement }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement }
  | { readonly kind: 'doWhile'; readonly test: Expression; readonly body: Statement }
  | {
      readonly kind: 'for';
      readonly init?: Statement;
      readonly test?: Expression;
      readonly step?: Expression;
      readonly body: Statement;
    }
  /** `list_for_each_entry(pos, head, member) body` and every other iterator macro, by its name and arguments. */
  | { readonly kind: 'iterator'; readonly macro: string; readonly arguments: readonly Expression[]; readonly body: Statement }
  /** `guard(mutex)(&lock)` holds to the end of the block; `scoped_guard(mutex, &lock) body` for the body. */
  | { readonly kind: 'guard'; readonly class: string; readonly arguments: readonly Expression[]; readonly body?: Statement }
  | { readonly kind: 'switch'; readonly value: Expression; readonly body: Statement }
  | { readonly kind: 'case'; readonly value: Expression; readonly last?: Expression }
  | { readonly kind: 'default' }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'return'; readonly value?: Expression }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly text: string }
);

/**
 * A block is a flat list: `case`, `default` and `label` are statements of their own that stand before what they label,
 * so that running a `switch` or a `goto` means to continue at an index of a list.
 */
export interface Block {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  readonly span: Span;
}

export interface Declarator {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeName;
  readonly initializer?: Initializer;
  /** The function of `__free(kfree)`, run when the block is left. */
  readonly cleanup?: string;
  readonly span: Span;
}

// ---- what a file holds -----------------------------------------------------------------------------------------------

/** A function as the file lists it; its body is lowered on demand. */
export interface FunctionHeader {
  readonly name: string;
  readonly nameSpan: Span;
  readonly returns: TypeName;
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
  readonly isStatic: boolean;
  /** The whole definition. */
  readonly span: Span;
  readonly bodySpan: Span;
}

export interface FunctionDefinition extends FunctionHeader {
  readonly body: Block;
  /** Statements or expressions that were not understood, for the status and for rules that must stay silent then. */
  readonly problems: readonly SyntaxProblem[];
}

/** A file-level variable; ops tables are these. */
export interface GlobalVariable {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeName;
  readonly isStatic: boolean;
  readonly isExtern: boolean;
  readonly initializer?: Initializer;
  readonly span: Span;
}

export interface TypeDefinition {
  readonly kind: 'struct' | 'union' | 'enum' | 'typedef';
  readonly name: string;
  readonly type: TypeName;
  readonly span: Span;
}

export interface MacroDefinition {
  readonly name: string;
  /** Absent for an object-like macro. The last is `...` or `args...` when variadic. */
  readonly parameters?: readonly string[];
  /** The text after the name, continuation lines joined by blanks of the same length. */
  readonly body: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

/** What a macro's body turned out to be. */
export type MacroMeaning =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'statements'; readonly body: Block }
  /** A part of a braced list: `{ a, b }`, `[X] = y`, `.field = z`. */
  | { readonly kind: 'entries'; readonly entries: readonly InitializerEntry[] }
  | { readonly kind: 'opaque' };

export interface Include {
  readonly path: string;
  readonly local: boolean;
  readonly span: Span;
}

/** A macro call at file level that is no declaration to C, such as `DEFINE_DRM_GEM_FOPS(my_fops);`. */
export interface FileMacroCall {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly span: Span;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
}

/** Everything at file level, in the order of the text. Spans are offsets into the file as the user sees it. */
export interface FileItems {
  readonly functions: readonly FunctionHeader[];
  readonly prototypes: readonly {
    readonly name: string;
    readonly returns: TypeName;
    readonly parameters: readonly Parameter[];
    readonly span: Span;
  }[];
  readonly variables: readonly GlobalVariable[];
  readonly types: readonly TypeDefinition[];
  readonly macros: readonly MacroDefinition[];
  readonly includes: readonly Include[];
  readonly macroCalls: readonly FileMacroCall[];
  readonly problems: readonly SyntaxProblem[];
}
