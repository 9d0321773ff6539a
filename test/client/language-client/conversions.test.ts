/** What the server answers becomes what the editor shows, with nothing lost on the way. */
import { describe, expect, it } from 'vitest';
import type { Range as EditorRange } from 'vscode';
import {
  toCodeAction,
  toCompletionItem,
  toDiagnostic,
  toDocumentSymbol,
  toHover,
  toInlayHint,
  toSymbolInformation,
  toWorkspaceEdit,
} from '../../../client/src/language-client/to-editor.ts';
import { toProtocolRange } from '../../../client/src/language-client/to-protocol.ts';
import { MarkdownString, Position, Range, Uri, type WorkspaceEdit } from '../../support/vscode.ts';

const range = { start: { line: 1, character: 2 }, end: { line: 3, character: 4 } };
const shown = new Range(1, 2, 3, 4);
const uri = 'file:///a/card.c';
const location = { uri, range };

describe('to the editor', () => {
  it('a diagnostic keeps its code, link, tags, severity and other places', () => {
    const diagnostic = toDiagnostic({
      range,
      message: 'The flags are written without the lock.',
      severity: 2,
      source: 'driver-mmap',
      code: 'vm-flags-direct-write',
      codeDescription: { href: 'driver-mmap:/vm-flags-direct-write.md' },
      tags: [2],
      relatedInformation: [{ location, message: 'here' }],
    });
    expect({ ...diagnostic }).toEqual({
      range: shown,
      message: 'The flags are written without the lock.',
      severity: 1,
      source: 'driver-mmap',
      code: { value: 'vm-flags-direct-write', target: Uri.parse('driver-mmap:/vm-flags-direct-write.md') },
      tags: [2],
      relatedInformation: [{ location: { uri: Uri.parse(uri), range: shown }, message: 'here' }],
    });
  });

  it('a diagnostic without severity is an error, and one without a link has a plain code', () => {
    expect(toDiagnostic({ range, message: 'wrong', code: 7 })).toMatchObject({ severity: 0, code: 7, relatedInformation: [] });
  });

  it('a hover runs trusted commands alone, and plain text stays plain', () => {
    const { contents } = toHover({ contents: { kind: 'markdown', value: '**`vma`**' }, range }, ['driverMmap.simulate']);
    expect(contents).toEqual([{ value: '**`vma`**', isTrusted: { enabledCommands: ['driverMmap.simulate'] } }]);
    expect(toHover({ contents: { kind: 'plaintext', value: '*a' } }, []).contents).toMatchObject([{ value: '\\*a' }]);
    expect(toHover({ contents: ['a', { language: 'c', value: 'int b;' }] }, []).contents).toMatchObject([
      { value: 'a' },
      { value: '```c\nint b;\n```\n' },
    ]);
  });

  it('a completion counts its kinds from zero, and keeps its order and what it replaces', () => {
    expect(toCompletionItem({ label: 'mmap', kind: 14, detail: 'mmap len N', documentation: 'Maps.' })).toMatchObject({
      label: 'mmap',
      kind: 13,
      detail: 'mmap len N',
      documentation: 'Maps.',
    });
    const textEdit = { range, newText: 'mmap' };
    expect(toCompletionItem({ label: 'mmap', textEdit, sortText: '0001', filterText: 'm', preselect: true })).toMatchObject({
      insertText: 'mmap',
      range: shown,
      sortText: '0001',
      filterText: 'm',
      preselect: true,
    });
    const { documentation } = toCompletionItem({ label: 'mmap', documentation: { kind: 'markdown', value: '`a`' } });
    expect(documentation).toEqual(new MarkdownString('`a`'));
  });

  it('an inlay hint keeps its text, help and room', () => {
    const position = { line: 5, character: 6 };
    expect(
      toInlayHint({ position, label: [{ value: 'VM_' }, { value: 'IO' }], tooltip: 'help', paddingLeft: true, kind: 2 }),
    ).toMatchObject({
      position: new Position(5, 6),
      label: 'VM_IO',
      kind: 2,
      tooltip: 'help',
      paddingLeft: true,
    });
  });

  it('a symbol brings those below it', () => {
    const child = { name: 'mmap', detail: 'card_mmap', kind: 8, range, selectionRange: range } as const;
    const symbol = toDocumentSymbol({ name: 'card_fops', kind: 23, range, selectionRange: range, children: [child] });
    expect(symbol).toMatchObject({ name: 'card_fops', detail: '', kind: 22, children: [{ name: 'mmap', detail: 'card_mmap', kind: 7 }] });
    expect(toSymbolInformation({ name: 'card_mmap', kind: 12, containerName: 'file_operations.mmap', location })).toMatchObject({
      name: 'card_mmap',
      kind: 11,
      containerName: 'file_operations.mmap',
      location: { uri: Uri.parse(uri), range: shown },
    });
  });

  it('a code action keeps kind, edit, command, preference and why it is disabled', () => {
    const edit = { changes: { [uri]: [{ range, newText: 'vm_flags_set(vma, VM_IO)' }] } };
    const command = { title: 'Simulate', command: 'driverMmap.simulate', arguments: [{ uri }] };
    const action = toCodeAction({
      title: 'Use vm_flags_set()',
      kind: 'quickfix',
      diagnostics: [{ range, message: 'wrong' }],
      edit,
      command,
      isPreferred: true,
      disabled: { reason: 'not now' },
    });
    expect(action).toMatchObject({
      title: 'Use vm_flags_set()',
      kind: { value: 'quickfix' },
      diagnostics: [{ message: 'wrong' }],
      edit: { replaced: [{ uri, range: shown, text: 'vm_flags_set(vma, VM_IO)' }] },
      command,
      isPreferred: true,
      disabled: { reason: 'not now' },
    });
    expect(toCodeAction(command)).toBe(command);
  });

  it('an edit with versions counts before one without', () => {
    const textDocument = { uri, version: 3 };
    const edit = toWorkspaceEdit({
      changes: { [uri]: [{ range, newText: 'old' }] },
      documentChanges: [{ textDocument, edits: [{ range, newText: 'new' }] }],
    }) as unknown as WorkspaceEdit;
    expect(edit.replaced.map(({ text }) => text)).toEqual(['new']);
  });
});

describe('to the protocol', () => {
  it('a range is written as the protocol reads it', () => {
    const own = shown as unknown as EditorRange;
    expect(JSON.parse(JSON.stringify(own))).not.toEqual(range);
    expect(JSON.parse(JSON.stringify(toProtocolRange(own)))).toEqual(range);
  });
});
