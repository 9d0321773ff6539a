/**
 * What the other C files of a driver's folder assign to fields of structs that the headers share, each file read with the
 * headers that it includes itself. Everything is kept for the life of one driver: fields are asked for one by one.
 */
import type { FunctionHeader } from '../syntax/ast.ts';
import { type Declarations, declarationsOf, scopeOver } from './declarations.ts';
import type { Reader } from './driver-model.ts';
import { sourcesInFunction } from './field-sources.ts';
import { localHeaders } from './headers.ts';
import type { FieldSource } from './model.ts';
import { filesSetting } from './siblings.ts';
import type { Source } from './source.ts';
import type { Scope } from './typing.ts';

export class SiblingSources {
  readonly #reader: Reader;
  readonly #macro: Scope['macro'];
  readonly #byField = new Map<string, readonly FieldSource[]>();
  readonly #byFunction = new Map<FunctionHeader, readonly FieldSource[]>();
  readonly #names = new Map<Source, readonly [Declarations, Scope]>();

  /** `macro` gives the meaning of a macro that a file itself does not define. */
  constructor(reader: Reader, macro: Scope['macro']) {
    this.#reader = reader;
    this.#macro = macro;
  }

  /** The assignments to a field of a struct. */
  sourcesOf(struct: string, field: string): readonly FieldSource[] {
    const key = `${struct} ${field}`;
    const known = this.#byField.get(key);
    if (known) return known;
    const sources = filesSetting(this.#reader.folder, struct, field).flatMap(({ file, offsets }) => {
      const source = this.#reader.folder.source(file);
      if (!source) return [];
      const setting = source.items.functions.filter(({ span }) => offsets.some((offset) => offset >= span.start && offset < span.end));
      return setting.flatMap((header) => this.#sourcesIn(source, header)).filter((each) => each.field === field && each.struct === struct);
    });
    this.#byField.set(key, sources);
    return sources;
  }

  /** All assignments in a function. */
  #sourcesIn(source: Source, header: FunctionHeader): readonly FieldSource[] {
    let sources = this.#byFunction.get(header);
    if (!sources) {
      const definition = source.body(header);
      sources = definition ? sourcesInFunction(definition, source.file, this.namesIn(source)[1]) : [];
      this.#byFunction.set(header, sources);
    }
    return sources;
  }

  /** What is declared for a file, and what names mean in it. */
  namesIn(source: Source): readonly [Declarations, Scope] {
    let names = this.#names.get(source);
    if (!names) {
      const declarations = declarationsOf([source, ...localHeaders(source, (file) => this.#reader.file(file))]);
      const macros = new Map(source.items.macros.toReversed().map((macro) => [macro.name, macro]));
      const scope = scopeOver(declarations, (name) => {
        const definition = macros.get(name);
        return definition ? source.meaning(definition) : this.#macro(name);
      });
      names = [declarations, scope];
      this.#names.set(source, names);
    }
    return names;
  }
}
