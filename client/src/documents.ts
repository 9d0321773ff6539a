/** What the extension brings to read: its manual, the pages of its rules, all that is known of a name of Linux, and an example driver. */
import * as vscode from 'vscode';
import { type ExplainParams, explainMethod, pageScheme } from '../../server/src/protocol/requests.ts';
import type { ServerConnection } from './server-connection.ts';

/** Asks for a rule and shows its page, which also is there without a network. */
export async function explainRule(extensionUri: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'rules');
  const files = await vscode.workspace.fs.readDirectory(folder);
  const names = files.map(([file]) => file).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const items = names.sort().map((file) => ({ label: file.replace(/\.md$/, '') }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Explain Rule', placeHolder: 'The name of a rule' });
  if (picked) await showRule(extensionUri, picked.label);
}

/** Shows the page of a rule. */
export async function showRule(extensionUri: vscode.Uri, rule: string): Promise<void> {
  await showPage(extensionUri, 'rules', `${rule}.md`);
}

/** Shows the first page of the manual, which leads to the others. */
export async function openManual(extensionUri: vscode.Uri): Promise<void> {
  await showPage(extensionUri, 'README.md');
}

async function showPage(extensionUri: vscode.Uri, ...page: readonly string[]): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, 'dist', ...page));
}

/** Gives the pages about rules and about names of Linux: the path is the name, the query the file that asks. */
export function factPages(server: ServerConnection): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(pageScheme, {
    provideTextDocumentContent: async ({ path, query }) => {
      if (!(await server.whenSettled())) return undefined;
      const name = path.slice(1).replace(/\.md$/, '');
      const parameters: ExplainParams = { name, ...(query === '' ? {} : { uri: query }) };
      const page = await server.request<string | null>(explainMethod, parameters);
      return page ?? `Neither a call, a flag nor a handler slot that driver-mmap knows: \`${name}\`.\n`;
    },
  });
}

/** Shows all that is known of a name; without one it asks, and proposes the word under the cursor. */
export async function explainName(given: ExplainParams | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const wanted = given ?? (await askName(editor));
  if (wanted) {
    const uri = vscode.Uri.from({ scheme: pageScheme, path: `/${wanted.name}.md`, query: wanted.uri ?? '' });
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }
}

async function askName(editor: vscode.TextEditor | undefined): Promise<ExplainParams | undefined> {
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active);
  const name = await vscode.window.showInputBox({
    title: 'Explain a Call, Flag or Slot',
    placeHolder: 'remap_pfn_range',
    value: editor && word ? editor.document.getText(word) : '',
  });
  return name === undefined || name.trim() === ''
    ? undefined
    : { name: name.trim(), ...(editor && { uri: editor.document.uri.toString() }) };
}

/** Opens a copy of the example driver that nobody has to save. */
export async function openExample(extensionUri: vscode.Uri): Promise<void> {
  const file = vscode.Uri.joinPath(extensionUri, 'examples', 'framebuffer-card.c');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const document = await vscode.workspace.openTextDocument({ language: 'c', content });
  await vscode.window.showTextDocument(document);
}
