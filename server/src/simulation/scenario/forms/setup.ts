/** Statements about the run itself: the kernel, the driver's file, other scenarios, assumed values. */
import { parseVersion } from '../../../kernel/version.ts';
import { offeredKernels } from '../../../protocol/kernels.ts';
import type { Words } from '../words.ts';
import type { StatementForm } from './form.ts';

export const setupForms: readonly StatementForm[] = [
  {
    name: 'kernel',
    syntax: 'kernel VERSION',
    help: 'the Linux version that the scenario runs on, such as 6.12',
    example: 'kernel 6.12',
    parse: (words) => {
      words.offer(offeredKernels);
      const word = words.take('The version');
      const version = parseVersion(word.text);
      if (!version) throw words.problem(word, `\`${word.text}\` is not a Linux version. Write 6.12 or 2.6.15.`);
      return { kind: 'kernel', version };
    },
  },
  {
    name: 'driver',
    syntax: 'driver FILE[:HANDLER]',
    help: 'the C file that the scenario is about, from the scenario’s folder; without it the `.c` file of the same name. `driver-mmap test` reads it',
    example: 'driver "ring-buffer.c"',
    parse: (words) => {
      const file = words.path('The C file');
      return words.accept(':') ? { kind: 'driver', file, handler: words.name('The handler') } : { kind: 'driver', file };
    },
  },
  {
    name: 'include',
    syntax: 'include "FILE"',
    help: 'the statements of another scenario stand here; the file is found from this one’s folder',
    example: 'include "open-and-map.mmapsim"',
    parse: (words) => ({ kind: 'include', file: words.path('The scenario') }),
  },
  {
    name: 'assume',
    syntax: 'assume PATH = VALUE',
    help: 'a value that the driver’s files do not tell, such as priv->size',
    example: 'assume priv->size = 16p',
    parse: (words) => {
      const path = pathOf(words);
      words.expectWord('=');
      return { kind: 'assume', path, value: assumedValue(words) };
    },
  },
];

/** What stands before `=`, as it is named in the list of assumptions: `pci_resource_len(pdev, 0)` has blanks. */
function pathOf(words: Words): string {
  words.offerOfDriver('assumption');
  const first = words.take('The path, such as priv->size,');
  let path = first.text;
  let end = first.column + path.length;
  if (!words.has('=')) words.expectWord('=');
  while (words.next && words.next.text !== '=') {
    const word = words.take('`=`');
    path += (word.column > end ? ' ' : '') + word.text;
    end = word.column + word.text.length;
  }
  return path;
}

function assumedValue(words: Words): bigint {
  if (words.accept('NULL') || words.accept('false')) return 0n;
  if (words.accept('true')) return 1n;
  return words.number('The value');
}
