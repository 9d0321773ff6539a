/** The generated grammars: their paths from the root and their text. */
import { injectionGrammar } from './injection-grammar.ts';
import { scenarioGrammar } from './scenario-grammar.ts';

/** Every generated file of this folder. */
export function grammarFiles(): readonly { readonly file: string; readonly text: string }[] {
  return [
    { file: 'syntaxes/driver-mmap.injection.tmLanguage.json', text: `${JSON.stringify(injectionGrammar(), undefined, 2)}\n` },
    { file: 'syntaxes/mmapsim.tmLanguage.json', text: `${JSON.stringify(scenarioGrammar(), undefined, 2)}\n` },
  ];
}
