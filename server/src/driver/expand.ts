/**
 * Expands one call of a function-like macro as text, which is what tables made by macros need: `name##_mmap` has a
 * meaning only after pasting. One level at a time; what the result calls is expanded when it is read in turn.
 */
import type { MacroDefinition } from '../syntax/ast.ts';

/** Characters; an expansion that grows beyond this is given up. */
const maxLength = 64 * 1024;

const tokenPattern = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|\d[\w.]*|##|#|\s+|[\s\S]/g;

/** The macro's body with `values` in place of its parameters, or `undefined` when it grows too long. */
export function expandMacro(macro: MacroDefinition, values: readonly string[]): string | undefined {
  const bindings = bind(macro.parameters ?? [], values);
  const tokens = (macro.body.match(tokenPattern) ?? []).filter((token) => !token.startsWith('/*'));
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (token === '##') {
      while (parts.at(-1)?.trim() === '' && parts.length > 0) parts.pop();
      while (tokens[index + 1]?.trim() === '') index++;
      continue;
    }
    const name = token === '#' ? tokens[index + 1] : token;
    const value = name === undefined ? undefined : bindings.get(name);
    if (token === '#' && value !== undefined) index++;
    const part = value === undefined ? token : token === '#' ? JSON.stringify(value) : value;
    length += part.length;
    if (length > maxLength) return undefined;
    parts.push(part);
  }
  return parts.join('');
}

function bind(parameters: readonly string[], values: readonly string[]): ReadonlyMap<string, string> {
  const bindings = new Map<string, string>();
  parameters.forEach((parameter, index) => {
    if (!parameter.endsWith('...')) bindings.set(parameter, values[index]?.trim() ?? '');
    else bindings.set(parameter === '...' ? '__VA_ARGS__' : parameter.slice(0, -3).trim(), values.slice(index).join(', ').trim());
  });
  return bindings;
}
