/** What an editor asks about an open scenario: its mistakes, and the words that may come next. Knows no run. */
import type { Host } from '../driver/model.ts';
import type { Position, Range } from '../protocol/position.ts';
import { expectationForms } from '../simulation/scenario/expectations.ts';
import type { ScenarioProblem } from '../simulation/scenario/model.ts';
import { parseScenario } from '../simulation/scenario/parse.ts';
import { statementForms } from '../simulation/scenario/statements.ts';

/** A mistake in the text; one of an included file stands at the `include`. */
export interface ScenarioMistake {
  readonly range: Range;
  readonly message: string;
}

/** The lines that are not understood. `file` is where the text stands, absolute with `/`, for what it includes. */
export function scenarioMistakes(text: string, file: string, host: Host): readonly ScenarioMistake[] {
  const { problems } = parseScenario(text, { file, readFile: (path) => host.readFile(path) });
  return problems.map((problem) => ({ range: rangeOf(problem), message: messageOf(problem) }));
}

function rangeOf({ line, column, length, includedAt }: ScenarioProblem): Range {
  if (includedAt !== undefined) return { start: { line: includedAt - 1, character: 0 }, end: { line: includedAt - 1, character: 7 } };
  return { start: { line: line - 1, character: column - 1 }, end: { line: line - 1, character: column - 1 + length } };
}

function messageOf({ file, line, message }: ScenarioProblem): string {
  return file === undefined ? message : `${file.slice(file.lastIndexOf('/') + 1)}, line ${line}: ${message}`;
}

/** What a word of a scenario means: its syntax and its help, with the range of the word. */
export interface ScenarioHover {
  readonly range: Range;
  readonly syntax: string;
  readonly help: string;
}

/** The statement or the expectation whose name stands at the place. */
export function scenarioHover(text: string, { line, character }: Position): ScenarioHover | undefined {
  const whole = text.split(/\r?\n/, line + 1)[line] ?? '';
  const words = [...whole.replace(/(^|\s)#.*$/, '').matchAll(/[\w-]+/g)];
  const word = words.find(({ index, 0: name }) => index <= character && character <= index + name.length);
  if (!word) return undefined;
  const expected = whole.slice(0, word.index).search(/(^|\s)expect\s/) >= 0;
  const form = (expected ? expectationForms : statementForms).find(({ name }) => name === word[0]);
  if (!form) return undefined;
  const { index, 0: name } = word;
  return {
    range: { start: { line, character: index }, end: { line, character: index + name.length } },
    syntax: form.syntax,
    help: form.help,
  };
}
